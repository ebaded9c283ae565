// A refused open leaves the directory as it was, byte for byte, and nothing that lies in one reaches an assertion.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <thread>

#include "tests/wal/faulty_disk.h"
#include "tests/wal/fixture.h"
#include "wal/file_name.h"
#include "wal/log.h"

namespace tote::wal {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> contents(const std::string& directory) {
  std::map<std::string, std::string> files;
  for (const auto& at : fs::directory_iterator(directory))
    files[at.path().filename().string()] = at.is_regular_file() ? read_file(at.path().string()) : "";
  return files;
}

void flip(const std::string& path, std::size_t at, std::size_t bit) {
  std::string bytes = read_file(path);
  bytes[at] = static_cast<char>(bytes[at] ^ (1U << bit));
  write_file(path, bytes);
}

std::string path_of_any(const std::string& directory, const std::function<bool(const std::string&)>& is_it) {
  std::string found;
  for (const auto& [name, bytes] : contents(directory))
    if (is_it(name) && !bytes.empty()) found = directory + "/" + name;
  REQUIRE_FALSE(found.empty());
  return found;
}

// Opens for writing. Refused: nothing may have changed.
History open_unchanged(const std::string& directory) {
  const auto before = contents(directory);
  History history = read_history(options_for(directory));
  if (!history.damage.detail.empty()) CHECK(contents(directory) == before);
  return history;
}

TEST_CASE("refusal: whatever is wrong, the directory is as it was") {
  const TemporaryDirectory directory;
  const std::string path = directory.path();
  write_log(path, {2, 2}, true);
  write_log(path, {2, 2}, false);
  const auto manifest = path_of_any(path, [](const auto& name) { return is_manifest_name(name); });
  const auto table = path_of_any(path, [](const auto& name) { return is_table_name(name); });
  SUBCASE("a changed byte in RocksDB's log") { flip(recovery_file_path(path), 40, 3); }
  SUBCASE("a changed byte in the MANIFEST") { flip(manifest, 60, 1); }
  SUBCASE("a changed length in the MANIFEST's last record") { flip(manifest, read_file(manifest).size() - 40, 7); }
  SUBCASE("a changed byte in CURRENT") { flip(path + "/CURRENT", 3, 0); }
  SUBCASE("CURRENT names another MANIFEST") { flip(path + "/CURRENT", 13, 0); }
  SUBCASE("a table's end") { fs::resize_file(table, fs::file_size(table) - 10); }
  SUBCASE("a table's footer") { flip(table, fs::file_size(table) - 50, 6); }
  SUBCASE("a missing table") { fs::remove(table); }
  SUBCASE("a missing MANIFEST") { fs::remove(manifest); }
  SUBCASE("no CURRENT") { fs::remove(path + "/CURRENT"); }
  SUBCASE("without a LOCK file") {
    fs::remove(path + "/LOCK");
    flip(recovery_file_path(path), 40, 3);
  }
  SUBCASE("a name with a number beyond all numbers") { write_file(path + "/99999999999999999999999.log", "?"); }
  SUBCASE("a name with the highest number") { write_file(path + "/18446744073709551615.sst", "?"); }
  const History history = open_unchanged(path);
  CHECK_FALSE(history.damage.detail.empty());
  CHECK_FALSE(read_history(path).damage.detail.empty());
}

TEST_CASE("refusal: a frame that is found wrong in replay was found before anything changed") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {2, 2, 2}, false);
  {
    RawFrames raw(directory.path());
    const auto frames = raw.all();
    raw.put(frames[1].first, frames[2].second);
  }
  const History history = open_unchanged(directory.path());
  CHECK(history.opened);
  CHECK(history.damage.lsn == Lsn{3});
}

TEST_CASE("refusal: names that RocksDB wouldn't give its files are none of them") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {2, 2}, false);
  for (const char* name : {"notes.log", "00000004.log", "4.log", "MANIFEST-5", "x.sst"})
    write_file(directory.path() + "/" + name, "mine");
  CHECK(read_history(directory.path()).lines == sample_lines(4));
  CHECK(read_history(options_for(directory.path())).lines == sample_lines(4));
  CHECK(read_file(directory.path() + "/notes.log") == "mine");
}

TEST_CASE("refusal: each flipped bit of MANIFEST, CURRENT and of the footers of tables is found or harmless") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {2, 2}, true);
  write_log(directory.path(), {2, 2}, false);
  for (const auto& file : contents(directory.path())) {
    const std::string &name = file.first, &bytes = file.second;
    const bool is_table = is_table_name(name);
    if (!is_table && !is_manifest_name(name) && name != "CURRENT") continue;
    const std::string path = directory.path() + "/" + name;
    std::size_t harmless = 0;
    for (std::size_t at = is_table ? bytes.size() - 53 : 0; at < bytes.size(); at += name == "CURRENT" ? 1 : 3) {
      flip(path, at, at % 8);
      const History history = read_history(directory.path());
      CAPTURE(name);
      CAPTURE(at);
      if (history.damage.detail.empty()) {
        ++harmless;
        REQUIRE(history.lines == sample_lines(8));
      }
      write_file(path, bytes);
    }
    if (!is_table) CHECK(harmless == 0);
  }
}

TEST_CASE("refusal: a start without room says how much to free, and starts when that is free") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {2, 2}, false);
  const auto disk = std::make_shared<FaultyDisk>();
  const auto env = rocksdb::NewCompositeEnv(disk);
  LogOptions options = options_for(directory.path());
  options.env = env.get();
  disk->set_free_bytes(3 << 20);
  const auto before = contents(directory.path());
  {
    const auto log = open_log(options);
    const std::string detail = log->start().detail;
    CHECK_MESSAGE(
        detail.find("needs 16 MiB of free disk to be opened and has 3: free 14 MiB more") != std::string::npos, detail);
  }
  CHECK(contents(directory.path()) == before);
  disk->set_free_bytes(17 << 20);
  const auto log = open_log(options);
  CHECK(log->start().detail.empty());
  append_group(*log, 1);
  disk->set_free_bytes(1 << 20);
  log->close();  // leaves the tables to the next start
  CHECK(read_history(directory.path()).lines == sample_lines(5));
}

TEST_CASE("refusal: a reader beside a writer that makes tables all the time is never refused") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {1}, true);
  LogOptions options = options_for(directory.path());
  options.table_bytes = 64 << 10;
  const auto log = open_log(options);
  REQUIRE(log->start().detail.empty());
  std::atomic<bool> stopped{false};
  std::atomic<std::uint64_t> durable{1};
  std::thread writer([&] {
    for (int group = 0; !stopped && group < 600; ++group) {
      append_group(*log, 20);
      durable = log->durable().value;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  for (int round = 0; round < 60; ++round) {
    const std::uint64_t least = durable;
    const History history = read_history(directory.path());
    CHECK_MESSAGE(history.damage.detail.empty(), history.damage.detail);
    CHECK(history.lines.size() >= least);
  }
  stopped = true;
  writer.join();
  log->close();
}

}  // namespace
}  // namespace tote::wal
