// The archive: what is sealed is what the log had, whole, and only what is whole counts.
#include "wal/archive.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "tests/wal/fixture.h"
#include "wal/segment_writer.h"
#include "wal/trimmer.h"

namespace tote::wal {
namespace {

std::string seal_all(Log& log) {
  bool sealed = false;
  return log.trimmer()->seal({~0ULL}, true, {.bytes_per_s = 1ULL << 30}, sealed);
}

std::vector<std::string> read(const LogReader& log, std::uint64_t from, std::uint64_t to) {
  std::vector<std::string> lines;
  const Damage damage = log.read({from}, {to}, [&](Lsn lsn, const Record& record) {
    lines.push_back(describe(lsn, record));
    return true;
  });
  CHECK(damage.detail == "");
  return lines;
}

std::vector<std::string> lines_from(std::uint64_t from, std::uint64_t to) {
  std::vector<std::string> lines;
  for (std::uint64_t number = from; number <= to; ++number) lines.push_back(sample_line(number));
  return lines;
}

std::vector<std::string> segments(const TemporaryDirectory& directory) {
  std::vector<std::string> paths;
  if (!std::filesystem::exists(directory.path() + "/archive")) return paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path() + "/archive"))
    paths.push_back(entry.path().string());
  std::ranges::sort(paths);
  return paths;
}

// A log that was written on, sealed and trimmed at each of these sizes; still open.
std::unique_ptr<Log> trimmed_log(const std::string& directory, const std::vector<std::uint64_t>& groups) {
  auto log = open_log(options_for(directory));
  REQUIRE(log->start().detail.empty());
  for (const std::uint64_t group : groups) {
    append_group(*log, group);
    REQUIRE(seal_all(*log) == "");
    REQUIRE(log->trimmer()->trim({~0ULL}) == "");
  }
  return log;
}

}  // namespace

TEST_CASE("archive: whatever was trimmed is still read, with the log as one") {
  const TemporaryDirectory directory;
  const auto log = trimmed_log(directory.path(), {1, 3, 2, 200, 5});
  CHECK(log->first() == Lsn{1});
  CHECK(log->untrimmed() == Lsn{207});
  CHECK(segments(directory).size() == 4);
  for (const std::uint64_t from : {1, 2, 4, 5, 6, 7, 100, 206, 207, 210})
    for (const std::uint64_t to : {from, std::uint64_t{206}, std::uint64_t{207}, std::uint64_t{211}})
      if (to >= from) CHECK(read(*log, from, to) == lines_from(from, to));
  log->close();
}

TEST_CASE("archive: a log that was trimmed is replayed from its first record on, or from its own") {
  const TemporaryDirectory directory;
  trimmed_log(directory.path(), {1, 3, 2, 5})->close();
  CHECK(read_history(directory.path()).lines == sample_lines(11));
  const auto log = open_log(options_for(directory.path()));
  for (const std::uint64_t from : {1, 3, 7, 9}) {
    std::vector<std::string> lines;
    const Damage damage = log->replay({from}, [&](Lsn lsn, const Record& record) {
      lines.push_back(describe(lsn, record));
      return true;
    });
    CHECK(damage.detail == "");
    CHECK(lines == lines_from(from, 11));
  }
  REQUIRE(log->start().detail.empty());
  append_group(*log, 4);
  CHECK(read(*log, 1, 15) == sample_lines(15));
  log->close();
  CHECK(read_history(directory.path()).lines == sample_lines(15));
}

TEST_CASE("archive: the log's own records are enough to go on without it; what it had is said to be trimmed") {
  const TemporaryDirectory directory;
  trimmed_log(directory.path(), {4, 4, 4})->close();
  std::filesystem::rename(directory.path() + "/archive", directory.path("elsewhere"));
  auto log = open_log(options_for(directory.path()));
  CHECK(log->first() == Lsn{9});
  const Damage damage = log->read({3}, {12}, [](Lsn, const Record&) { return true; });
  CHECK(damage.lsn == Lsn{3});
  CHECK(damage.detail == "the log begins at LSN 9");
  CHECK(read(*log, 9, 12) == lines_from(9, 12));
  log.reset();
  LogOptions options = options_for(directory.path());
  options.archive_directory = directory.path("elsewhere");
  CHECK(read(*open_log(options), 1, 12) == sample_lines(12));
}

TEST_CASE("archive: any byte of a segment that changes is found, and the record is named") {
  const TemporaryDirectory directory;
  trimmed_log(directory.path(), {3, 40, 4})->close();
  for (const std::string& path : segments(directory)) {
    const std::string whole = read_file(path);
    for (std::size_t at = 0; at < whole.size(); at += 1 + whole.size() / 97) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ 0x10);
      write_file(path, changed);
      const History history = read_history(directory.path());
      CHECK_MESSAGE(history.damage.detail != "", path << " at " << at);
    }
    write_file(path, whole.substr(0, whole.size() - 1));
    CHECK(read_history(directory.path()).damage.detail != "");
    write_file(path, whole);
  }
  CHECK(read_history(directory.path()).lines == sample_lines(47));
}

TEST_CASE("archive: a segment that is missing is a gap, not silence") {
  const TemporaryDirectory directory;
  trimmed_log(directory.path(), {3, 3, 3, 3})->close();
  const auto paths = segments(directory);
  REQUIRE(paths.size() == 3);
  std::filesystem::remove(paths[1]);
  const auto log = open_log(options_for(directory.path()));
  CHECK(log->first() == Lsn{7});
  CHECK(log->read({4}, {12}, [](Lsn, const Record&) { return true; }).detail == "the log begins at LSN 7");
}

TEST_CASE("archive: another log's segments are refused") {
  const TemporaryDirectory directory, other;
  trimmed_log(directory.path(), {3, 3})->close();
  trimmed_log(other.path(), {3, 3})->close();
  std::filesystem::remove_all(directory.path() + "/archive");
  std::filesystem::copy(other.path() + "/archive", directory.path() + "/archive");
  const History history = read_history(directory.path());
  CHECK_FALSE(history.opened);
  CHECK(history.damage.detail.find("is another log's") != std::string::npos);
}

TEST_CASE("archive: what a crash left unfinished doesn't count, and goes") {
  const TemporaryDirectory directory;
  trimmed_log(directory.path(), {3, 3})->close();
  const std::string left = segments(directory)[0] + ".new";
  write_file(left, "half a segment");
  CHECK(read_history(directory.path()).lines == sample_lines(6));
  const auto log = trimmed_log(directory.path(), {2});
  CHECK_FALSE(std::filesystem::exists(left));
  log->close();
}

TEST_CASE("archive: a segment that is sealed and not yet trimmed is there once") {
  const TemporaryDirectory directory;
  auto log = trimmed_log(directory.path(), {3, 3});
  append_group(*log, 2);
  REQUIRE(seal_all(*log) == "");
  log->close();
  log.reset();
  CHECK(segments(directory).size() == 2);
  CHECK(read_history(directory.path()).lines == sample_lines(8));
  log = trimmed_log(directory.path(), {1});
  CHECK(segments(directory).size() == 3);
  CHECK(read(*log, 1, 9) == sample_lines(9));
  log->close();
}

TEST_CASE("archive: segments beyond their time go, oldest first, and the newest never") {
  const TemporaryDirectory directory;
  const auto log = trimmed_log(directory.path(), {3, 3, 3, 3});
  Time sixth;
  CHECK(log->read({6}, {6}, [&](Lsn, const Record& record) { return sixth = record.time, true; }).is_none());
  Archive& archive = log->trimmer()->archive();
  CHECK(archive.drop(sixth) == "");
  CHECK(log->first() == Lsn{4});
  CHECK(archive.drop({sixth.ns + 1}) == "");
  CHECK(log->first() == Lsn{7});
  CHECK(archive.drop({std::numeric_limits<std::int64_t>::max()}) == "");
  CHECK(archive.count() == 1);
  CHECK(read(*log, 7, 12) == lines_from(7, 12));
  log->close();
}

TEST_CASE("archive: its segments are smaller than the frames in them") {
  const TemporaryDirectory directory;
  const auto log = trimmed_log(directory.path(), {2'000, 1});
  std::string reason;
  const auto segment = log->trimmer()->archive().find({1}, reason);
  REQUIRE(segment != nullptr);
  CHECK(segment->footer().file_bytes() < segment->footer().raw_bytes);
  log->close();
}

}  // namespace tote::wal
