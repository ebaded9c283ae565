// An image of one node's log takes the place of another's: page by page, proved, and swapped at the next start; what is
// the node's own stays.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/wal/fixture.h"
#include "wal/codec.h"
#include "wal/fill_image.h"
#include "wal/fill_swap.h"
#include "wal/fill_target.h"
#include "wal/store.h"
#include "wal/trimmer.h"

namespace tote::wal {
namespace {

namespace files = std::filesystem;

const std::string filled_log_id = "00112233445566778899aabbccddeeff";

struct Owned {
  explicit Owned(const std::string& directory) : options(options_for(directory)) {
    options.id = filled_log_id;
    open();
  }
  void open() {
    auto opened = FrameStore::open(options);
    if (const auto* damage = std::get_if<Damage>(&opened)) FAIL(damage->detail);
    frames = std::get<std::shared_ptr<FrameStore>>(opened);
    end = frames->end();
  }
  void add(std::uint32_t count, std::uint32_t epoch) {
    RecordEncoder encoder;
    std::string records;
    for (std::uint32_t i = 0; i < count; ++i)
      with_sample(end.last.value + i + 1, [&](const Record& record) { encoder.append(record, records); });
    FrameBuilder builder;
    const auto made = builder.build(end.last.next(), count, records, end.hash, epoch);
    const std::string frame = std::string(made.header).append(made.payload);
    const std::string_view one(frame);
    REQUIRE(frames->append({&one, 1}, end));
    end = {{end.last.value + count}, made.hash};
  }
  void trim(Lsn below) {
    Trimmer trimmer(frames->store());
    bool sealed = false;
    CHECK(trimmer.seal(below, true, {}, sealed) == "");
    CHECK(sealed);
    CHECK(trimmer.trim(below) == "");
  }
  // As a start of a node does.
  Damage start_again() {
    frames.reset();
    Damage damage = take_fill(options);
    if (damage.is_none()) open();
    return damage;
  }
  bool has(const char* name) const { return files::exists(options.directory + "/" + name); }

  LogOptions options;
  std::shared_ptr<FrameStore> frames;
  FrameEnd end;
};

std::string send_all(Owned& owner, FillTarget& target) {
  std::string reason;
  const auto image = FillImage::make(owner.frames, reason);
  for (FillImage::Page page; reason.empty() && !target.is_whole();) {
    reason = image->read(target.next().number, target.next().offset, page);
    if (reason.empty()) reason = target.take(page.size, page.bytes);
  }
  return reason;
}

struct Two {
  TemporaryDirectory directory;
  Owned owner{directory.path("owner")}, node{directory.path("node")};
  std::string disk;

  // The owner's log begins at LSN 6 and has a segment; the node has promised more than it, and shipped something.
  Two() {
    for (int i = 0; i < 4; ++i) owner.add(5, 3);
    REQUIRE(owner.frames->promise(3));
    owner.trim({11});
    REQUIRE(node.frames->disk_of("n3", disk) == "");
    REQUIRE(node.frames->promise(4));
  }
};

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
  CHECK(other.blames_sender());
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
  target.drop();
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
