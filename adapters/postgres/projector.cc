#include "adapters/postgres/projector.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "adapters/events/domain_events.h"
#include "adapters/events/log_checks.h"

namespace tote::postgres {
namespace {

using events::Mismatch;

// As the projection's own: the division fails the transaction when somebody else has moved it.
constexpr const char* move_outbox =
    "WITH moved AS (UPDATE tote_outbox SET lsn = $1, record_time = $3 WHERE lsn = $2 RETURNING 1) "
    "SELECT 1 / count(*) FROM moved";

}  // namespace

Projector::Projector(const wal::LogReader& log, Kinds kinds, ProjectorOptions options)
    : Follower(log, "projection", "tote-projector"), kinds_(std::move(kinds)), options_(std::move(options)) {}

std::string Projector::check() {
  if (std::string problem = tables_.problem(); !problem.empty()) return problem;
  try {
    Connection connection(options_.uri, stop_flag());
    ensure_schema(connection, tables_, options_.schema);
    read_cursor(connection);
  } catch (const events::Trimmed&) {
    return {};  // nothing was lost: it stands still, and says so itself
  } catch (const Mismatch& mismatch) {
    return mismatch.what();
  } catch (const Error& error) {
    spdlog::warn("projection: PostgreSQL isn't there yet: {}", error.what());
  }
  return {};
}

void Projector::follow() {
  open();
  while (!stopped()) {
    if (batch_.from == batch_.to && !next_batch()) {
      if (options_.ends) return;
      wait_for_more();
      continue;
    }
    const auto began_at = Clock::now();
    const Lsn durable = log().durable();
    const std::size_t rows = batch_.rows.size();
    commit_batch();
    if (!options_.ends) make_way(began_at, durable, rows);
  }
}

void Projector::open() {
  connection_ = std::make_unique<Connection>(options_.uri, stop_flag());
  ensure_schema(*connection_, tables_, options_.schema);
  const Lsn cursor = read_cursor(*connection_);
  if (cursor == batch_.to && batch_.to != Lsn{})
    batch_ = {cursor, cursor, {}, {}};  // it was committed before we lost it
  if (cursor != batch_.from || collector_ == nullptr) catch_up(cursor);
  if (options_.outbox) open_outbox(cursor);
  arrived(cursor);  // which a rebuild may have set back
  spdlog::info("projection: PostgreSQL has everything up to LSN {}", cursor.value);
}

Lsn Projector::read_cursor(Connection& connection) const {
  const std::string& id = log().id();
  connection.run({{"INSERT INTO tote_projection (schema_version, log, lsn) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
                   {std::to_string(schema_version), id}}});
  const auto rows = connection.query({"SELECT schema_version, log, lsn, record_time FROM tote_projection", {}});
  if (rows.size() != 1) throw Error("tote_projection has no row");
  if (std::stoi(rows[0][0].value()) > schema_version)
    throw Mismatch("the database's schema " + options_.schema + " was made by a newer version of tote");
  if (rows[0][1] != id)
    throw Mismatch("the database's schema " + options_.schema + " is the projection of another log (" +
                   rows[0][1].value() + ", not " + id + ")");
  const Lsn cursor{std::stoull(rows[0][2].value())};
  check_history("PostgreSQL", cursor, rows[0][3]);
  return cursor;
}

void Projector::check_history(const std::string& who, Lsn at, const Cell& record_time) const {
  if (record_time) return events::check_history(log(), who, at, {std::stoll(*record_time)});
  events::check_not_ahead(who, at, log().durable());  // of version 1, not moved since
  events::check_not_trimmed(log(), who, at.next());
}

void Projector::put_events(Lsn lsn, const wal::Record& record, Rows& rows) const {
  std::vector<events::DomainEvent> told;
  events::append_events(log().id(), kinds_, lsn, record, told);
  for (const events::DomainEvent& event : told)
    rows.put(tables_.outbox(), {event.id, event.tenant, event.aggregate, event.entity, event.type, event.cloud,
                                std::to_string(event.ordinal), std::to_string(lsn.value)});
}

// Its own cursor: it begins where the projection is when it is first wanted, and a rebuild of the tables, which may
// jump ahead or back, neither leaves a gap in it nor tells anything twice.
void Projector::open_outbox(Lsn cursor) {
  connection_->run({{"INSERT INTO tote_outbox (log, lsn) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                     {log().id(), std::to_string(cursor.value)}}});
  const auto rows = connection_->query({"SELECT log, lsn, record_time FROM tote_outbox", {}});
  if (rows.size() != 1 || rows[0][0] != log().id()) throw Mismatch("the outbox is another log's");
  outbox_at_ = {std::stoull(rows[0][1].value())};
  check_history("the outbox", outbox_at_, rows[0][2]);
  while (outbox_at_ < cursor && !stopped()) {
    const Lsn to{std::min<std::uint64_t>(cursor.value, outbox_at_.value + options_.batch_records_max)};
    Rows missed;
    const wal::Damage damage = log().read(outbox_at_.next(), to, [&](Lsn lsn, const wal::Record& record) {
      put_events(lsn, record, missed);
      return true;
    });
    events::must_be_sound(damage);
    std::vector<Statement> statements{{"BEGIN", {}}};
    missed.append_upserts(tables_, statements);
    const std::string time = std::to_string(events::time_of(log(), to).ns);
    statements.push_back({move_outbox, {std::to_string(to.value), std::to_string(outbox_at_.value), time}});
    statements.push_back({"COMMIT", {}});
    connection_->run(statements);
    outbox_at_ = to;
  }
}

// The world as of the cursor: from it rows are made of what comes later.
void Projector::catch_up(Lsn cursor) {
  batch_ = {cursor, cursor, {}, {}};
  collector_ = std::make_unique<Collector>(kinds_, tables_);
  if (cursor == Lsn{}) return;
  const Lsn first = collector_->lsn().next();
  events::check_not_trimmed(log(), "the projection", first);
  const wal::Damage damage = log().read(first, cursor, [this](Lsn lsn, const wal::Record& record) {
    collector_->apply(lsn, record);
    collector_->take();
    return !stopped();
  });
  events::must_be_sound(damage);
}

// False: there is nothing new.
bool Projector::next_batch() {
  const Lsn durable = log().durable();
  if (durable <= batch_.to) {
    caught_up();
    return false;
  }
  const Lsn to{std::min(durable.value, batch_.to.value + options_.batch_records_max)};
  Rows told;
  const wal::Damage damage = log().read(batch_.to.next(), to, [&](Lsn lsn, const wal::Record& record) {
    collector_->apply(lsn, record);
    if (options_.outbox && lsn > outbox_at_) put_events(lsn, record, told);
    batch_.time = record.time;
    return true;
  });
  events::must_be_sound(damage);
  if (collector_->lsn() != to) events::must_be_sound({collector_->lsn().next(), "the record is missing"});
  batch_.to = to;
  batch_.rows = collector_->take();
  batch_.rows.overwrite(std::move(told));
  return true;
}

// The division makes the whole transaction fail when somebody else has moved the cursor.
void Projector::commit_batch() {
  std::vector<Statement> statements{{"BEGIN", {}}};
  batch_.rows.append_upserts(tables_, statements);
  statements.push_back(
      {"WITH moved AS (UPDATE tote_projection SET lsn = $1, record_time = $4 WHERE lsn = $2 AND log = $3 RETURNING 1) "
       "SELECT 1 / count(*) FROM moved",
       {std::to_string(batch_.to.value), std::to_string(batch_.from.value), log().id(),
        std::to_string(batch_.time.ns)}});
  if (options_.outbox && batch_.to > outbox_at_)
    statements.push_back(
        {move_outbox,
         {std::to_string(batch_.to.value), std::to_string(outbox_at_.value), std::to_string(batch_.time.ns)}});
  statements.push_back({"COMMIT", {}});
  connection_->run(statements);
  moved(batch_.to, batch_.rows.size());
  outbox_at_ = std::max(outbox_at_, batch_.to);
  batch_ = {batch_.to, batch_.to, {}, {}};
  if (options_.on_progress) options_.on_progress(batch_.to, log().durable());
}

}  // namespace tote::postgres
