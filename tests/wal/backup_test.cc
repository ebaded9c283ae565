// Backups, and what is made of them: a log as of any record, proved, and another history.
#include "wal/backup.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/wal/faulty_disk.h"
#include "tests/wal/fixture.h"
#include "wal/restore.h"
#include "wal/trimmer.h"

namespace tote::wal {
namespace {

constexpr std::uint64_t quickly = 1ULL << 40;

BackupDone back_up(Log& log, const std::string& to) {
  BackupDone done;
  REQUIRE(log.trimmer()->back_up({.to = to, .bytes_per_s = quickly}, done) == "");
  return done;
}

void trim(Log& log) {
  bool sealed = false;
  REQUIRE(log.trimmer()->seal({~0ULL}, true, {.bytes_per_s = quickly}, sealed) == "");
  REQUIRE(log.trimmer()->trim({~0ULL}) == "");
}

std::unique_ptr<Log> running(const std::string& directory) {
  auto log = open_log(options_for(directory));
  REQUIRE(log->start().detail.empty());
  return log;
}

std::string id_of(const std::string& directory) {
  LogOptions options = options_for(directory);
  options.read_only = true;
  return open_log(options)->id();
}

}  // namespace

TEST_CASE("backup: made while the log is written, it is a log itself, and the next one links what is the same") {
  const TemporaryDirectory directory;
  const std::string to = directory.path("backups");
  const auto log = running(directory.path());
  append_group(*log, 500);
  const BackupDone first = back_up(*log, to);
  CHECK(first.last == Lsn{500});
  CHECK(first.linked_bytes == 0);
  append_group(*log, 5);
  const BackupDone second = back_up(*log, to);
  CHECK(second.linked_bytes > 0);
  CHECK(read_history(to + "/" + first.name).lines == sample_lines(500));
  CHECK(read_history(to + "/" + second.name).lines == sample_lines(505));
  append_group(*log, 5);
  log->close();
  CHECK(read_history(directory.path()).lines == sample_lines(510));
  CHECK_FALSE(std::filesystem::exists(directory.path() + "/" + backup_links_name));
}

TEST_CASE("restore: everything, as another history that names its parent, and goes on") {
  const TemporaryDirectory directory;
  auto log = running(directory.path());
  for (const std::uint64_t group : {3, 40, 2}) {
    append_group(*log, group);
    trim(*log);
  }
  back_up(*log, directory.path("backups"));
  const std::string id = log->id();
  log->close();
  log.reset();
  RestoreDone done;
  const std::string to = directory.path("restored");
  REQUIRE(restore({.from = directory.path("backups"), .to = to}, done) == "");
  CHECK(done.last == Lsn{45});
  CHECK(done.parent_id == id);
  CHECK(id_of(to) == done.log_id);
  CHECK(done.log_id != id);
  CHECK(read_history(to).lines == sample_lines(45));
  log = running(to);
  append_group(*log, 5);
  trim(*log);
  log->close();
  CHECK(read_history(to).lines == sample_lines(50));
}

TEST_CASE(
    "restore: every record is an end that can be asked for, in the log, in the archive, in the middle of a frame") {
  const TemporaryDirectory directory;
  auto log = running(directory.path());
  for (const std::uint64_t group : {3, 4, 2}) {
    append_group(*log, group);
    trim(*log);
  }
  append_group(*log, 3);
  back_up(*log, directory.path("backups"));
  log->close();
  for (std::uint64_t until = 1; until <= 12; ++until) {
    const std::string to = directory.path("restored" + std::to_string(until));
    RestoreDone done;
    CHECK(restore({.from = directory.path("backups"), .to = to, .until = {until}}, done) == "");
    CHECK(read_history(to).lines == sample_lines(until));
    log = running(to);
    append_group(*log, 2);
    log->close();
    CHECK(read_history(to).lines == sample_lines(until + 2));
  }
  RestoreDone done;
  CHECK(restore({.from = directory.path("backups"), .to = directory.path("never"), .until = {13}}, done) ==
        "the backup ends at LSN 12");
  CHECK_FALSE(std::filesystem::exists(directory.path("never")));
}

TEST_CASE("restore: by time, no record after it") {
  const TemporaryDirectory directory;
  auto log = running(directory.path());
  append_group(*log, 9);
  Time sixth;
  CHECK(log->read({6}, {6}, [&](Lsn, const Record& record) { return sixth = record.time, true; }).is_none());
  back_up(*log, directory.path("backups"));
  log->close();
  RestoreDone done;
  CHECK(restore({.from = directory.path("backups"), .to = directory.path("then"), .until_time = sixth}, done) == "");
  CHECK(done.last == Lsn{6});
  CHECK(read_history(directory.path("then")).lines == sample_lines(6));
}

TEST_CASE("restore: a backup that has changed is refused, whatever the file, and nothing is left") {
  const TemporaryDirectory directory;
  auto log = running(directory.path());
  append_group(*log, 30);
  trim(*log);
  append_group(*log, 30);
  trim(*log);
  const std::string backup = directory.path("backups") + "/" + back_up(*log, directory.path("backups")).name;
  log->close();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(backup)) {
    if (!entry.is_regular_file() || entry.file_size() == 0) continue;
    const std::string path = entry.path().string(), whole = read_file(path);
    std::string changed = whole;
    changed[whole.size() / 2] = static_cast<char>(changed[whole.size() / 2] ^ 1);
    write_file(path, changed);
    RestoreDone done;
    CHECK_MESSAGE(restore({.from = backup, .to = directory.path("restored")}, done) != "", path);
    CHECK_FALSE(std::filesystem::exists(directory.path("restored")));
    write_file(path, whole);
  }
  RestoreDone done;
  CHECK(restore({.from = backup, .to = directory.path("restored")}, done) == "");
}

TEST_CASE("restore: never over something that is there, never from something that isn't a backup") {
  const TemporaryDirectory directory;
  auto log = running(directory.path());
  append_group(*log, 3);
  back_up(*log, directory.path("backups"));
  log->close();
  RestoreDone done;
  CHECK(restore({.from = directory.path("backups"), .to = directory.path()}, done).find("isn't empty") !=
        std::string::npos);
  CHECK(restore({.from = directory.path(), .to = directory.path("new")}, done).find("holds no backup") !=
        std::string::npos);
  CHECK(read_history(directory.path()).lines == sample_lines(3));
}

TEST_CASE("backup: one that was stopped, or ran out of room, is none, and what it left goes with the next") {
  const TemporaryDirectory directory;
  const std::string to = directory.path("backups");
  const auto log = running(directory.path());
  append_group(*log, 200);
  const std::atomic<bool> stopped{true};
  BackupDone done;
  CHECK(log->trimmer()->back_up({.to = to, .stopped = &stopped}, done) != "");
  CHECK(backups_in(*rocksdb::FileSystem::Default(), to).empty());
  back_up(*log, to);
  CHECK(backups_in(*rocksdb::FileSystem::Default(), to).size() == 1);
  for (const auto& entry : std::filesystem::directory_iterator(to))
    CHECK_FALSE(entry.path().string().ends_with(".new"));
  log->close();
}

}  // namespace tote::wal
