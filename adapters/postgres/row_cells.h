// The rows that an entity tells, as cells: what tells them, says names and values (engine/kernel/table.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/postgres/json_text.h"
#include "adapters/postgres/tables.h"

namespace tote::postgres {

// A row without what stands in the rows of all tables.
struct ToldRow {
  const SqlTable* table = nullptr;
  Row cells;               // as the table's declared columns
  std::size_t event = 0;   // of an entry: its number in the change
  std::string event_name;  // and its name

  bool operator==(const ToldRow&) const = default;
};

// Throws std::logic_error on a table, a column or a value that isn't declared.
class RowCells final : public RowWriter, private Fields {
 public:
  explicit RowCells(const Tables& tables) : tables_(tables) {}

  Fields& row(std::string_view table) override;
  Fields& entry(std::string_view table, std::size_t event, std::string_view name) override;

  std::vector<ToldRow> rows;

 private:
  void integer(std::string_view name, std::int64_t value) override;
  void text(std::string_view name, std::string_view value) override;
  void time(std::string_view name, Time value) override;
  void none(std::string_view name) override;
  void begin(std::string_view name) override;
  void end() override;
  void begin_list(std::string_view name) override;
  void end_list() override;

  Fields& add(std::string_view table, bool is_entry);
  Cell& cell(std::string_view name, ColumnType type);
  void finish();

  const Tables& tables_;
  JsonText json_;  // of the cell that is being told
  Cell* json_cell_ = nullptr;
};

}  // namespace tote::postgres
