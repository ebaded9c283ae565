// How much of a log may go, and what is left when it does.
#include <doctest/doctest.h>
#include <rocksdb/env.h>

#include <atomic>
#include <filesystem>
#include <limits>
#include <thread>

#include "tests/wal/faulty_disk.h"
#include "tests/wal/fixture.h"
#include "wal/trim_limit.h"
#include "wal/trimmer.h"

namespace tote::wal {
namespace {

TrimNeeds needs() {
  return {.snapshot = {100}, .keys_from = {200}, .kept_from = {300}, .holds = {{"shop", {400}}}, .held_from = {1}};
}

std::uint64_t table_bytes(const std::string& directory) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    if (entry.path().extension() == ".sst") bytes += entry.file_size();
  return bytes;
}

std::string seal_and_trim(Log& log, std::uint64_t below) {
  bool sealed = false;
  std::string problem = log.trimmer()->seal({below}, true, {.bytes_per_s = 1ULL << 30}, sealed);
  return problem.empty() ? log.trimmer()->trim({below}) : problem;
}

}  // namespace

TEST_CASE("trim limit: the oldest of what is needed decides, whoever needs it") {
  CHECK(trim_limit(needs()).below == Lsn{100});
  for (const Lsn oldest : {Lsn{1}, Lsn{50}}) {
    TrimNeeds one = needs();
    one.keys_from = oldest;
    CHECK(trim_limit(one).below == oldest);
    one = needs();
    one.kept_from = oldest;
    CHECK(trim_limit(one).below == oldest);
    one = needs();
    one.holds.push_back({"nats", oldest});
    CHECK(trim_limit(one).below == oldest);
    CHECK(trim_limit(one).held_by == "nats");
    CHECK(trim_limit(one).let_go.empty());
  }
}

TEST_CASE("trim limit: without a snapshot nothing goes") {
  TrimNeeds none = needs();
  none.snapshot = {};
  CHECK(trim_limit(none).below == Lsn{});
}

TEST_CASE("trim limit: who holds up too much is let go, and the next one decides") {
  TrimNeeds held = needs();
  held.holds = {{"slow", {10}}, {"slower", {5}}, {"quick", {60}}};
  held.held_from = {20};
  const TrimLimit limit = trim_limit(held);
  CHECK(limit.below == Lsn{60});
  CHECK(limit.held_by == "quick");
  CHECK(limit.let_go == std::vector<std::string>{"slow", "slower"});
}

TEST_CASE("trim limit: nobody is let go for what others need anyway") {
  TrimNeeds held = needs();
  held.snapshot = {4};
  held.holds = {{"slow", {10}}};
  held.held_from = {20};
  CHECK(trim_limit(held).let_go.empty());
}

TEST_CASE("trim: only what is sealed goes, whole frames, and the newest frame never") {
  const TemporaryDirectory directory;
  const auto log = open_log(options_for(directory.path()));
  REQUIRE(log->start().detail.empty());
  for (const std::uint64_t group : {3, 4, 5}) append_group(*log, group);
  CHECK(log->trimmer()->trim({10}) == "");
  CHECK(log->untrimmed() == Lsn{1});
  CHECK(seal_and_trim(*log, 6) == "");
  CHECK(log->untrimmed() == Lsn{4});
  CHECK(seal_and_trim(*log, 1'000) == "");
  CHECK(log->untrimmed() == Lsn{8});
  CHECK(log->trimmer()->sealed_to() == Lsn{7});
  log->close();
}

TEST_CASE("trim: the disk gets its room back") {
  const TemporaryDirectory directory;
  LogOptions options = options_for(directory.path());
  options.table_bytes = 256 << 10;
  const auto log = open_log(options);
  REQUIRE(log->start().detail.empty());
  std::uint64_t most = 0, least = ~0ULL;
  for (int round = 0; round < 40; ++round) {
    append_group(*log, 5'000);
    CHECK(seal_and_trim(*log, log->last().value) == "");
    if (round < 10) continue;
    most = std::max(most, table_bytes(directory.path()));
    least = std::min(least, table_bytes(directory.path()));
  }
  log->close();
  CAPTURE(least);
  CHECK(most < 8 * options.table_bytes);
  CHECK(read_history(directory.path()).lines.size() == 200'000);
}

TEST_CASE("trim: a reader in the middle has every record, or is told, while the log is trimmed under it") {
  const TemporaryDirectory directory;
  const auto log = open_log(options_for(directory.path()));
  REQUIRE(log->start().detail.empty());
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> rounds{0};
  std::thread reader([&] {
    while (!done) {
      const Lsn from = log->first(), to = log->durable();
      if (to < from) continue;
      Lsn next = from;
      const Damage damage = log->read(from, to, [&](Lsn lsn, const Record&) {
        if (lsn != next) next = {};
        next = next == Lsn{} ? next : next.next();
        return next != Lsn{};
      });
      CHECK(damage.detail == "");
      CHECK(next == to.next());
      ++rounds;
    }
  });
  for (int round = 0; round < 60; ++round) {
    append_group(*log, 20);
    CHECK(seal_and_trim(*log, log->last().value) == "");
  }
  while (rounds < 3) std::this_thread::yield();
  done = true;
  reader.join();
  log->close();
}

TEST_CASE("trim: a log that was trimmed has a format version that older programs refuse") {
  const TemporaryDirectory directory;
  {
    const auto log = open_log(options_for(directory.path()));
    REQUIRE(log->start().detail.empty());
    for (int i = 0; i < 3; ++i) append_group(*log, 2);
    REQUIRE(seal_and_trim(*log, 5) == "");
    log->close();
  }
  CHECK(RawFrames(directory.path()).meta("format_version") == "3");
  CHECK(read_history(directory.path()).lines == sample_lines(6));
}

TEST_CASE("trim: by time and by bytes it is known which records are how old, and how many") {
  const TemporaryDirectory directory;
  const auto log = open_log(options_for(directory.path()));
  REQUIRE(log->start().detail.empty());
  for (int i = 0; i < 50; ++i) append_group(*log, 4);
  std::string reason;
  for (const std::uint64_t at : {1, 2, 77, 197, 200}) {
    Time time;
    CHECK(log->read({at}, {at}, [&](Lsn, const Record& record) { return time = record.time, true; }).is_none());
    const Lsn since = log->trimmer()->first_since(time, reason);
    CHECK(since.value <= at);
    CHECK(since.value + 4 > at);
  }
  CHECK(log->trimmer()->first_since({std::numeric_limits<std::int64_t>::max()}, reason) > Lsn{196});
  CHECK(reason == "");
  CHECK(log->trimmer()->last_bytes(~0ULL) == Lsn{1});
  log->close();
}

TEST_CASE("trim: the newest part of a log that takes so many bytes begins where its tables say") {
  const TemporaryDirectory directory;
  LogOptions options = options_for(directory.path());
  options.table_bytes = 256 << 10;
  const auto log = open_log(options);
  REQUIRE(log->start().detail.empty());
  for (int i = 0; i < 20; ++i) append_group(*log, 5'000);
  const Trimmer& trimmer = *log->trimmer();
  const std::uint64_t bytes = trimmer.log_bytes();
  CHECK(trimmer.last_bytes(bytes) == Lsn{1});
  CHECK(trimmer.last_bytes(bytes / 2) > Lsn{20'000});
  CHECK(trimmer.last_bytes(bytes / 2) < Lsn{80'000});
  log->close();
}

}  // namespace tote::wal
