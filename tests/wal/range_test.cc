// Reading a range of a log, also while it is written (Log::read).
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "tests/wal/fixture.h"

namespace tote::wal {
namespace {

std::vector<std::string> read(const Log& log, std::uint64_t from, std::uint64_t to) {
  std::vector<std::string> lines;
  const Damage damage = log.read({from}, {to}, [&](Lsn lsn, const Record& record) {
    lines.push_back(describe(lsn, record));
    return true;
  });
  CHECK(damage.detail.empty());
  return lines;
}

TEST_CASE("range: every part of a log, whatever the frames it begins and ends in") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {1, 3, 2, 5}, true);
  const auto log = open_log(options_for(directory.path()));
  for (std::uint64_t from = 1; from <= 11; ++from)
    for (std::uint64_t to = from; to <= 11; ++to) {
      std::vector<std::string> expected;
      for (std::uint64_t number = from; number <= to; ++number) expected.push_back(sample_line(number));
      CHECK(read(*log, from, to) == expected);
    }
}

TEST_CASE("range: the visitor may stop") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {4, 4}, true);
  const auto log = open_log(options_for(directory.path()));
  int seen = 0;
  CHECK(log->read({2}, {8}, [&](Lsn, const Record&) { return ++seen < 4; }).detail.empty());
  CHECK(seen == 4);
}

TEST_CASE("range: a record beyond the end is damage, not silence") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {2}, true);
  const auto log = open_log(options_for(directory.path()));
  CHECK(log->read({1}, {3}, [](Lsn, const Record&) { return true; }).lsn == Lsn{3});
}

TEST_CASE("range: a damaged frame is named") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {2, 2, 2}, true);
  const auto log = open_log(options_for(directory.path()));
  log->close();
  const TemporaryDirectory other;
  write_log(other.path(), {2, 2, 2}, true);
  {
    RawFrames frames(other.path());
    auto [key, frame] = frames.all()[1];
    frame[frame.size() - 1] = static_cast<char>(frame[frame.size() - 1] ^ 1);
    frames.put(key, frame);
  }
  auto opened = Log::open(options_for(other.path()));
  auto* damaged = std::get_if<std::unique_ptr<Log>>(&opened);
  if (damaged == nullptr) return;  // the opening found it
  CHECK((*damaged)->read({1}, {6}, [](Lsn, const Record&) { return true; }).lsn == Lsn{3});
}

TEST_CASE("range: it is read while it is written") {
  const TemporaryDirectory directory;
  const auto log = open_log(options_for(directory.path()));
  log->start();
  constexpr std::uint64_t records = 400;
  std::atomic<bool> done{false};
  std::thread reader([&] {
    for (bool last = false; !last;) {
      last = done.load();
      const std::uint64_t to = log->durable().value;
      if (to > 0) CHECK(read(*log, 1, to) == sample_lines(to));
    }
  });
  for (std::uint64_t number = 1; number <= records; ++number) {
    with_sample(number, [&](const Record& record) { log->append(record); });
    if (number % 5 == 0) log->commit();
  }
  log->close();
  done = true;
  reader.join();
  CHECK(log->durable() == Lsn{records});
}

}  // namespace
}  // namespace tote::wal
