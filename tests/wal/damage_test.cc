// Frames that were changed, moved or lost inside an intact RocksDB: found, named by LSN, never skipped.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/wal/fixture.h"
#include "wal/frame.h"
#include "wal/log.h"
#include "wal/store.h"
#include "wal/store_options.h"

namespace tote::wal {
namespace {

// Frames 1..3, 4..6, 7..9.
struct SmallLog {
  SmallLog() { write_log(directory.path(), {3, 3, 3}, true); }

  // The records before the damaged frame, and a refusal at its first LSN.
  void expect_damage(std::uint64_t lsn, const std::string& detail) const {
    const History history = read_history(directory.path());
    CHECK(history.damage.lsn == Lsn{lsn});
    CHECK_MESSAGE(history.damage.detail.find(detail) != std::string::npos, history.damage.detail);
    CHECK(history.lines == sample_lines(lsn - 1));
  }

  TemporaryDirectory directory;
};

// Every bit is frame_test's; here a sample goes the whole way.
TEST_CASE("damage: a flipped byte of any frame is named by the frame's first LSN") {
  const SmallLog log;
  RawFrames raw(log.directory.path());
  const auto frames = raw.all();
  REQUIRE(frames.size() == 3);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    for (std::size_t at = 0; at < frames[i].second.size(); at += 13) {
      std::string flipped = frames[i].second;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
      raw.put(frames[i].first, flipped);
      const History history = read_history(log.directory.path());
      REQUIRE_FALSE(history.damage.detail.empty());
      REQUIRE(history.damage.lsn == Lsn{i * 3 + 1});
      REQUIRE(history.lines == sample_lines(i * 3));
    }
    raw.put(frames[i].first, frames[i].second);
  }
  CHECK(read_history(log.directory.path()).lines == sample_lines(9));
}

TEST_CASE("damage: two frames swapped") {
  const SmallLog log;
  RawFrames raw(log.directory.path());
  const auto frames = raw.all();
  raw.put(frames[1].first, frames[2].second);
  raw.put(frames[2].first, frames[1].second);
  log.expect_damage(4, "a key that isn't its first LSN");
}

TEST_CASE("damage: a frame repeated under another key") {
  const SmallLog log;
  RawFrames raw(log.directory.path());
  raw.put(frame_key({10}), raw.all()[2].second);
  log.expect_damage(10, "a key that isn't its first LSN");
}

TEST_CASE("damage: a middle frame lost") {
  const SmallLog log;
  RawFrames raw(log.directory.path());
  raw.remove(frame_key({4}));
  log.expect_damage(4, "the log goes on at LSN 7 instead of 4");
}

TEST_CASE("damage: the first frame lost") {
  const SmallLog log;
  RawFrames raw(log.directory.path());
  raw.remove(frame_key({1}));
  log.expect_damage(1, "the log goes on at LSN 4 instead of 1");
}

TEST_CASE("damage: a frame of another log in the same place") {
  const SmallLog log;
  const SmallLog other;
  RawFrames raw(log.directory.path());
  const RawFrames raw_other(other.directory.path());
  for (const std::size_t i : {0U, 1U, 2U}) {
    const auto mine = raw.all()[i];
    raw.put(mine.first, raw_other.all()[i].second);
    log.expect_damage(i * 3 + 1, "doesn't follow from the one before it");
    raw.put(mine.first, mine.second);
  }
}

TEST_CASE("damage: a frame replaced by another valid one breaks the chain after it") {
  const SmallLog log;
  RawFrames raw(log.directory.path());
  const auto frames = raw.all();
  FrameHeader header;
  REQUIRE(open_frame(frames[1].second, header).empty());
  std::string bytes = frames[1].second.substr(frame_header_bytes);
  const std::size_t at = bytes.find("key-5");
  REQUIRE(at != std::string::npos);
  bytes[at + 4] = '6';
  FrameBuilder builder;
  const FrameBuilder::Frame forged = builder.build(header.first, header.count, bytes, header.previous);
  raw.put(frames[1].first, std::string(forged.header) + std::string(forged.payload));
  const History history = read_history(log.directory.path());
  CHECK(history.damage.lsn == Lsn{7});
  CHECK(history.lines.size() == 6);
}

TEST_CASE("damage: bytes after a frame") {
  const SmallLog log;
  RawFrames raw(log.directory.path());
  const auto frames = raw.all();
  raw.put(frames[2].first, frames[2].second + '\0');
  log.expect_damage(7, "checksum");
}

TEST_CASE("damage: a key that is no LSN") {
  const SmallLog log;
  RawFrames raw(log.directory.path());
  raw.put("stray", raw.all()[0].second);
  log.expect_damage(10, "");
}

TEST_CASE("damage: a frame whose records aren't records") {
  const SmallLog log;
  RawFrames raw(log.directory.path());
  FrameBuilder builder;
  const std::string junk("\x0c\0\0\0junkjunkjunk", 16);
  const FrameBuilder::Frame frame = builder.build({10}, 1, junk, hash_of(raw.all()[2].second));
  raw.put(frame_key({10}), std::string(frame.header) + std::string(frame.payload));
  log.expect_damage(10, "a record's bytes aren't a record");
}

TEST_CASE("damage: a changed byte in a RocksDB table is named too") {
  const SmallLog log;
  for (const auto& [key, frame] : RawFrames(log.directory.path()).all()) REQUIRE_FALSE(frame.empty());
  std::vector<std::string> tables;
  for (const auto& entry : std::filesystem::directory_iterator(log.directory.path())) {
    if (entry.path().extension() == ".sst") tables.push_back(entry.path().string());
  }
  int changed = 0;
  for (const std::string& path : tables) {
    std::string bytes = read_file(path);
    const std::size_t at = bytes.find("key-5");
    if (at == std::string::npos) continue;
    bytes[at] = 'K';
    write_file(path, bytes);
    ++changed;
  }
  REQUIRE(changed == 1);
  const History history = read_history(log.directory.path());
  CHECK(history.damage.detail.find("checksum mismatch") != std::string::npos);
  CHECK(history.damage.lsn == Lsn{1});  // all three frames lie in the one block
  CHECK(history.lines.empty());
}

}  // namespace
}  // namespace tote::wal
