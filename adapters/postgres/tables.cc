#include "adapters/postgres/tables.h"

#include <array>

#include "adapters/events/clean_text.h"

namespace tote::postgres {
namespace {

constexpr auto wallets = std::to_array<Column>({{"tenant", "text"},
                                                {"id", "text"},
                                                {"currency", "text"},
                                                {"balance", "bigint"},
                                                {"held", "bigint"},
                                                {"available", "bigint"},
                                                {"overdraft_limit", "bigint"},
                                                {"version", "bigint"},
                                                {"lsn", "bigint"}});
constexpr auto holds = std::to_array<Column>({{"tenant", "text"},
                                              {"wallet", "text"},
                                              {"id", "text"},
                                              {"amount", "bigint"},
                                              {"captured", "bigint"},
                                              {"status", "text"},
                                              {"expires_at", "timestamptz"},
                                              {"version", "bigint"},
                                              {"lsn", "bigint"}});
constexpr auto items = std::to_array<Column>({{"tenant", "text"},
                                              {"id", "text"},
                                              {"on_hand", "bigint"},
                                              {"reserved", "bigint"},
                                              {"available", "bigint"},
                                              {"version", "bigint"},
                                              {"lsn", "bigint"}});
constexpr auto reservations = std::to_array<Column>({{"tenant", "text"},
                                                     {"item", "text"},
                                                     {"id", "text"},
                                                     {"quantity", "bigint"},
                                                     {"status", "text"},
                                                     {"expires_at", "timestamptz"},
                                                     {"version", "bigint"},
                                                     {"lsn", "bigint"}});
constexpr auto matches = std::to_array<Column>({{"tenant", "text"},
                                                {"id", "text"},
                                                {"seats", "bigint"},
                                                {"taken", "bigint"},
                                                {"waitlist", "bigint"},
                                                {"price", "bigint"},
                                                {"currency", "text"},
                                                {"starts_at", "timestamptz"},
                                                {"version", "bigint"},
                                                {"lsn", "bigint"}});
constexpr auto bookings = std::to_array<Column>({{"tenant", "text"},
                                                 {"match", "text"},
                                                 {"player", "text"},
                                                 {"status", "text"},
                                                 {"paid_by", "text"},
                                                 {"reference", "text"},
                                                 {"amount", "bigint"},
                                                 {"booking_reference", "text"},
                                                 {"metadata", "jsonb"},
                                                 {"version", "bigint"},
                                                 {"lsn", "bigint"}});
constexpr auto orders = std::to_array<Column>({{"tenant", "text"},
                                               {"id", "text"},
                                               {"status", "text"},
                                               {"wallet", "text"},
                                               {"amount", "bigint"},
                                               {"currency", "text"},
                                               {"lines", "jsonb"},
                                               {"error", "text"},
                                               {"reference", "text"},
                                               {"metadata", "jsonb"},
                                               {"version", "bigint"},
                                               {"lsn", "bigint"}});
constexpr auto refunds = std::to_array<Column>({{"tenant", "text"},
                                                {"id", "text"},
                                                {"charge", "text"},
                                                {"amount", "bigint"},
                                                {"currency", "text"},
                                                {"status", "text"},
                                                {"attempts", "bigint"},
                                                {"last_error", "text"},
                                                {"created_at", "timestamptz"},
                                                {"version", "bigint"},
                                                {"lsn", "bigint"}});
constexpr auto ledger = std::to_array<Column>({{"tenant", "text"},
                                               {"wallet", "text"},
                                               {"version", "bigint"},
                                               {"entry", "bigint"},
                                               {"event", "text"},
                                               {"amount", "bigint"},
                                               {"currency", "text"},
                                               {"balance", "bigint"},
                                               {"reference", "text"},
                                               {"key", "text"},
                                               {"time", "timestamptz"},
                                               {"lsn", "bigint"}});

constexpr auto outbox = std::to_array<Column>({{"id", "uuid"},
                                               {"tenant", "text"},
                                               {"aggregatetype", "text"},
                                               {"aggregateid", "text"},
                                               {"type", "text"},
                                               {"payload", "jsonb"},
                                               {"ordinal", "bigint"},
                                               {"lsn", "bigint"}});

constexpr auto all = std::to_array<Table>({{"wallets", wallets, 2},
                                           {"holds", holds, 3},
                                           {"items", items, 2},
                                           {"reservations", reservations, 3},
                                           {"matches", matches, 2},
                                           {"bookings", bookings, 3},
                                           {"orders", orders, 2},
                                           {"refunds", refunds, 2},
                                           {"ledger_entries", ledger, 4},
                                           {"outbox", outbox, 1}});
static_assert(all.size() == tables_count);

std::string joined(std::span<const Column> columns, std::string_view before = {}) {
  std::string text;
  for (const Column& column : columns)
    text.append(text.empty() ? "" : ", ").append(before).append(1, '"').append(column.name).append(1, '"');
  return text;
}

std::string create_sql(const Table& table) {
  std::string sql = "CREATE TABLE IF NOT EXISTS " + std::string(table.name) + " (";
  for (const Column& column : table.columns) {
    sql.append(1, '"').append(column.name).append("\" ").append(column.type);
    const auto index = static_cast<std::size_t>(&column - table.columns.data());
    sql.append(index < table.keys || column.name == "lsn" ? " NOT NULL, " : ", ");
  }
  return sql + "PRIMARY KEY (" + joined(table.columns.first(table.keys)) + "));\n";
}

// What makes a schema of version i + 1 one of version i + 2.
constexpr const char* migrations[] = {
    // Of the record `lsn`, in ns: see Projector::check_history.
    "ALTER TABLE tote_projection ADD COLUMN IF NOT EXISTS record_time bigint; "
    "ALTER TABLE tote_outbox ADD COLUMN IF NOT EXISTS record_time bigint",
    // What clients write on their orders.
    "ALTER TABLE orders ADD COLUMN IF NOT EXISTS reference text; "
    "ALTER TABLE orders ADD COLUMN IF NOT EXISTS metadata jsonb",
    // And on their bookings, whose `reference` is the payment's.
    "ALTER TABLE bookings ADD COLUMN IF NOT EXISTS booking_reference text; "
    "ALTER TABLE bookings ADD COLUMN IF NOT EXISTS metadata jsonb",
};
static_assert(std::size(migrations) + 1 == schema_version);

void migrate(Connection& connection) {
  const auto rows = connection.query({"SELECT schema_version FROM tote_projection", {}});
  if (rows.empty()) return;
  for (auto version = std::stoul(rows[0][0].value()); version < schema_version; ++version)
    connection.script(std::string("BEGIN; ") + migrations[version - 1] +
                      "; UPDATE tote_projection SET schema_version = " + std::to_string(version + 1) + "; COMMIT");
}

// An older row never overwrites a newer one: a batch that is replayed changes nothing.
std::string upsert_sql(const Table& table) {
  const std::string name(table.name);
  std::string sql = "INSERT INTO " + name + " (" + joined(table.columns) + ") SELECT * FROM unnest(";
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    sql.append(i == 0 ? "$" : ", $")
        .append(std::to_string(i + 1))
        .append("::")
        .append(table.columns[i].type)
        .append("[]");
  sql += ") ON CONFLICT (" + joined(table.columns.first(table.keys)) + ") DO UPDATE SET ";
  for (std::size_t i = table.keys; i < table.columns.size(); ++i) {
    const std::string column = "\"" + std::string(table.columns[i].name) + "\"";
    sql += (i == table.keys ? "" : ", ") + column + " = excluded." + column;
  }
  return sql + " WHERE excluded.lsn > " + name + ".lsn";
}

}  // namespace

std::span<const Table> tables() { return all; }
const Table& table_of(TableId id) { return all[static_cast<std::size_t>(id)]; }

void Rows::put(TableId table, Row row) {
  for (Cell& cell : row)
    if (cell) cell = events::clean_text(std::move(*cell));
  std::string key;
  for (std::size_t i = 0; i < table_of(table).keys; ++i) key.append(row[i].value_or("")).append(1, '\0');
  auto [at, is_new] = rows_[static_cast<std::size_t>(table)].try_emplace(std::move(key));
  at->second = std::move(row);
  count_ += is_new ? 1 : 0;
}

void Rows::overwrite(Rows&& newer) {
  for (std::size_t i = 0; i < tables_count; ++i) {
    while (!newer.rows_[i].empty()) {
      auto placed = rows_[i].insert(newer.rows_[i].extract(newer.rows_[i].begin()));
      if (placed.inserted)
        ++count_;
      else
        placed.position->second = std::move(placed.node.mapped());
    }
  }
  newer.count_ = 0;
}

void Rows::forget(TableId table) {
  auto& rows = rows_[static_cast<std::size_t>(table)];
  count_ -= rows.size();
  rows.clear();
}

void Rows::append_upserts(std::vector<Statement>& out) const {
  for (std::size_t i = 0; i < tables_count; ++i) {
    if (rows_[i].empty()) continue;
    std::vector<ArrayText> columns(all[i].columns.size());
    for (const auto& [key, row] : rows_[i])
      for (std::size_t column = 0; column < row.size(); ++column) columns[column].add(row[column]);
    Statement& upsert = out.emplace_back(Statement{upsert_sql(all[i]), {}});
    for (ArrayText& column : columns) upsert.parameters.emplace_back(column.take());
  }
}

void ensure_schema(Connection& connection, const std::string& schema) {
  std::string sql = "CREATE SCHEMA IF NOT EXISTS \"" + schema + "\"; SET search_path TO \"" + schema + "\";\n";
  sql +=
      "CREATE TABLE IF NOT EXISTS tote_projection (one boolean PRIMARY KEY DEFAULT true CHECK (one), "
      "schema_version int NOT NULL, log text NOT NULL, lsn bigint NOT NULL, record_time bigint);\n"
      "CREATE TABLE IF NOT EXISTS tote_outbox (one boolean PRIMARY KEY DEFAULT true CHECK (one), log text NOT NULL, "
      "lsn bigint NOT NULL, record_time bigint);\n";
  for (const Table& table : all) sql += create_sql(table);
  sql +=
      "CREATE INDEX IF NOT EXISTS ledger_entries_lsn ON ledger_entries (lsn);\n"
      "CREATE UNIQUE INDEX IF NOT EXISTS outbox_lsn ON outbox (lsn, ordinal);\n";
  connection.script(sql);
  migrate(connection);
}

}  // namespace tote::postgres
