// The tables of the projection, as the kinds declare them (engine/kernel/table.h), and the outbox (Debezium's default
// columns). Every key begins with the tenant; every row has the LSN of the record that changed it last.
//
//   of an entity or a part of one    tenant, its own columns, version, lsn
//   of entries                       tenant, the kind (whose id), version, entry, event, their own columns, key, time, lsn
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/postgres/connection.h"
#include "engine/kernel/any_entity.h"

namespace tote::postgres {

struct SqlColumn {
  std::string_view name;
  std::string_view type;
};

// A table as the database has it.
struct SqlTable {
  std::string_view name;
  std::vector<SqlColumn> columns;   // the last is lsn
  std::size_t keys = 0;             // so many of them are the primary key
  const Table* declared = nullptr;  // null: the outbox
  std::size_t index = 0;            // in Tables

  // Rows that are never changed: entries, and what the outbox holds until its readers take it.
  bool is_of_entries() const { return declared != nullptr && declared->rows == RowKind::entry; }
  bool is_outbox() const { return declared == nullptr; }
};

// Those of a program, in the order in which a transaction touches them.
class Tables {
 public:
  explicit Tables(const Kinds& kinds);

  // Why they can't be in one schema, empty when they can: a name that isn't free.
  std::string problem() const;
  std::span<const SqlTable> all() const { return all_; }
  const SqlTable& outbox() const { return all_.back(); }
  // Null: no kind has declared it.
  const SqlTable* find(std::string_view name) const;

 private:
  std::vector<SqlTable> all_;
};

// Rows of one transaction. Within a table a key comes once: the last row put wins.
class Rows {
 public:
  void put(const SqlTable& table, Row row);
  void overwrite(Rows&& newer);  // with those, row by row
  void forget(const SqlTable& table);
  bool empty() const { return count_ == 0; }
  std::size_t size() const { return count_; }
  // One upsert a table, in the schema of the search path.
  void append_upserts(const Tables& tables, std::vector<Statement>& out) const;
  const std::map<std::string, Row>& of(const SqlTable& table) const;

 private:
  std::map<std::string, Row>& at(std::size_t table);

  std::vector<std::map<std::string, Row>> rows_;  // by the table's index, by key
  std::size_t count_ = 0;
};

// By which rows are told apart: what stands in the columns of the primary key.
std::string key_of(const SqlTable& table, const Row& row);

// Creates what isn't there yet, and brings older schemas up to date. `schema` is created, too.
void ensure_schema(Connection& connection, const Tables& tables, const std::string& schema);

inline constexpr int schema_version = 4;

}  // namespace tote::postgres
