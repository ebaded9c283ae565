// RocksDB's own log, byte by byte: a torn tail is the end, anything else is refused by LSN, and what is read is always
// an exact prefix of what was written.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/wal/fixture.h"
#include "wal/log.h"
#include "wal/recovery_file.h"

namespace tote::wal {
namespace {

// Four frames of 1, 2, 1 and 2 records, all in one file of RocksDB's own log, as kill -9 leaves them.
struct UnflushedLog {
  UnflushedLog() {
    write_log(directory.path(), {1, 2, 1, 2}, false);
    path = recovery_file_path(directory.path());
    bytes = read_file(path);
    RecoveryFile file(bytes);
    RecoveryFile::Group group;
    while (file.next(group)) ends.push_back(file.end());
    REQUIRE(ends.size() == lines.size());
    REQUIRE(ends.back() == bytes.size());
  }

  // Groups that are whole when everything from `at` on is lost.
  std::size_t groups_before(std::size_t at) const {
    std::size_t count = 0;
    while (count < ends.size() && ends[count] <= at) ++count;
    return count;
  }
  History read_with(const std::string& changed) const {
    write_file(path, changed);
    return read_history(directory.path());
  }

  TemporaryDirectory directory;
  std::string path;
  std::string bytes;
  std::vector<std::size_t> ends;                     // of each group in the file
  const std::vector<std::size_t> lines{1, 3, 4, 6};  // in the log after each group
};

// Each flip opens RocksDB, which is slow where every thread is watched; the other builds try every byte.
#ifdef __SANITIZE_THREAD__
constexpr std::size_t flips_every = 13;
#else
constexpr std::size_t flips_every = 1;
#endif

TEST_CASE("recovery: every flip of RocksDB's log is a refusal by LSN, or a torn tail in the last group") {
  const UnflushedLog log;
  std::size_t torn = 0;
  for (std::size_t at = 0; at < log.bytes.size(); at += flips_every) {
    std::string changed = log.bytes;
    changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
    const History history = log.read_with(changed);
    const std::size_t whole = log.groups_before(at);
    const std::size_t records = whole == 0 ? 0 : log.lines[whole - 1];
    if (history.damage.detail.empty()) {
      REQUIRE(whole == log.ends.size() - 1);  // nothing but the last group
      REQUIRE(history.lines == sample_lines(records));
      ++torn;
    } else {
      REQUIRE(history.damage.lsn == Lsn{records + 1});
      REQUIRE(history.lines.size() <= records);
      REQUIRE(history.lines == sample_lines(history.lines.size()));
    }
  }
  CHECK(torn <= 2);  // the length of the last group's only fragment
}

TEST_CASE("recovery: every bit of every length and type byte is judged") {
  const UnflushedLog log;
  std::size_t begin = 0;
  for (std::size_t group = 0; group < log.ends.size(); begin = log.ends[group++]) {
    for (std::size_t bit = 4 * 8; bit < 7 * 8; ++bit) {
      std::string changed = log.bytes;
      changed[begin + bit / 8] = static_cast<char>(changed[begin + bit / 8] ^ (1 << (bit % 8)));
      const History history = log.read_with(changed);
      const std::size_t records = group == 0 ? 0 : log.lines[group - 1];
      if (group + 1 < log.ends.size()) {
        REQUIRE_FALSE(history.damage.detail.empty());
        REQUIRE(history.damage.lsn == Lsn{records + 1});
      } else {
        REQUIRE(history.lines == sample_lines(history.damage.detail.empty() ? records : 0));
      }
    }
  }
}

TEST_CASE("recovery: a truncation of RocksDB's log is a torn tail after the last whole group") {
  const UnflushedLog log;
  for (std::size_t size = 0; size < log.bytes.size(); size += 2) {
    const History history = log.read_with(log.bytes.substr(0, size));
    const std::size_t whole = log.groups_before(size);
    REQUIRE(history.damage.detail.empty());
    REQUIRE(history.lines == sample_lines(whole == 0 ? 0 : log.lines[whole - 1]));
  }
}

TEST_CASE("recovery: every truncation, as bytes") {
  const UnflushedLog log;
  for (std::size_t size = 0; size < log.bytes.size(); ++size) {
    const std::string cut = log.bytes.substr(0, size);
    RecoveryFile file(cut);
    RecoveryFile::Group group;
    std::size_t groups = 0;
    while (file.next(group)) ++groups;
    REQUIRE(groups == log.groups_before(size));
    const bool at_group = groups == 0 ? size == 0 : size == log.ends[groups - 1];
    REQUIRE(file.tail() == (at_group ? RecoveryFile::Tail::none : RecoveryFile::Tail::torn));
  }
}

TEST_CASE("recovery: a tail of zeros, as a power cut leaves it, is a torn tail") {
  const UnflushedLog log;
  const std::string whole = log.bytes.substr(0, log.ends[2]);
  for (const std::size_t zeros : {1U, 7U, 600U, 5000U, 40'000U}) {
    const History history = log.read_with(whole + std::string(zeros, '\0'));
    CHECK(history.damage.detail.empty());
    CHECK(history.lines == sample_lines(4));
  }
}

TEST_CASE("recovery: zeros in the middle are damage") {
  const UnflushedLog log;
  std::string changed = log.bytes;
  changed.replace(log.ends[0], log.ends[1] - log.ends[0], log.ends[1] - log.ends[0], '\0');
  const History history = log.read_with(changed);
  CHECK(history.damage.lsn == Lsn{2});
  CHECK(history.damage.detail.find("before its last group") != std::string::npos);
}

TEST_CASE("recovery: damage leaves the directory as it was") {
  const UnflushedLog log;
  std::string changed = log.bytes;
  changed[log.ends[0] + 20] = static_cast<char>(changed[log.ends[0] + 20] ^ 1);
  write_file(log.path, changed);
  const History history = read_history(options_for(log.directory.path()));  // for writing
  CHECK(history.damage.lsn == Lsn{2});
  CHECK_FALSE(history.opened);
  CHECK(read_file(log.path) == changed);
  CHECK(log.read_with(log.bytes).lines == sample_lines(6));  // repaired by hand, nothing else was lost
}

TEST_CASE("recovery: after a torn tail the log goes on, again and again") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {1, 1, 1}, false);
  for (int round = 0; round < 3; ++round) {
    const std::string path = recovery_file_path(directory.path());
    const std::string bytes = read_file(path);
    write_file(path, bytes.substr(0, bytes.size() - 3));
    const auto log = open_log(options_for(directory.path()));
    CHECK(log->last() == Lsn{2});
    log->start();
    append_group(*log, 1);
    CHECK(read_history(directory.path()).lines == sample_lines(3));
  }
}

TEST_CASE("recovery: an old torn file that comes back after a power cut doesn't matter") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {1, 1, 1}, false);
  const std::string path = recovery_file_path(directory.path());
  const std::string torn = read_file(path).substr(0, read_file(path).size() - 3);
  write_file(path, torn);
  {
    const auto log = open_log(options_for(directory.path()));
    log->start();
    append_group(*log, 1);
  }
  REQUIRE_FALSE(std::filesystem::exists(path));
  write_file(path, torn);
  CHECK(read_history(directory.path()).lines == sample_lines(3));
  CHECK(open_log(options_for(directory.path()))->last() == Lsn{3});
}

TEST_CASE("recovery: a file of RocksDB's log that vanished is noticed") {
  const UnflushedLog log;
  std::filesystem::remove(log.path);
  for (const auto& entry : std::filesystem::directory_iterator(log.directory.path())) {
    if (entry.path().extension() == ".log") std::filesystem::remove(entry.path());
  }
  CHECK(read_history(log.directory.path()).damage.detail.find("newest records") != std::string::npos);
}

// A group of several blocks: fragments, block ends and trailers.
struct LargeGroups {
  LargeGroups() {
    const auto log = open_log(options_for(directory.path()));
    log->start();
    std::uint64_t state = 1;
    for (std::int64_t ns = 1; ns <= 4; ++ns) {
      std::string answer(50'000, '\0');
      for (char& c : answer) c = static_cast<char>((state = state * 6364136223846793005ULL + 1) >> 56);
      Record record;
      record.time = {ns};
      record.answer = answer;
      log->append(record);
      log->commit();
      while (log->durable() < log->last()) {
      }
    }
  }
  TemporaryDirectory directory;
};

TEST_CASE("recovery: large groups: flips are judged as in small ones") {
  const LargeGroups log;
  const std::string path = recovery_file_path(log.directory.path());
  const std::string bytes = read_file(path);
  RecoveryFile file(bytes);
  RecoveryFile::Group group;
  std::vector<std::size_t> ends;
  while (file.next(group)) ends.push_back(file.end());
  REQUIRE(ends.size() == 4);
  for (std::size_t at = 5; at < bytes.size(); at += 9973) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    write_file(path, changed);
    const History history = read_history(log.directory.path());
    std::size_t whole = 0;
    while (ends[whole] <= at) ++whole;
    REQUIRE_FALSE(history.damage.detail.empty());
    REQUIRE(history.damage.lsn == Lsn{whole + 1});
  }
}

TEST_CASE("recovery: large groups: a hole in the last group is torn, in an earlier one it is damage") {
  const LargeGroups log;
  const std::string path = recovery_file_path(log.directory.path());
  const std::string bytes = read_file(path);
  for (const bool last : {false, true}) {
    std::string changed = bytes;
    const std::size_t page = (last ? bytes.size() - 20'000 : bytes.size() / 3) / 4096 * 4096;
    changed.replace(page, 4096, 4096, '\0');
    write_file(path, changed);
    const History history = read_history(log.directory.path());
    CHECK(history.damage.detail.empty() == last);
    CHECK(history.damage.lsn == Lsn{last ? 0U : 2U});
    if (last) CHECK(history.lines.size() == 3);
  }
}

}  // namespace
}  // namespace tote::wal
