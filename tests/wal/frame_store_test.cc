// Frames of several machines on one disk: what was written is there again, a cut leaves a log that goes on, and nobody
// but a program that keeps the promise writes to it.
#include "wal/frame_store.h"

#include <doctest/doctest.h>

#include <cstring>
#include <filesystem>

#include "tests/places.h"
#include "tests/wal/fixture.h"
#include "wal/codec.h"
#include "wal/store.h"

namespace tote::wal {
namespace {

struct Kept {
  TemporaryDirectory directory;
  LogOptions options = options_for(directory.path());
  std::shared_ptr<FrameStore> frames = open_frames(options);
  FrameEnd end = frames->end();

  void add(std::uint32_t count, std::uint32_t epoch) {
    const FrameEnd before = end;
    REQUIRE(append(*frames, frame_behind(end, count, epoch), before));
  }
  void reopen() {
    frames.reset();
    frames = open_frames(options);
  }
  std::vector<FrameEnd> ends() const {
    std::vector<FrameEnd> all;
    frames->each_after({}, [&](std::string_view frame) {
      FrameHeader header;
      REQUIRE(open_frame(frame, header).empty());
      all.push_back({header.last, hash_of(frame)});
      return true;
    });
    return all;
  }
  std::vector<std::string> files(const std::string& beginning) const {
    std::vector<std::string> found;
    for (const auto& at : std::filesystem::directory_iterator(directory.path()))
      if (at.path().filename().string().starts_with(beginning)) found.push_back(at.path().filename());
    return found;
  }
};

TEST_CASE("frames: those of any epoch, and of none, are one log that is there again") {
  Kept kept;
  kept.add(3, 0);
  kept.add(2, 1);
  kept.add(1, 7);
  kept.reopen();
  CHECK(kept.frames->end() == kept.end);
  const auto ends = kept.ends();
  REQUIRE(ends.size() == 3);
  for (const FrameEnd& end : ends) CHECK(kept.frames->has(end));
  CHECK(kept.frames->has(kept.frames->begin()));
  CHECK_FALSE(kept.frames->has({{5}, ends[0].hash}));
  CHECK_FALSE(kept.frames->has({{4}, ends[1].hash}));
  CHECK_FALSE(kept.frames->has({{9}, ends[2].hash}));
  CHECK(kept.frames->end_after({}) == ends[0]);
  CHECK(kept.frames->end_after({3}) == ends[1]);
  CHECK(kept.frames->end_after({4}) == ends[1]);
  CHECK(read_history(kept.directory.path()).lines == sample_lines(6));
}

TEST_CASE("frames: a promise is there again, and only a program that keeps it writes to the log") {
  Kept kept;
  CHECK(kept.frames->promised() == 0);
  CHECK(kept.frames->is_blank());
  REQUIRE(kept.frames->promise(3));
  REQUIRE(kept.frames->promise(9));
  kept.add(2, 9);
  kept.reopen();
  CHECK(kept.frames->promised() == 9);
  kept.frames.reset();
  CHECK(RawFrames(kept.directory.path()).meta("format_version") == "4");
  const auto refused = Log::open(kept.options);
  REQUIRE(std::holds_alternative<Damage>(refused));
  CHECK(std::get<Damage>(refused).detail.find("belongs to a cluster (epoch 9)") != std::string::npos);
  CHECK(read_history(kept.directory.path()).lines == sample_lines(2));  // reading is for all
}

TEST_CASE("frames: a log of one machine becomes one of several, with all that it has") {
  TemporaryDirectory directory;
  write_log(directory.path(), {2, 3}, true);
  const auto frames = open_frames(options_for(directory.path()));
  CHECK(frames->end().last == Lsn{5});
  FrameEnd end = frames->end();
  CHECK(append(*frames, frame_behind(end, 1, 1), frames->end()));
  CHECK(read_history(directory.path()).lines == sample_lines(6));
}

TEST_CASE("frames: a log without a record takes the id of another, or is made with it") {
  const std::string id = "0123456789abcdef0123456789abcdef";
  Kept kept;
  CHECK(kept.frames->change_id(id) == "");
  kept.end = kept.frames->end();
  kept.add(1, 1);
  kept.reopen();
  CHECK(kept.frames->id() == id);
  TemporaryDirectory other;
  LogOptions options = options_for(other.path());
  options.id = id;
  CHECK(open_frames(options)->begin() == kept.frames->begin());
}

TEST_CASE("frames: what is cut lies aside, and the log goes on at the same LSN with another frame") {
  Kept kept;
  REQUIRE(kept.frames->promise(1));
  kept.add(2, 1);
  const FrameEnd common = kept.end;
  kept.add(2, 1);
  kept.add(3, 1);
  REQUIRE(kept.frames->cut(common, 4));
  kept.end = common;
  kept.add(1, 4);
  CHECK(kept.ends().size() == 2);
  kept.reopen();
  CHECK(kept.frames->end() == kept.end);
  CHECK(kept.ends() == std::vector<FrameEnd>{common, kept.end});
  CHECK(kept.files("cut-") == std::vector<std::string>{"cut-4-2"});
  const std::string aside = read_file(kept.directory.path() + "/cut-4-2");
  std::uint64_t size = 0;
  REQUIRE(aside.size() > sizeof size);
  std::memcpy(&size, aside.data(), sizeof size);
  FrameHeader header;
  REQUIRE(open_frame(std::string_view(aside).substr(sizeof size, size), header).empty());
  CHECK(header.first == Lsn{3});
  CHECK(header.last == Lsn{4});
  CHECK(aside.size() > sizeof size + size);
  CHECK(read_history(kept.directory.path()).lines == sample_lines(3));
}

// Kept alive by what is in RocksDB's own log, and by what is in tables.
TEST_CASE("frames: a cut outlives a close and a kill") {
  for (const bool closed : {false, true}) {
    Kept kept;
    kept.add(2, 1);
    const FrameEnd common = kept.end;
    kept.add(2, 1);
    if (closed) kept.reopen();
    REQUIRE(kept.frames->cut(common, 2));
    if (!closed) {
      std::filesystem::copy(kept.directory.path(), kept.directory.path("copy"),
                            std::filesystem::copy_options::recursive);
      const auto copied = open_frames(options_for(kept.directory.path("copy")));
      CHECK(copied->end() == common);
    }
    kept.reopen();
    CHECK(kept.frames->end() == common);
  }
}

TEST_CASE("frames: a frame that doesn't follow, or isn't whole, is never written") {
  for (const bool is_whole : {true, false}) {
    Kept kept;
    std::string why;
    kept.frames.reset();
    kept.options.on_failure = [&](const std::string& sentence) { why = sentence; };
    kept.frames = open_frames(kept.options);
    kept.add(2, 1);
    FrameEnd elsewhere{kept.end.last, {1, 2}};
    std::string frame = frame_behind(is_whole ? elsewhere : kept.end, 1, 1);
    const FrameEnd before = kept.frames->end_after({1});
    if (!is_whole) frame.back() ^= 1;
    CHECK_FALSE(append(*kept.frames, frame, before));
    CHECK(why.starts_with("a frame can't be taken: "));
    CHECK(kept.ends().size() == 1);
  }
}

TEST_CASE("frames: below a snapshot nothing is cut: somebody has broken a promise") {
  Kept kept;
  std::string why;
  kept.frames.reset();
  kept.options.on_failure = [&](const std::string& sentence) { why = sentence; };
  kept.frames = open_frames(kept.options);
  kept.add(2, 1);
  const FrameEnd common = kept.end;
  kept.add(2, 1);
  CHECK(kept.frames->store().states().finish({.lsn = {4}, .time = {1}, .rows = 0, .keys = 0, .keys_from = {5}}) == "");
  CHECK_FALSE(kept.frames->cut(common, 2));
  CHECK(why == "the log can't be cut to LSN 2: there is a snapshot at LSN 4");
  CHECK(kept.files("cut-").empty());
  CHECK(kept.ends().size() == 2);
}

const std::filesystem::path golden = std::filesystem::path(::tests::source_directory()) / "tests/golden/cluster-v4";

// A record that says nothing, at the time of the sample record in whose place it is.
std::string beginning_of(FrameEnd& end, std::uint32_t epoch) {
  RecordEncoder encoder;
  std::string records;
  with_sample(end.last.value + 1, [&](const Record& record) { encoder.append({.time = record.time}, records); });
  FrameBuilder builder;
  const auto made = builder.build(end.last.next(), 1, records, end.hash, epoch);
  end = {end.last.next(), made.hash};
  return std::string(made.header).append(made.payload);
}

std::string listing_of(const std::string& directory) {
  std::string out;
  for (const std::string& line : read_history(directory).lines) out += line + '\n';
  return out;
}

// Kept as the recipe; a written golden log is never written again.
TEST_CASE("frames golden: write" * doctest::skip()) {
  REQUIRE_FALSE(std::filesystem::exists(golden));
  const std::string log = (golden / "log").string();
  write_log(log, {3}, true);
  {
    const auto frames = open_frames(options_for(log));
    FrameEnd end = frames->end();
    const auto add = [&](const auto& made) {
      const FrameEnd before = end;
      const std::string frame = made();
      REQUIRE(append(*frames, frame, before));
    };
    REQUIRE(frames->promise(2));
    add([&] { return beginning_of(end, 2); });
    add([&] { return frame_behind(end, 200, 2); });
    const FrameEnd common = end;
    add([&] { return frame_behind(end, 2, 2); });
    REQUIRE(frames->promise(5));
    REQUIRE(frames->cut(common, 5));
    end = common;
    add([&] { return beginning_of(end, 5); });
    add([&] { return frame_behind(end, 3, 5); });
  }
  write_file((golden / "expected.txt").string(), listing_of(log));
  for (const auto& entry : std::filesystem::directory_iterator(log)) {
    const std::string name = entry.path().filename().string();  // not needed to open, and full of this machine
    if (name.starts_with("LO") || name.starts_with("OPTIONS")) std::filesystem::remove(entry.path());
  }
}

TEST_CASE("frames golden: a log that three machines kept reads as it did, and goes on") {
  const TemporaryDirectory directory;
  std::filesystem::copy(golden / "log", directory.path());
  CHECK(listing_of(directory.path()) == read_file((golden / "expected.txt").string()));
  const auto frames = open_frames(options_for(directory.path()));
  CHECK(frames->promised() == 5);
  CHECK(frames->end().last == Lsn{208});
  FrameEnd end = frames->end();
  CHECK(append(*frames, frame_behind(end, 1, 6), frames->end()));
  CHECK(std::filesystem::exists(golden / "log" / "cut-5-204"));
}

}  // namespace
}  // namespace tote::wal
