// The tables of the projection, and the outbox (Debezium's default columns): a row an entity (or a part of one), as of
// the record that changed it last. Every key begins with the tenant; every row has the version and the LSN that it
// shows.
#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/postgres/connection.h"

namespace tote::postgres {

struct Column {
  std::string_view name;
  std::string_view type;
};

struct Table {
  std::string_view name;
  std::span<const Column> columns;  // the first `keys` are the primary key, the last is lsn
  std::size_t keys = 0;
};

enum class TableId : std::uint8_t {
  wallets,
  holds,
  items,
  reservations,
  matches,
  bookings,
  orders,
  refunds,
  ledger,
  outbox
};
inline constexpr std::size_t tables_count = 10;

std::span<const Table> tables();
const Table& table_of(TableId id);

// Rows of one transaction. Within a table a key comes once: the last row put wins.
class Rows {
 public:
  void put(TableId table, Row row);
  void overwrite(Rows&& newer);  // with those, row by row
  void forget(TableId table);
  bool empty() const { return count_ == 0; }
  std::size_t size() const { return count_; }
  // One upsert a table, in the schema of the search path.
  void append_upserts(std::vector<Statement>& out) const;
  const std::map<std::string, Row>& of(TableId table) const { return rows_[static_cast<std::size_t>(table)]; }

 private:
  std::array<std::map<std::string, Row>, tables_count> rows_;  // by key
  std::size_t count_ = 0;
};

// Creates what isn't there yet, and brings older schemas up to date. `schema` is created, too.
void ensure_schema(Connection& connection, const std::string& schema);

inline constexpr int schema_version = 4;

}  // namespace tote::postgres
