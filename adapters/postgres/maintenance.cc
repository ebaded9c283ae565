#include "adapters/postgres/maintenance.h"

#include <algorithm>

#include "adapters/events/log_checks.h"

namespace tote::postgres {
namespace {

constexpr std::uint64_t ledger_records = 20'000;  // of one comparison of ledger entries
constexpr std::uint64_t reported_max = 100;

const std::atomic<bool> never_stopped{false};

// As the collector writes them.
std::string select_sql(const SqlTable& table) {
  std::string sql = "SELECT ";
  for (const SqlColumn& column : table.columns) {
    if (&column != table.columns.data()) sql += ", ";
    const std::string name = "\"" + std::string(column.name) + "\"";
    sql += column.type == "timestamptz" ? "to_char(" + name + ", 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')" : name;
  }
  return sql + " FROM \"" + std::string(table.name) + "\"";
}

std::string name_of(const SqlTable& table, const Row& row) {
  std::string name(table.name);
  for (std::size_t i = 0; i < table.keys; ++i) name.append(i == 0 ? " " : "/").append(row[i].value_or(""));
  return name;
}

// Compared at the end; entries are as they come, and the outbox is its readers'.
bool is_whole(const SqlTable& table) { return !table.is_of_entries() && !table.is_outbox(); }

class Comparison {
 public:
  Comparison(Verification& verification, const std::function<void(const std::string&)>& report)
      : verification_(verification), report_(report) {}

  void compare(const SqlTable& table, const Rows& expected, const std::vector<Row>& found) {
    auto missing = expected.of(table);
    for (const Row& row : found) {
      ++verification_.rows;
      const auto at = missing.find(key_of(table, row));
      if (at == missing.end()) {
        differ(name_of(table, row) + " is in the database and not in the log");
        continue;
      }
      for (std::size_t column = table.keys; column < row.size(); ++column)
        if (row[column] != at->second[column])
          differ(name_of(table, row) + ": " + std::string(table.columns[column].name) + " is " +
                 row[column].value_or("null") + ", but by the log " + at->second[column].value_or("null"));
      missing.erase(at);
    }
    for (const auto& [key, row] : missing) differ(name_of(table, row) + " is in the log and not in the database");
  }

 private:
  void differ(const std::string& what) {
    if (++verification_.differences <= reported_max) report_(what);
  }

  Verification& verification_;
  const std::function<void(const std::string&)>& report_;
};

bool exists(Connection& connection, const std::string& schema, std::string_view table) {
  const std::string name = "\"" + schema + "\".\"" + std::string(table) + "\"";
  return connection.query({"SELECT to_regclass($1)::text", {name}}).at(0)[0].has_value();
}

// Another log's tables are never thrown away.
void check_owner(Connection& connection, const std::string& schema, const std::string& log) {
  if (!exists(connection, schema, "tote_projection")) return;
  const auto rows = connection.query({"SELECT log FROM \"" + schema + "\".tote_projection", {}});
  if (!rows.empty() && rows[0][0] != log) throw Error("the schema " + schema + " is the projection of another log");
}

// In the order in which a server's transaction touches them: neither can wait for the other in a circle.
std::string lock_sql(Connection& connection, const Tables& tables, const std::string& schema) {
  std::string sql;
  const auto lock = [&](std::string_view table) {
    if (exists(connection, schema, table))
      sql.append("LOCK TABLE \"").append(schema).append("\".\"").append(table).append("\" IN ACCESS EXCLUSIVE MODE; ");
  };
  for (const SqlTable& table : tables.all()) lock(table.name);
  lock("tote_projection");
  lock("tote_outbox");
  return sql;
}

}  // namespace

Snapshot::Snapshot(const std::string& uri, const std::string& schema)
    : connection_(uri, never_stopped), schema_(schema) {
  connection_.script("SET TimeZone TO 'UTC'; SET search_path TO \"" + schema +
                     "\"; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  const auto rows = connection_.query({"SELECT log, lsn FROM tote_projection", {}});
  if (rows.size() != 1) throw Error("there is no projection in the schema " + schema);
  log_id_ = rows[0][0].value_or("");
  cursor_ = {std::stoull(rows[0][1].value())};
}

Verification Snapshot::compare(const wal::LogReader& log, const Kinds& kinds,
                               const std::function<void(const std::string&)>& report,
                               const std::function<void(Lsn, Lsn)>& on_progress) {
  if (log_id_ != log.id()) throw Error("the schema " + schema_ + " is the projection of another log");
  if (cursor_ > log.durable()) throw Error("the projection's cursor is ahead of the log");
  events::check_not_trimmed(log, "the comparison", Lsn{}.next());
  Verification verification;
  verification.cursor = cursor_;
  Comparison comparison(verification, report);
  const Tables tables(kinds);
  Collector collector(kinds, tables);
  Rows all;
  for (Lsn at{}; at < cursor_;) {
    const Lsn to{std::min(cursor_.value, at.value + ledger_records)};
    const wal::Damage damage = log.read(at.next(), to, [&](Lsn lsn, const wal::Record& record) {
      collector.apply(lsn, record);
      return true;
    });
    events::must_be_sound(damage);
    Rows rows = collector.take();
    for (const SqlTable& table : tables.all()) {
      if (!table.is_of_entries()) continue;
      const std::string entries = select_sql(table) + " WHERE lsn > $1 AND lsn <= $2";
      comparison.compare(table, rows,
                         connection_.query({entries, {std::to_string(at.value), std::to_string(to.value)}}));
      rows.forget(table);
    }
    all.overwrite(std::move(rows));
    at = to;
    on_progress(at, cursor_);
  }
  for (const SqlTable& table : tables.all())
    if (is_whole(table)) comparison.compare(table, all, connection_.query({select_sql(table), {}}));
  connection_.script("COMMIT");
  return verification;
}

std::uint64_t rebuild(const wal::LogReader& log, const Kinds& kinds, const std::string& uri, const std::string& schema,
                      const std::function<void(Lsn, Lsn)>& on_progress) {
  const std::string beside = schema + "_rebuild";
  const Tables tables(kinds);
  Connection connection(uri, never_stopped);
  check_owner(connection, schema, log.id());
  if (exists(connection, schema, "tote_projection")) ensure_schema(connection, tables, schema);  // its outbox stays
  connection.script("DROP SCHEMA IF EXISTS \"" + beside + "\" CASCADE");
  ProjectorOptions options;
  options.uri = uri;
  options.schema = beside;
  options.batch_records_max = ledger_records;
  options.ends = true;
  options.on_progress = on_progress;
  Projector projector(log, kinds, std::move(options));
  projector.start();
  if (const std::string problem = projector.join(); !problem.empty()) throw Error(problem);
  // The outbox isn't made anew: what was taken out of it stays out.
  connection.script("CREATE SCHEMA IF NOT EXISTS \"" + schema + "\"");
  std::string swap = "BEGIN; " + lock_sql(connection, tables, schema);
  for (const std::string table : {"outbox", "tote_outbox"}) {
    if (!exists(connection, schema, table)) continue;
    swap += "DROP TABLE \"" + beside + "\"." + table + "; ALTER TABLE \"" + schema + "\"." + table + " SET SCHEMA \"" +
            beside + "\"; ";
  }
  connection.script(swap + "DROP SCHEMA \"" + schema + "\" CASCADE; ALTER SCHEMA \"" + beside + "\" RENAME TO \"" +
                    schema + "\"; COMMIT");
  return projector.status().told;
}

}  // namespace tote::postgres
