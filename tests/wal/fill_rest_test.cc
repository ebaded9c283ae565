// A fill that broke off: what has come whole is taken for the next one's where its bytes are proved to be the same, and
// nothing else is.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "tests/wal/fill_fixture.h"
#include "wal/backup.h"
#include "wal/fill_check.h"

namespace tote::wal {
namespace {

namespace files = std::filesystem;

std::vector<std::string> rest_of(const Owned& node) {
  std::vector<std::string> found;
  for (const char* directory : {"/fill", "/archive/fill"}) {
    if (!files::exists(node.options.directory + directory)) continue;
    for (const auto& entry : files::directory_iterator(node.options.directory + directory))
      if (entry.is_regular_file()) found.push_back(entry.path());
  }
  return found;
}

std::string table_of_rest(const Owned& node) {
  for (const std::string& path : rest_of(node))
    if (path.ends_with(".sst")) return path;
  return {};
}

// All but the last page came, and the node has begun again since, as after a kill.
void break_off(Two& two) {
  {
    std::string reason;
    const auto image = FillImage::make(two.owner.frames, reason);
    REQUIRE(image != nullptr);
    FillTarget target(two.node.options, filled_log_id, two.node.end);
    while (!target.is_whole()) {
      const FillTarget::Place before = target.next();
      FillImage::Page page;
      REQUIRE(image->read(before.number, before.offset, page) == "");
      if (target.bytes_max() > 0 && target.bytes() + page.bytes.size() == target.bytes_max()) break;
      REQUIRE(target.take(page.size, page.bytes) == "");
    }
    CHECK(target.kept_bytes() == 0);
  }
  REQUIRE(two.node.start_again().is_none());
  CHECK(two.node.end.last == Lsn{});
  REQUIRE(table_of_rest(two.node) != "");
}

// Returns how many bytes were there already.
std::uint64_t fill_again(Two& two) {
  FillTarget target(two.node.options, filled_log_id, two.node.end);
  REQUIRE(send_all(two.owner, target) == "");
  CHECK(target.bytes() == target.bytes_max());
  REQUIRE(target.finish() == "");
  REQUIRE(two.node.start_again().is_none());
  CHECK(two.node.end == two.owner.end);
  CHECK_FALSE(two.node.has("fill"));
  CHECK_FALSE(two.node.has("archive/fill"));
  return target.kept_bytes();
}

TEST_CASE("rest of a fill: what is whole, and the same, isn't sent again") {
  Two two;
  break_off(two);
  std::uint64_t bytes = 0;
  for (const std::string& path : rest_of(two.node))
    if (is_written_once(path)) bytes += files::file_size(path);
  CHECK(fill_again(two) == bytes);
}

TEST_CASE("rest of a fill: a file of another byte, though of the same name and size, is sent again") {
  Two two;
  break_off(two);
  const std::string table = table_of_rest(two.node);
  const std::uint64_t bytes = files::file_size(table);
  std::fstream file(table, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(bytes / 2));
  const char was = static_cast<char>(file.get());
  file.seekp(static_cast<std::streamoff>(bytes / 2));
  file.put(static_cast<char>(was ^ 1));
  file.close();
  std::uint64_t all = 0;
  for (const std::string& path : rest_of(two.node))
    if (is_written_once(path)) all += files::file_size(path);
  CHECK(fill_again(two) == all - bytes);
}

TEST_CASE("rest of a fill: what the new image hasn't, is longer, or was never whole goes") {
  Two two;
  break_off(two);
  const std::string image = two.node.options.directory + "/fill/";
  const std::string table = table_of_rest(two.node);
  std::ofstream(table, std::ios::app) << "more";
  for (const char* name : {"999999.sst", "000007.sst.part", "CURRENT", "keys/1.run"})
    std::ofstream(image + name) << "x";
  FillTarget target(two.node.options, filled_log_id, two.node.end);
  std::string reason;
  const auto made = FillImage::make(two.owner.frames, reason);
  REQUIRE(send_pages(*made, target, 1) == "");
  CHECK_FALSE(files::exists(table));
  for (const char* name : {"999999.sst", "000007.sst.part", "CURRENT", "keys/1.run"})
    CHECK_FALSE(files::exists(image + name));
  REQUIRE(send_pages(*made, target) == "");
  CHECK(target.finish() == "");
}

TEST_CASE("rest of a fill: an owner that can't prove it gives all anew") {
  Two two;
  break_off(two);
  {
    std::string reason;
    const auto image = FillImage::make(two.owner.frames, reason);
    FillTarget target(two.node.options, filled_log_id, two.node.end);
    while (!FillImage::is_check(target.next().offset)) REQUIRE(send_pages(*image, target, 1) == "");
    target.distrust_rest();
    target.leave();
  }
  CHECK(rest_of(two.node).empty());
  CHECK(fill_again(two) == 0);
}

TEST_CASE("rest of a fill: it is dropped where no image is wanted any more") {
  Two two;
  break_off(two);
  CHECK(FillTarget::has_rest(two.node.options));
  CHECK(FillTarget::drop_rest(two.node.options) == "");
  CHECK_FALSE(FillTarget::has_rest(two.node.options));
  CHECK_FALSE(two.node.has("fill"));
}

TEST_CASE("rest of a fill: a large file is proved piece by piece") {
  TemporaryDirectory directory;
  Owned node(directory.path("node"));
  constexpr std::uint64_t bytes = 2 * FillImage::check_bytes + 5;
  const std::string run = "keys/00000000000000000001-00000000000000000009.run",
                    here = node.options.directory + "/fill/";
  const std::string there = directory.path("theirs");
  files::create_directories(here + "keys");
  for (const std::string& path : {here + run, there}) {
    std::ofstream(path).put('k');
    files::resize_file(path, bytes);  // zeros, of which the disk has none
  }
  BackupList list;
  list.log_id = filled_log_id;
  list.files[run].bytes = bytes;
  const std::string text = list.text();
  FillTarget target(node.options, filled_log_id, node.end);
  REQUIRE(target.take(text.size(), text) == "");
  std::vector<std::uint64_t> asked;
  while (!target.is_whole()) {
    REQUIRE(FillImage::is_check(target.next().offset));
    asked.push_back(target.next().offset & ~FillImage::check_from);
    std::string checksum;
    REQUIRE(check_of(*rocksdb::Env::Default(), there, asked.back(), bytes, checksum) == "");
    REQUIRE(target.take(bytes, checksum) == "");
  }
  CHECK(asked == std::vector<std::uint64_t>{0, FillImage::check_bytes, 2 * FillImage::check_bytes});
  CHECK(target.kept_bytes() == bytes);

  // One byte of the last piece is another one: all of it is sent.
  std::fstream file(there, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(bytes - 1));
  file.put('x');
  file.close();
  FillTarget other(node.options, filled_log_id, node.end);
  REQUIRE(other.take(text.size(), text) == "");
  for (std::size_t i = 0; i < asked.size(); ++i) {
    std::string checksum;
    REQUIRE(check_of(*rocksdb::Env::Default(), there, asked[i], bytes, checksum) == "");
    REQUIRE(other.take(bytes, checksum) == "");
  }
  CHECK(other.next() == FillTarget::Place{1, 0});
  CHECK(other.kept_bytes() == 0);
}

}  // namespace
}  // namespace tote::wal
