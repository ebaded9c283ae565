// Misuse stops the process before anything is written.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <functional>

#include "tests/wal/fixture.h"
#include "wal/codec.h"
#include "wal/limits.h"
#include "wal/log.h"

namespace tote::wal {
namespace {

// Runs `misuse` in a child process: true when it aborts. It must not need any other thread.
bool stops(const std::function<void()>& misuse) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    ::close(STDERR_FILENO);
    misuse();
    std::_Exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

TEST_CASE("invariant: a time that doesn't rise") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {1}, true);
  const auto log = open_log(options_for(directory.path()));
  log->start();
  const std::int64_t last_ns = log->last_time().ns;
  CHECK(stops([&] { log->append(record_at(last_ns)); }));
  CHECK_FALSE(stops([&] { log->append(record_at(last_ns + 1)); }));
}

TEST_CASE("invariant: starting a log that wasn't replayed, or not to its end, or read-only") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {4}, true);
  {
    auto opened = Log::open(options_for(directory.path()));
    auto& log = *std::get<std::unique_ptr<Log>>(opened);
    CHECK(stops([&] { log.start(); }));
    log.replay({1}, [](Lsn, const Record&) { return false; });
    CHECK(stops([&] { log.start(); }));
  }
  LogOptions options = options_for(directory.path());
  options.read_only = true;
  const auto log = open_log(options);
  CHECK(stops([&] { log->start(); }));
}

TEST_CASE("invariant: starting a log that is damaged") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {2, 2}, true);
  {
    RawFrames raw(directory.path());
    raw.put(raw.all()[1].first, "damaged");
  }
  auto opened = Log::open(options_for(directory.path()));
  auto& log = *std::get<std::unique_ptr<Log>>(opened);
  CHECK(log.replay({1}, [](Lsn, const Record&) { return true; }).lsn == Lsn{3});
  CHECK(stops([&] { log.start(); }));
}

TEST_CASE("invariant: appending before the start and after the end") {
  const TemporaryDirectory directory;
  const auto log = open_log(options_for(directory.path()));
  CHECK(stops([&] { log->append(record_at(1)); }));
  log->start();
  log->close();
  CHECK(stops([&] { log->append(record_at(1)); }));
}

TEST_CASE("invariant: a record beyond a limit") {
  const auto refuses = [](const std::function<void(Record&, Change&)>& exceed) {
    return stops([&] {
      Change change{1, "a", {1}, {}};
      Record record = record_at(1);
      record.changes = {&change, 1};
      exceed(record, change);
      std::string out;
      RecordEncoder().append(record, out);
    });
  };
  const std::string text(limits::events_bytes_max + 1, 'x');
  const std::string_view all(text);
  const std::vector<Change> changes(limits::changes_max + 1, Change{1, "a", {1}, {}});
  CHECK_FALSE(refuses([](Record&, Change&) {}));
  CHECK(refuses([](Record& record, Change&) { record.time = {0}; }));
  CHECK(refuses([](Record& record, Change&) { record.tenant = ""; }));
  CHECK(refuses([](Record& record, Change&) { record.code = Code::overloaded; }));
  CHECK(refuses([&](Record& record, Change&) { record.tenant = all.substr(0, limits::id_bytes_max + 1); }));
  CHECK(refuses([&](Record& record, Change&) { record.key = all.substr(0, limits::idempotency_key_bytes_max + 1); }));
  CHECK(refuses([&](Record& record, Change&) { record.answer = all; }));
  CHECK(refuses([&](Record& record, Change&) { record.changes = changes; }));
  CHECK(refuses([](Record&, Change& change) { change.entity = ""; }));
  CHECK(refuses([](Record&, Change& change) { change.version = {0}; }));
  CHECK(refuses([&](Record&, Change& change) { change.entity = all.substr(0, limits::id_bytes_max + 1); }));
  CHECK(refuses([&](Record&, Change& change) { change.events = all; }));
}

}  // namespace
}  // namespace tote::wal
