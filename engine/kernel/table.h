// What an entity shows in tables: which they are, and what stands in their rows. Pure data, for whoever keeps such
// tables (PostgreSQL, a list): the tenant, the version and the LSN of each row are theirs to add.
//
//   static std::span<const Table> tables();
//   static void rows(std::string_view id, const State&, std::span<const Event>, RowWriter&);   after each change
//
// rows() tells the rows that the events of a change have touched, as they are after it: the entity's own, and those of
// its parts that the events name. One row is one row whenever it is told again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/kernel/fields.h"

namespace tote {

enum class ColumnType : std::uint8_t { text, integer, time, json };

// Names are small letters, digits and _. A new column goes to the end of its table.
struct Column {
  std::string_view name;
  ColumnType type = ColumnType::text;
};

enum class RowKind : std::uint8_t {
  touched,  // a row that is told is written
  differs,  // it is written where a cell is another than before the change, or the row wasn't told then
  entry,    // one of an event, which stays as it is: its key is the entity, the version and the event's number
};

struct Table {
  std::string_view name;            // of all the tables of a program
  std::span<const Column> columns;  // without what stands in the rows of all tables
  std::size_t keys = 0;             // so many of them, from the first on, say which row it is; of entries: none
  RowKind rows = RowKind::touched;
};

// Takes the rows of one entity after one change. A cell is told by the name of its column, as what its type says: an
// object or a list into a json column. Columns that aren't told are empty, and so are times that are never, or 0.
// Throws std::logic_error on what isn't so.
class RowWriter {
 public:
  virtual ~RowWriter() = default;
  // Begins a row: what is told until another begins are its cells. Of a table without entries.
  virtual Fields& row(std::string_view table) = 0;
  // The entry of an event: its number among those of the change, its name.
  virtual Fields& entry(std::string_view table, std::size_t event, std::string_view name) = 0;
};

}  // namespace tote
