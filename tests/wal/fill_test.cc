// An image of one node's log takes the place of another's: page by page, proved, and swapped at the next start; what is
// the node's own stays.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/wal/fill_fixture.h"

namespace tote::wal {
namespace {

namespace files = std::filesystem;

TEST_CASE("fill: the image takes the log's place, and what the node has promised stays") {
  Two two;
  {
    FillTarget target(two.node.options, filled_log_id, two.node.end);
    REQUIRE(send_all(two.owner, target) == "");
    CHECK(target.bytes() == target.bytes_max());
    REQUIRE(target.finish() == "");
  }
  CHECK(two.node.frames->end().last == Lsn{});  // as long as it runs
  CHECK_FALSE(two.owner.has("fill.links"));
  REQUIRE(two.node.start_again().is_none());
  const FrameStore& frames = *two.node.frames;
  CHECK(frames.end() == two.owner.end);
  CHECK(frames.promised() == 4);
  CHECK(frames.begin() == two.owner.frames->begin());
  std::string disk;
  CHECK(two.node.frames->disk_of("n3", disk) == "");
  CHECK(disk == two.disk);
  Lsn shipped{7};
  CHECK(two.node.frames->store().shipped_to(shipped) == "");
  CHECK(shipped == Lsn{});
  for (const char* name : {"fill", "fill.whole", "fill.ready", "fill.moving", "archive/fill"})
    CHECK_FALSE(two.node.has(name));
  two.node.add(2, 5);
  REQUIRE(two.node.start_again().is_none());
  CHECK(two.node.end.last == Lsn{22});
}

TEST_CASE("fill: a log that has taken something since it asked is not replaced") {
  Two two;
  {
    FillTarget target(two.node.options, filled_log_id, two.node.end);
    REQUIRE(send_all(two.owner, target) == "");
    REQUIRE(target.finish() == "");
  }
  two.node.add(3, 4);
  REQUIRE(two.node.start_again().is_none());
  CHECK(two.node.end.last == Lsn{3});
  CHECK_FALSE(two.node.has("fill.whole"));
  CHECK_FALSE(two.node.has("fill"));
}

TEST_CASE("fill: an image that has less than the log, or is of another one, is refused") {
  Two two;
  for (int i = 0; i < 3; ++i) two.node.add(10, 4);
  FillTarget longer(two.node.options, filled_log_id, two.node.end);
  CHECK(send_all(two.owner, longer).starts_with("has less than this node"));
  CHECK(longer.blames_sender());
  FillTarget other(two.node.options, std::string(32, 'a'), {});
  CHECK(send_all(two.owner, other).starts_with("has the log " + filled_log_id));
  CHECK_FALSE(two.node.has("fill"));
}

TEST_CASE("fill: without room nothing is taken, and it may be tried again") {
  Two two;
  LogOptions options = two.node.options;
  options.disk_free_bytes_min = std::uint64_t{1} << 60;
  FillTarget target(options, filled_log_id, two.node.end);
  const std::string reason = send_all(two.owner, target);
  CHECK(reason.find("too little room") != std::string::npos);
  CHECK(target.lacks_room());
  CHECK_FALSE(target.blames_sender());
  target.leave();
  CHECK_FALSE(two.node.has("fill"));
}

TEST_CASE("fill: what isn't the page that was asked for, or has another name than a log's file, is refused") {
  Two two;
  FillTarget target(two.node.options, filled_log_id, two.node.end);
  CHECK(target.take(10, "") != "");
  std::string list = "tote backup 1\nlog " + filled_log_id + "\nlast 20\nfile 0 5 ../../evil\n";
  FillTarget evil(two.node.options, filled_log_id, two.node.end);
  BackupList named;
  named.log_id = filled_log_id;
  named.last = {20};
  named.files["keys/../../evil.run"] = {5, 0};
  list = named.text();
  CHECK(evil.take(list.size(), list).find("isn't of a log") != std::string::npos);
  FillTarget cut(two.node.options, filled_log_id, two.node.end);
  CHECK(cut.take(list.size(), std::string_view(list).substr(0, list.size() - 1)) == "");
  CHECK(cut.take(list.size(), "x").find("isn't whole") != std::string::npos);
}

TEST_CASE("fill: an image that isn't sound is never let count") {
  Two two;
  FillTarget target(two.node.options, filled_log_id, two.node.end);
  REQUIRE(send_all(two.owner, target) == "");
  for (const auto& entry : files::directory_iterator(two.node.options.directory + "/fill")) {
    if (entry.path().extension() != ".sst") continue;
    std::fstream table(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    table.seekp(static_cast<std::streamoff>(entry.file_size() / 3));
    table.put('\x7f');
  }
  CHECK(target.finish() != "");
  CHECK_FALSE(two.node.has("fill.whole"));
  target.leave();
  REQUIRE(two.node.start_again().is_none());
  CHECK(two.node.end.last == Lsn{});
  CHECK_FALSE(two.node.has("fill"));
}

TEST_CASE("fill: in the middle of it the log is nobody else's") {
  Two two;
  two.node.frames.reset();
  std::ofstream(two.node.options.directory + "/fill.ready");
  CHECK(read_history(two.node.options.directory).damage.detail.find("being filled") != std::string::npos);
  auto opened = FrameStore::open(two.node.options);
  REQUIRE(std::holds_alternative<Damage>(opened));
}

}  // namespace
}  // namespace tote::wal
