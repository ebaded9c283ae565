#include "adapters/postgres/projector.h"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "adapters/events/domain_events.h"

namespace tote::postgres {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds poll_every{10};  // the log, when there was nothing new
constexpr milliseconds backoff_first{100}, backoff_max{5'000};

// As the projection's own: the division fails the transaction when somebody else has moved it.
constexpr const char* move_outbox =
    "WITH moved AS (UPDATE tote_outbox SET lsn = $1 WHERE lsn = $2 RETURNING 1) SELECT 1 / count(*) FROM moved";

// No retry helps: the database and the log don't belong together.
class Mismatch : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace

LogSource LogSource::of(const Engine& engine) {
  return {engine.log_id(), [&engine] { return engine.durable(); },
          [&engine](Lsn from, Lsn to, const Engine::RecordVisit& visit) { return engine.read_log(from, to, visit); }};
}

Projector::Projector(LogSource log, Kinds kinds, ProjectorOptions options)
    : log_(std::move(log)), kinds_(std::move(kinds)), options_(std::move(options)) {}

void Projector::start() {
  thread_ = std::thread([this] { run(); });
}

void Projector::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    woken_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

std::string Projector::join() {
  if (thread_.joinable()) thread_.join();
  return figures().problem;
}

ProjectionFigures Projector::figures() const {
  const std::lock_guard lock(mutex_);
  ProjectionFigures figures = figures_;
  const bool is_behind = figures.cursor < log_.durable();
  figures.lag_seconds = is_behind ? std::chrono::duration<double>(Clock::now() - caught_up_at_).count() : 0;
  return figures;
}

void Projector::set_problem(std::string problem, std::string reason) {
  const std::lock_guard lock(mutex_);
  figures_.connected = problem.empty();
  figures_.problem = std::move(problem);
  figures_.reason = std::move(reason);
}

bool Projector::pause(milliseconds time) {
  std::unique_lock lock(mutex_);
  return !woken_.wait_for(lock, time, [this] { return stopped_.load(); });
}

std::string Projector::check() {
  try {
    Connection connection(options_.uri, stopped_);
    ensure_schema(connection, options_.schema);
    read_cursor(connection);
  } catch (const Mismatch& mismatch) {
    return mismatch.what();
  } catch (const Error& error) {
    spdlog::warn("projection: PostgreSQL isn't there yet: {}", error.what());
  }
  return {};
}

void Projector::run() {
  pthread_setname_np(pthread_self(), "tote-projector");
  while (!stopped_) {
    try {
      follow();
      return;
    } catch (const Error& error) {
      connection_.reset();
      if (stopped_) return;
      set_problem(error.what(), "disconnected");
      backoff_ = std::clamp(backoff_ * 2, backoff_first, backoff_max);
      spdlog::warn("projection: {}; trying again in {} ms", error.what(), backoff_.count());
    } catch (const std::exception& error) {
      set_problem(error.what(), "stopped");
      spdlog::error("projection: {}; it stands still until somebody looks at it", error.what());
      return;
    }
    if (options_.ends && backoff_ == backoff_max) return;
    pause(backoff_);
  }
}

void Projector::follow() {
  open();
  while (!stopped_) {
    if (batch_.from == batch_.to && !next_batch()) {
      if (options_.ends) return;
      pause(poll_every);
      continue;
    }
    const auto began_at = Clock::now();
    const Lsn durable = log_.durable();
    const std::size_t rows = batch_.rows.size();
    commit_batch();
    if (!options_.ends) make_way(began_at, durable, rows);
  }
}

// While the engine is busy, PostgreSQL gets no more rows than a bound: it would take the processor from those who wait
// for answers. The tables fall behind and catch up afterwards; when the engine is quiet, as fast as PostgreSQL takes
// it.
void Projector::make_way(Clock::time_point began_at, Lsn durable, std::size_t rows) {
  constexpr double busy_records_s = 10'000, rows_s_max = 22'000;
  const double took_s = std::chrono::duration<double>(Clock::now() - began_at).count();
  const bool is_busy = static_cast<double>(log_.durable().value - durable.value) > busy_records_s * took_s;
  const double wanted_s = static_cast<double>(rows) / rows_s_max;
  if (is_busy && wanted_s > took_s) pause(milliseconds(static_cast<std::int64_t>((wanted_s - took_s) * 1e3)));
}

void Projector::open() {
  connection_ = std::make_unique<Connection>(options_.uri, stopped_);
  ensure_schema(*connection_, options_.schema);
  const Lsn cursor = read_cursor(*connection_);
  {
    const std::lock_guard lock(mutex_);
    figures_.cursor = cursor;  // a rebuild may have set it back
  }
  if (cursor == batch_.to && batch_.to != Lsn{}) batch_ = {cursor, cursor, {}};  // it was committed before we lost it
  if (cursor != batch_.from || collector_ == nullptr) catch_up(cursor);
  if (options_.outbox) open_outbox(cursor);
  set_problem({}, {});
  backoff_ = milliseconds{0};
  spdlog::info("projection: PostgreSQL has everything up to LSN {}", cursor.value);
}

Lsn Projector::read_cursor(Connection& connection) const {
  const std::string& log = log_.id;
  connection.run({{"INSERT INTO tote_projection (schema_version, log, lsn) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
                   {std::to_string(schema_version), log}}});
  const auto rows = connection.query({"SELECT schema_version, log, lsn FROM tote_projection", {}});
  if (rows.size() != 1) throw Error("tote_projection has no row");
  if (std::stoi(rows[0][0].value()) > schema_version)
    throw Mismatch("the database's schema " + options_.schema + " was made by a newer version of tote");
  if (rows[0][1] != log)
    throw Mismatch("the database's schema " + options_.schema + " is the projection of another log (" +
                   rows[0][1].value() + ", not " + log + ")");
  const Lsn cursor{std::stoull(rows[0][2].value())};
  if (cursor > log_.durable())
    throw Mismatch("PostgreSQL has everything up to LSN " + std::to_string(cursor.value) + ", but the log ends at " +
                   std::to_string(log_.durable().value) + ": acknowledged records were lost");
  return cursor;
}

void Projector::put_events(Lsn lsn, const wal::Record& record, Rows& rows) const {
  std::vector<events::DomainEvent> told;
  events::append_events(log_.id, kinds_, lsn, record, told);
  for (const events::DomainEvent& event : told)
    rows.put(TableId::outbox, {event.id, event.tenant, event.aggregate, event.entity, event.type, event.cloud,
                               std::to_string(event.ordinal), std::to_string(lsn.value)});
}

// Its own cursor: it begins where the projection is when it is first wanted, and a rebuild of the tables, which may
// jump ahead or back, neither leaves a gap in it nor tells anything twice.
void Projector::open_outbox(Lsn cursor) {
  connection_->run({{"INSERT INTO tote_outbox (log, lsn) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                     {log_.id, std::to_string(cursor.value)}}});
  const auto rows = connection_->query({"SELECT log, lsn FROM tote_outbox", {}});
  if (rows.size() != 1 || rows[0][0] != log_.id) throw Mismatch("the outbox is another log's");
  outbox_at_ = {std::stoull(rows[0][1].value())};
  if (outbox_at_ > log_.durable())
    throw Mismatch("the outbox has told everything up to LSN " + std::to_string(outbox_at_.value) +
                   ", but the log ends at " + std::to_string(log_.durable().value) +
                   ": acknowledged records were lost");
  while (outbox_at_ < cursor && !stopped_) {
    const Lsn to{std::min<std::uint64_t>(cursor.value, outbox_at_.value + options_.batch_records_max)};
    Rows missed;
    const bool is_sound = log_.read(outbox_at_.next(), to, [&](Lsn lsn, const wal::Record& record) {
      put_events(lsn, record, missed);
      return true;
    });
    if (!is_sound) throw std::runtime_error("the log can't be read");
    std::vector<Statement> statements{{"BEGIN", {}}};
    missed.append_upserts(statements);
    statements.push_back({move_outbox, {std::to_string(to.value), std::to_string(outbox_at_.value)}});
    statements.push_back({"COMMIT", {}});
    connection_->run(statements);
    outbox_at_ = to;
  }
}

// The world as of the cursor: from it rows are made of what comes later.
void Projector::catch_up(Lsn cursor) {
  batch_ = {cursor, cursor, {}};
  collector_ = std::make_unique<Collector>(kinds_);
  if (cursor == Lsn{}) return;
  const bool is_sound = log_.read(Lsn{1}, cursor, [this](Lsn lsn, const wal::Record& record) {
    collector_->apply(lsn, record);
    collector_->take();
    return !stopped_;
  });
  if (!is_sound) throw std::runtime_error("the log can't be read");
}

// False: there is nothing new.
bool Projector::next_batch() {
  const Lsn durable = log_.durable();
  if (durable <= batch_.to) {
    const std::lock_guard lock(mutex_);
    caught_up_at_ = Clock::now();
    return false;
  }
  const Lsn to{std::min(durable.value, batch_.to.value + options_.batch_records_max)};
  Rows told;
  const bool is_sound = log_.read(batch_.to.next(), to, [&](Lsn lsn, const wal::Record& record) {
    collector_->apply(lsn, record);
    if (options_.outbox && lsn > outbox_at_) put_events(lsn, record, told);
    return true;
  });
  if (!is_sound || collector_->lsn() != to) throw std::runtime_error("the log can't be read");
  batch_.to = to;
  batch_.rows = collector_->take();
  batch_.rows.overwrite(std::move(told));
  return true;
}

// The division makes the whole transaction fail when somebody else has moved the cursor.
void Projector::commit_batch() {
  std::vector<Statement> statements{{"BEGIN", {}}};
  batch_.rows.append_upserts(statements);
  statements.push_back(
      {"WITH moved AS (UPDATE tote_projection SET lsn = $1 WHERE lsn = $2 AND log = $3 RETURNING 1) "
       "SELECT 1 / count(*) FROM moved",
       {std::to_string(batch_.to.value), std::to_string(batch_.from.value), log_.id}});
  if (options_.outbox && batch_.to > outbox_at_)
    statements.push_back({move_outbox, {std::to_string(batch_.to.value), std::to_string(outbox_at_.value)}});
  statements.push_back({"COMMIT", {}});
  connection_->run(statements);
  {
    const std::lock_guard lock(mutex_);
    figures_.cursor = batch_.to;
    figures_.rows += batch_.rows.size();
    if (batch_.to == log_.durable()) caught_up_at_ = Clock::now();
  }
  outbox_at_ = std::max(outbox_at_, batch_.to);
  batch_ = {batch_.to, batch_.to, {}};
  if (options_.on_progress) options_.on_progress(batch_.to, log_.durable());
}

}  // namespace tote::postgres
