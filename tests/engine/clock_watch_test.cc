// A clock that was far ahead once: the log remembers its time.
#include "engine/clock_watch.h"

#include <chrono>
#include <memory>
#include <variant>

#include "tests/engine/disk.h"
#include "wal/log.h"

namespace tote {
namespace {

// A log whose newest record was made so many seconds from now.
void write_ahead(const Options& options, std::int64_t ahead_s) {
  wal::LogOptions log_options;
  log_options.directory = options.directory;
  auto opened = wal::Log::open(log_options);
  REQUIRE(std::holds_alternative<std::unique_ptr<wal::Log>>(opened));
  const auto log = std::move(std::get<std::unique_ptr<wal::Log>>(opened));
  REQUIRE(log->replay(Lsn{1}, [](Lsn, const wal::Record&) { return true; }).detail.empty());
  REQUIRE(log->start().detail.empty());
  wal::Record record;
  record.time = {SystemClock().wall().ns + ahead_s * ns_per_s};
  record.kind = Wallet::kind_id;
  record.entity = "bob";
  record.key = "k";
  record.code = Code::not_found;
  log->append(record);
  log->close();
}

TEST_CASE("clock: a log more than an hour ahead of the clock is refused, unless the operator accepts it") {
  const Disk disk;
  Options options = disk.options();
  write_ahead(options, 2 * 3'600);
  const OpenError error = refusal_to_open(options);
  CHECK(error.lsn == Lsn{});
  CHECK(error.detail.find("ahead of this machine's clock") != std::string::npos);
  CHECK(error.detail.find("accept_clock_skew") != std::string::npos);
  options.read_only = true;
  open_engine(options)->close();
  options.read_only = false;
  options.accept_clock_skew = true;
  std::string alert;
  options.on_alert = [&](const Alert& told) { alert = told.text; };
  const auto engine = open_engine(options);
  CHECK(engine->call(ask("alice", open())).code == Code::created);
  CHECK(engine->figures().clock_skew_ns > 7'000 * ns_per_s);
  engine->close();
  CHECK(alert.find("ahead of this machine's clock") != std::string::npos);
}

TEST_CASE("clock: a log a little ahead of the clock starts, and a skew of more than a minute is alerted once") {
  const Disk disk;
  Options options = disk.options();
  write_ahead(options, 30 * 60);
  int alerts = 0;
  options.on_alert = [&](const Alert&) { ++alerts; };
  const auto engine = open_engine(options);
  engine->call(ask("alice", open()));
  engine->call(ask("alice", credit(1)));
  engine->close();
  CHECK(alerts == 1);
}

TEST_CASE("clock: the watch alerts when the skew begins, not while it lasts") {
  int alerts = 0;
  ClockWatch watch([&](const Alert&) { ++alerts; });
  watch.look({100 * ns_per_s}, {100 * ns_per_s});
  watch.look({100 * ns_per_s}, {50 * ns_per_s});
  CHECK(alerts == 0);
  CHECK(watch.skew_ns() == 50 * ns_per_s);
  watch.look({100 * ns_per_s}, {39 * ns_per_s});
  watch.look({100 * ns_per_s}, {39 * ns_per_s});
  CHECK(alerts == 1);
  watch.look({100 * ns_per_s}, {200 * ns_per_s});
  CHECK(watch.skew_ns() == 0);
  watch.look({300 * ns_per_s}, {200 * ns_per_s});
  CHECK(alerts == 2);
}

}  // namespace
}  // namespace tote
