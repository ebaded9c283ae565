#include "adapters/postgres/tables.h"

#include <algorithm>
#include <set>
#include <utility>

#include "adapters/events/clean_text.h"

namespace tote::postgres {
namespace {

std::string_view sql_type(ColumnType type) {
  switch (type) {
    case ColumnType::text: return "text";
    case ColumnType::integer: return "bigint";
    case ColumnType::time: return "timestamptz";
    case ColumnType::json: return "jsonb";
  }
  return "text";
}

SqlTable table_of(const Kind& kind, const Table& declared) {
  SqlTable table{declared.name, {{"tenant", "text"}}, declared.keys + 1, &declared};
  const auto add = [&table](std::string_view name, std::string_view type) { table.columns.push_back({name, type}); };
  const bool is_entry = table.is_of_entries();
  if (is_entry) {
    add(kind.name(), "text"), add("version", "bigint"), add("entry", "bigint");
    table.keys = table.columns.size();
    add("event", "text");
  }
  for (const Column& column : declared.columns) add(column.name, sql_type(column.type));
  if (is_entry)
    add("key", "text"), add("time", "timestamptz"), add("actor", "text");
  else
    add("version", "bigint");
  add("lsn", "bigint");
  return table;
}

SqlTable outbox_table() {
  return {"outbox",
          {{"id", "uuid"},
           {"tenant", "text"},
           {"aggregatetype", "text"},
           {"aggregateid", "text"},
           {"type", "text"},
           {"payload", "jsonb"},
           {"ordinal", "bigint"},
           {"lsn", "bigint"}},
          1};
}

std::string quoted(std::string_view name) { return std::string("\"").append(name).append(1, '"'); }

std::string joined(std::span<const SqlColumn> columns) {
  std::string text;
  for (const SqlColumn& column : columns) text.append(text.empty() ? "" : ", ").append(quoted(column.name));
  return text;
}

std::string primary_key(const SqlTable& table) { return joined(std::span(table.columns).first(table.keys)); }

std::string create_sql(const SqlTable& table) {
  std::string sql = "CREATE TABLE IF NOT EXISTS " + quoted(table.name) + " (";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const SqlColumn& column = table.columns[i];
    sql.append(quoted(column.name)).append(" ").append(column.type);
    sql.append(i < table.keys || column.name == "lsn" ? " NOT NULL, " : ", ");
  }
  sql += "PRIMARY KEY (" + primary_key(table) + "));\n";
  if (table.is_of_entries())
    sql.append("CREATE INDEX IF NOT EXISTS ").append(table.name).append("_lsn ON ").append(quoted(table.name)) +=
        " (lsn);\n";
  return sql;
}

// What kinds have declared since the tables were made.
std::string missing_columns_sql(Connection& connection, const Tables& tables, const std::string& schema) {
  std::set<std::pair<std::string, std::string>> present;
  for (const Row& row : connection.query(
           {"SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = $1", {schema}}))
    present.emplace(row[0].value(), row[1].value());
  std::string sql;
  for (const SqlTable& table : tables.all())
    for (const SqlColumn& column : table.columns)
      if (!present.contains({std::string(table.name), std::string(column.name)}))
        sql.append("ALTER TABLE ").append(quoted(table.name)).append(" ADD COLUMN IF NOT EXISTS ") +=
            quoted(column.name) + " " + std::string(column.type) + ";\n";
  return sql;
}

// What makes a schema of version i + 1 one of version i + 2, besides columns that are missing.
constexpr const char* migrations[] = {
    // Of the record `lsn`, in ns: see Projector::check_history.
    "ALTER TABLE tote_projection ADD COLUMN IF NOT EXISTS record_time bigint; "
    "ALTER TABLE tote_outbox ADD COLUMN IF NOT EXISTS record_time bigint; ",
    "",  // what clients write on their orders
    "",  // and on their bookings
};
static_assert(std::size(migrations) + 1 == schema_version);

void migrate(Connection& connection) {
  const auto rows = connection.query({"SELECT schema_version FROM tote_projection", {}});
  if (rows.empty()) return;
  for (auto version = std::stoul(rows[0][0].value()); version < schema_version; ++version)
    connection.script(std::string("BEGIN; ") + migrations[version - 1] +
                      "UPDATE tote_projection SET schema_version = " + std::to_string(version + 1) + "; COMMIT");
}

// An older row never overwrites a newer one: a batch that is replayed changes nothing.
std::string upsert_sql(const SqlTable& table) {
  const std::string name = quoted(table.name);
  std::string sql = "INSERT INTO " + name + " (" + joined(table.columns) + ") SELECT * FROM unnest(";
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    sql.append(i == 0 ? "$" : ", $")
        .append(std::to_string(i + 1))
        .append("::")
        .append(table.columns[i].type)
        .append("[]");
  sql += ") ON CONFLICT (" + primary_key(table) + ") DO UPDATE SET ";
  for (std::size_t i = table.keys; i < table.columns.size(); ++i) {
    const std::string column = quoted(table.columns[i].name);
    sql += (i == table.keys ? "" : ", ") + column + " = excluded." + column;
  }
  return sql + " WHERE excluded.lsn > " + name + ".lsn";
}

}  // namespace

Tables::Tables(const Kinds& kinds) {
  for (const RowKind rows : {RowKind::touched, RowKind::entry})
    for (const auto& kind : kinds)
      for (const Table& table : kind->tables())
        if ((table.rows == RowKind::entry) == (rows == RowKind::entry)) all_.push_back(table_of(*kind, table));
  all_.push_back(outbox_table());
  for (std::size_t i = 0; i < all_.size(); ++i) all_[i].index = i;
}

std::string Tables::problem() const {
  for (const SqlTable& table : all_)
    if (!table.is_outbox() && (table.name == outbox().name || table.name.starts_with("tote_")))
      return "a kind has a table " + std::string(table.name) + ", which is the projection's own";
  return {};
}

const SqlTable* Tables::find(std::string_view name) const {
  const auto found = std::ranges::find(all_, name, &SqlTable::name);
  return found == all_.end() || found->is_outbox() ? nullptr : &*found;
}

std::string key_of(const SqlTable& table, const Row& row) {
  std::string key;
  for (std::size_t i = 0; i < table.keys; ++i) key.append(row[i].value_or("")).append(1, '\0');
  return key;
}

std::map<std::string, Row>& Rows::at(std::size_t table) {
  if (rows_.size() <= table) rows_.resize(table + 1);
  return rows_[table];
}

void Rows::put(const SqlTable& table, Row row) {
  for (Cell& cell : row)
    if (cell) cell = events::clean_text(std::move(*cell));
  auto [found, is_new] = at(table.index).try_emplace(key_of(table, row));
  found->second = std::move(row);
  count_ += is_new ? 1 : 0;
}

void Rows::overwrite(Rows&& newer) {
  for (std::size_t i = 0; i < newer.rows_.size(); ++i) {
    auto& rows = at(i);
    while (!newer.rows_[i].empty()) {
      auto placed = rows.insert(newer.rows_[i].extract(newer.rows_[i].begin()));
      if (placed.inserted)
        ++count_;
      else
        placed.position->second = std::move(placed.node.mapped());
    }
  }
  newer.count_ = 0;
}

void Rows::forget(const SqlTable& table) {
  auto& rows = at(table.index);
  count_ -= rows.size();
  rows.clear();
}

const std::map<std::string, Row>& Rows::of(const SqlTable& table) const {
  static const std::map<std::string, Row> none;
  return table.index < rows_.size() ? rows_[table.index] : none;
}

void Rows::append_upserts(const Tables& tables, std::vector<Statement>& out) const {
  for (const SqlTable& table : tables.all()) {
    const auto& rows = of(table);
    if (rows.empty()) continue;
    std::vector<ArrayText> columns(table.columns.size());
    for (const auto& [key, row] : rows)
      for (std::size_t column = 0; column < row.size(); ++column) columns[column].add(row[column]);
    Statement& upsert = out.emplace_back(Statement{upsert_sql(table), {}});
    for (ArrayText& column : columns) upsert.parameters.emplace_back(column.take());
  }
}

void ensure_schema(Connection& connection, const Tables& tables, const std::string& schema) {
  std::string sql = "CREATE SCHEMA IF NOT EXISTS \"" + schema + "\"; SET search_path TO \"" + schema + "\";\n";
  sql +=
      "CREATE TABLE IF NOT EXISTS tote_projection (one boolean PRIMARY KEY DEFAULT true CHECK (one), "
      "schema_version int NOT NULL, log text NOT NULL, lsn bigint NOT NULL, record_time bigint);\n"
      "CREATE TABLE IF NOT EXISTS tote_outbox (one boolean PRIMARY KEY DEFAULT true CHECK (one), log text NOT NULL, "
      "lsn bigint NOT NULL, record_time bigint);\n";
  for (const SqlTable& table : tables.all()) sql += create_sql(table);
  sql += "CREATE UNIQUE INDEX IF NOT EXISTS outbox_lsn ON outbox (lsn, ordinal);\n";
  connection.script(sql);
  if (const std::string columns = missing_columns_sql(connection, tables, schema); !columns.empty())
    connection.script(columns);
  migrate(connection);
}

}  // namespace tote::postgres
