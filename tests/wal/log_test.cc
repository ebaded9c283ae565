// The log as its owner sees it: open, replay, start, append, commit, close.
#include "wal/log.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "tests/wal/fixture.h"

namespace tote::wal {
namespace {

TEST_CASE("log: an empty one opens, replays nothing and closes") {
  const TemporaryDirectory directory;
  const auto log = open_log(options_for(directory.path()));
  CHECK(log->last() == Lsn{0});
  CHECK(log->durable() == Lsn{0});
  CHECK(log->last_time() == Time{0});
  CHECK(log->id().size() == 32);
  log->start();
  log->close();
}

TEST_CASE("log: what was appended is replayed, closed or not") {
  for (const bool closed : {false, true}) {
    const TemporaryDirectory directory;
    write_log(directory.path(), {1, 3, 2}, closed);
    const History history = read_history(directory.path());
    CHECK(history.damage.detail.empty());
    CHECK(history.lines == sample_lines(6));
  }
}

TEST_CASE("log: LSNs count from 1 without gaps") {
  const TemporaryDirectory directory;
  const auto log = open_log(options_for(directory.path()));
  log->start();
  for (std::uint64_t number = 1; number <= 4; ++number) {
    with_sample(number, [&](const Record& record) { CHECK(log->append(record) == Lsn{number}); });
  }
  CHECK(log->last() == Lsn{4});
  CHECK(log->last_time() == Time{4000});
  log->close();
  CHECK(log->durable() == Lsn{4});
}

TEST_CASE("log: closing drains what was never committed") {
  const TemporaryDirectory directory;
  const auto log = open_log(options_for(directory.path()));
  log->start();
  with_sample(1, [&](const Record& record) { log->append(record); });
  log->close();
  CHECK(log->durable() == Lsn{1});
}

TEST_CASE("log: reopening goes on with the LSN, the time and the chain") {
  const TemporaryDirectory directory;
  std::string id;
  for (std::uint64_t round = 0; round < 4; ++round) {
    const auto log = open_log(options_for(directory.path()));
    CHECK(log->last() == Lsn{round * 5});
    CHECK(log->durable() == Lsn{round * 5});
    CHECK(log->last_time() == Time{static_cast<std::int64_t>(round) * 5000});
    CHECK((id.empty() || id == log->id()));
    id = log->id();
    log->start();
    append_group(*log, 5);
    if (round % 2 == 0) log->close();
  }
  CHECK(read_history(directory.path()).lines == sample_lines(20));
}

TEST_CASE("log: replay from an LSN visits from there on") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {4, 4}, true);
  const auto log = open_log(options_for(directory.path()));
  std::vector<Lsn> seen;
  const Damage damage = log->replay({6}, [&](Lsn lsn, const Record&) {
    seen.push_back(lsn);
    return true;
  });
  CHECK(damage.detail.empty());
  CHECK(seen == std::vector<Lsn>{{6}, {7}, {8}});
}

TEST_CASE("log: a visitor that stops early is asked no more") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {4, 4}, true);
  auto opened = Log::open(options_for(directory.path()));
  auto& log = *std::get<std::unique_ptr<Log>>(opened);
  int visits = 0;
  const Damage damage = log.replay({1}, [&](Lsn, const Record&) { return ++visits < 3; });
  CHECK(damage.detail.empty());
  CHECK(visits == 3);
}

TEST_CASE("log: a second replay sees the same") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {2}, true);
  const auto log = open_log(options_for(directory.path()));
  int visits = 0;
  log->replay({1}, [&](Lsn, const Record&) { return ++visits > 0; });
  CHECK(visits == 2);
}

TEST_CASE("log: durable only rises, is told in order and never runs ahead of what was appended") {
  const TemporaryDirectory directory;
  LogOptions options = options_for(directory.path());
  std::mutex mutex;
  std::vector<Lsn> told;
  options.on_durable = [&](Lsn lsn) {
    const std::lock_guard lock(mutex);
    told.push_back(lsn);
  };
  const auto log = open_log(options);
  log->start();
  Lsn seen{};
  for (std::uint64_t number = 1; number <= 3000; ++number) {
    with_sample(number, [&](const Record& record) { log->append(record); });
    if (number % 7 == 0) log->commit();
    const Lsn durable = log->durable();
    REQUIRE(durable >= seen);
    REQUIRE(durable <= log->last());
    seen = durable;
  }
  log->close();
  REQUIRE_FALSE(told.empty());
  CHECK(told.back() == Lsn{3000});
  CHECK(std::is_sorted(told.begin(), told.end()));
  CHECK(std::adjacent_find(told.begin(), told.end()) == told.end());
  CHECK(read_history(directory.path()).lines == sample_lines(3000));
}

TEST_CASE("log: what comes during a sync goes out with the next one, without another commit") {
  const TemporaryDirectory directory;
  LogOptions options = options_for(directory.path());
  std::atomic<bool> held{true};
  std::atomic<int> groups{0};
  options.on_durable = [&](Lsn) {
    if (++groups == 1) {
      while (held) std::this_thread::yield();  // the writer is busy with the first group
    }
  };
  const auto log = open_log(options);
  log->start();
  const auto append = [&](std::uint64_t number) {
    with_sample(number, [&](const Record& record) { log->append(record); });
    log->commit();
  };
  append(1);
  while (groups == 0) std::this_thread::yield();
  for (std::uint64_t number = 2; number <= 9; ++number) append(number);
  held = false;
  while (log->durable() < Lsn{9}) std::this_thread::yield();
  log->close();
  CHECK(groups == 2);
  CHECK(log->figures().frames == 2);
}

TEST_CASE("log: a group is cut into frames of at most frame_bytes_max") {
  const TemporaryDirectory directory;
  LogOptions options = options_for(directory.path());
  options.frame_bytes_max = 1024;
  {
    const auto log = open_log(options);
    log->start();
    append_group(*log, 50);
    log->close();
    CHECK(log->figures().frames > 3);
  }
  const RawFrames raw(directory.path());
  for (const auto& [key, frame] : raw.all()) CHECK(frame.size() <= 64 + 1024);
  CHECK(raw.all().size() > 3);
}

TEST_CASE("log: a record larger than a frame gets a frame of its own") {
  const TemporaryDirectory directory;
  LogOptions options = options_for(directory.path());
  options.frame_bytes_max = 64;
  const auto log = open_log(options);
  log->start();
  const std::string answer(100'000, 'a');
  for (std::int64_t ns = 1; ns <= 3; ++ns) {
    Record record;
    record.time = {ns};
    record.answer = answer;
    log->append(record);
  }
  log->close();
  CHECK(log->figures().frames == 3);
  CHECK(log->figures().bytes < 3 * answer.size());  // compressed
}

TEST_CASE("log: has_room is false while too much waits for the disk") {
  const TemporaryDirectory directory;
  LogOptions options = options_for(directory.path());
  options.pending_bytes_max = 1000;
  const auto log = open_log(options);
  log->start();
  CHECK(log->has_room());
  while (log->has_room() && log->last() < Lsn{1000}) {
    with_sample(log->last().value + 1, [&](const Record& record) { log->append(record); });
  }
  CHECK(log->last() < Lsn{20});
  log->commit();
  while (log->durable() < log->last()) std::this_thread::yield();
  CHECK(log->has_room());
  log->close();
}

TEST_CASE("log: figures count frames, bytes and syncs") {
  const TemporaryDirectory directory;
  const auto log = open_log(options_for(directory.path()));
  log->start();
  append_group(*log, 2);
  append_group(*log, 2);
  log->close();
  const Log::Figures figures = log->figures();
  CHECK(figures.frames == 2);
  CHECK(figures.syncs == 2);
  CHECK(figures.sync_ns > 0);
  CHECK(figures.bytes > 2 * 64);
  CHECK(figures.disk_free_bytes > 0);
}

TEST_CASE("log: a reader sees what another process has written so far, and changes nothing") {
  const TemporaryDirectory directory;
  const auto log = open_log(options_for(directory.path()));
  log->start();
  append_group(*log, 3);
  CHECK(read_history(directory.path()).lines == sample_lines(3));
  append_group(*log, 2);
  CHECK(read_history(directory.path()).lines == sample_lines(5));
  log->close();
}

TEST_CASE("log: many small frames replay in order across hand-overs") {
  const TemporaryDirectory directory;
  LogOptions options = options_for(directory.path());
  options.frame_bytes_max = 1 << 16;
  auto log = open_log(options);
  log->start();
  const std::string answer(60'000, 'x');
  for (std::int64_t ns = 1; ns <= 200; ++ns) {
    Record record;
    record.time = {ns};
    record.answer = std::string_view(answer).substr(0, static_cast<std::size_t>(ns * 300));
    log->append(record);
    log->commit();
  }
  log->close();
  log.reset();
  std::uint64_t next = 1;
  auto opened = Log::open(options);
  auto& again = *std::get<std::unique_ptr<Log>>(opened);
  const Damage damage = again.replay({1}, [&](Lsn lsn, const Record& record) {
    CHECK(lsn == Lsn{next});
    CHECK(record.answer.size() == next * 300);
    return next++ > 0;
  });
  CHECK(damage.detail.empty());
  CHECK(next == 201);
}

}  // namespace
}  // namespace tote::wal
