// Directories that are not what they should be, and those that are in use.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "tests/wal/fixture.h"
#include "wal/log.h"
#include "wal/store_options.h"

namespace tote::wal {
namespace {

bool says(const History& history, const std::string& text) {
  return !history.opened && history.damage.detail.find(text) != std::string::npos;
}

TEST_CASE("directory: a new one is the owner's alone, parents included when missing") {
  const TemporaryDirectory directory;
  const std::string path = directory.path("a/b/log");
  open_log(options_for(path));
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("directory: one that can't be created is refused") {
  const TemporaryDirectory directory;
  write_file(directory.path("file"), "a file, not a directory");
  const History history = read_history(options_for(directory.path("file/log")));
  CHECK_FALSE(history.opened);
  CHECK(history.damage.lsn == Lsn{0});
  CHECK_FALSE(history.damage.detail.empty());
}

TEST_CASE("directory: a foreign one with files is refused and left alone") {
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory.path());
  write_file(directory.path("log/notes.txt"), "mine");
  CHECK(says(read_history(options_for(directory.path())), "holds files but no log"));
  CHECK(std::distance(std::filesystem::directory_iterator(directory.path()), {}) == 1);
}

TEST_CASE("directory: a foreign RocksDB database is refused and left alone") {
  const TemporaryDirectory directory;
  {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    REQUIRE(rocksdb::DB::Open(options, directory.path(), &db).ok());
    delete db;
  }
  CHECK(says(read_history(options_for(directory.path())), "isn't a log"));
  std::vector<std::string> families;
  REQUIRE(rocksdb::DB::ListColumnFamilies(rocksdb::Options(), directory.path(), &families).ok());
  CHECK(families.size() == 1);
}

TEST_CASE("directory: a second open of the same log is refused while the first lives") {
  const TemporaryDirectory directory;
  {
    const auto log = open_log(options_for(directory.path()));
    const History history = read_history(options_for(directory.path()));
    CHECK(says(history, "is in use by another engine or process"));
    CHECK(history.damage.lsn == Lsn{0});
  }
  CHECK(read_history(options_for(directory.path())).opened);
}

TEST_CASE("directory: reading creates nothing") {
  const TemporaryDirectory directory;
  CHECK(says(read_history(directory.path()), "holds no log"));
  CHECK_FALSE(std::filesystem::exists(directory.path()));
}

TEST_CASE("directory: reading changes nothing") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {2, 2}, false);
  std::vector<std::pair<std::string, std::string>> before;
  const auto files = [&] {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
      out.emplace_back(entry.path().string(), read_file(entry.path().string()));
    }
    std::sort(out.begin(), out.end());
    return out;
  };
  before = files();
  CHECK(read_history(directory.path()).lines == sample_lines(4));
  CHECK(files() == before);
}

TEST_CASE("directory: a format version of the future is refused") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {1}, true);
  RawFrames(directory.path()).put_meta(meta_format_version, "5");
  const History history = read_history(options_for(directory.path()));
  CHECK(says(history, "has format version 5, this program reads versions up to 4"));
}

TEST_CASE("directory: a lost log id is refused") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {1}, true);
  RawFrames(directory.path()).put_meta(meta_log_id, "");
  CHECK(says(read_history(options_for(directory.path())), "no readable log id"));
}

TEST_CASE("directory: another log's id doesn't fit the chain") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {1}, true);
  RawFrames(directory.path()).put_meta(meta_log_id, std::string(32, 'a'));
  const History history = read_history(directory.path());
  CHECK(history.damage.lsn == Lsn{1});
  CHECK(history.lines.empty());
}

TEST_CASE("directory: a lost CURRENT file is damage, not a new log") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {1}, true);
  std::filesystem::remove(directory.path("log/CURRENT"));
  CHECK(says(read_history(options_for(directory.path())), "no CURRENT file"));
}

TEST_CASE("directory: a creation that a crash cut short is finished by the next open") {
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory.path());
  write_file(directory.path("log/tote.creating"), "");
  SUBCASE("before RocksDB") {}
  SUBCASE("while RocksDB made its first file") { write_file(directory.path("log/MANIFEST-000001"), "half"); }
  SUBCASE("before the column families") {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    REQUIRE(rocksdb::DB::Open(options, directory.path(), &db).ok());
    delete db;
  }
  CHECK_FALSE(read_history(directory.path()).opened);
  write_log(directory.path(), {2}, true);
  CHECK(read_history(directory.path()).lines == sample_lines(2));
  CHECK_FALSE(std::filesystem::exists(directory.path("log/tote.creating")));
}

TEST_CASE("directory: a creation marker that came back after a power cut is only removed") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {2}, true);
  write_file(directory.path("log/tote.creating"), "");
  CHECK(read_history(options_for(directory.path())).lines == sample_lines(2));
  CHECK_FALSE(std::filesystem::exists(directory.path("log/tote.creating")));
}

}  // namespace
}  // namespace tote::wal
