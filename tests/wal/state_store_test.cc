// Rows of entities beside the log, and the snapshots that count on them: what is there after a crash, and what is
// damage.
#include <doctest/doctest.h>

#include <map>

#include "tests/wal/faulty_disk.h"
#include "tests/wal/key_fixture.h"
#include "wal/state_row.h"

namespace tote::wal {
namespace {

StateRow row_of(std::string_view entity, std::uint64_t lsn, std::string_view state) {
  return {
      .tenant = "shop", .kind = 0x102, .entity = entity, .lsn = {lsn}, .first = {1}, .version = {lsn}, .state = state};
}

std::string value_of(std::string_view key, const StateRow& row) {
  std::string value;
  append_state_value(key, row, value);
  return value;
}

TEST_CASE("state row: it comes back from its bytes") {
  const StateRow row = row_of("alice", 7, std::string_view("a\0b", 3));
  const std::string key = state_key(row);
  CHECK(key == std::string("shop\0\1\2alice", 12));
  const std::string value = value_of(key, row);
  StateRow again;
  REQUIRE(read_state_row(key, value, again) == "");
  CHECK(again.tenant == "shop");
  CHECK(again.kind == 0x102);
  CHECK(again.entity == "alice");
  CHECK(again.lsn == Lsn{7});
  CHECK(again.first == Lsn{1});
  CHECK(again.version == Version{7});
  CHECK(again.state == std::string_view("a\0b", 3));
}

TEST_CASE("state row: a flipped bit, a missing end or another entity's key is damage") {
  const StateRow row = row_of("alice", 7, "state");
  const std::string key = state_key(row), value = value_of(key, row);
  StateRow again;
  for (std::size_t bit = 0; bit < value.size() * 8; ++bit) {
    CAPTURE(bit);
    std::string changed = value;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    CHECK(read_state_row(key, changed, again) != "");
  }
  for (std::size_t size = 0; size < value.size(); ++size)
    CHECK(read_state_row(key, value.substr(0, size), again) != "");
  CHECK(read_state_row(state_key(row_of("bob", 7, "")), value, again) == "its checksum is wrong");
  CHECK(read_state_row("shop", value, again) == "its key isn't one of an entity");
}

TEST_CASE("state row: an LSN, a first LSN and a version that can't belong together are damage") {
  StateRow row = row_of("alice", 7, "state"), again;
  row.version = {8};  // more changes than records
  const std::string key = state_key(row);
  CHECK(read_state_row(key, value_of(key, row), again) == "its LSNs and its version contradict each other");
  row.version = {1}, row.first = {8};
  CHECK(read_state_row(key, value_of(key, row), again) != "");
}

TEST_CASE("state row: rows sort by tenant, kind and id, behind the mark of the snapshot") {
  StateRow a = row_of("b", 1, ""), b = row_of("a", 1, "");
  b.kind = 0x103;
  CHECK(state_key(a) < state_key(b));
  b.kind = 1;
  CHECK(state_key(b) < state_key(a));
  a.tenant = "a";
  CHECK(state_key(a) < state_key(b));
  CHECK(state_mark_key < state_key(a));
}

TEST_CASE("state mark: it comes back from its bytes, and a flipped bit is damage") {
  const Snapshot mark{
      .lsn = {5}, .time = {6}, .rows = 7, .keys = 8, .keys_from = {4}, .frame_end = {9}, .frame = {1, 2}};
  const std::string bytes = snapshot_bytes(mark);
  Snapshot again;
  REQUIRE(read_snapshot(bytes, again) == "");
  CHECK(snapshot_bytes(again) == bytes);
  CHECK(again.keys_from == Lsn{4});
  CHECK(again.frame == FrameHash{1, 2});
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string changed = bytes;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    CHECK(read_snapshot(changed, again) != "");
  }
}

std::string put_row(Log& log, const std::string& entity, std::uint64_t lsn, const std::string& state) {
  const StateRow row = row_of(entity, lsn, state);
  return log.states()->put({&row, 1});
}

// entity -> "lsn state"
std::map<std::string, std::string> rows_of(const Log& log) {
  std::map<std::string, std::string> rows;
  const Damage damage = const_cast<Log&>(log).states()->each([&](const StateRow& row) {
    rows[std::string(row.entity)] = std::to_string(row.lsn.value) + " " + std::string(row.state);
    return true;
  });
  CHECK_MESSAGE(damage.is_none(), damage.detail);
  return rows;
}
using Rows = std::map<std::string, std::string>;

Lsn snapshot_of(Log& log) { return log.states()->snapshot().value_or(Snapshot{}).lsn; }

// Which records a replay from there visits; the reason when it can't.
std::string replayed(Log& log, Lsn from) {
  std::string visited;
  const Damage damage = log.replay(from, [&](Lsn lsn, const Record&) {
    visited += std::to_string(lsn.value) + " ";
    return true;
  });
  return damage.is_none() ? visited : std::to_string(damage.lsn.value) + ": " + damage.detail;
}

std::unique_ptr<Log> open_unread(const std::string& directory) {
  auto opened = Log::open(options_for(directory));
  if (const auto* damage = std::get_if<Damage>(&opened)) FAIL(damage->detail);
  return std::move(std::get<std::unique_ptr<Log>>(opened));
}

// A log of 3 frames, 2 records each; a snapshot at LSN 3 with rows of two entities; another frame.
void write_log_with_snapshot(const std::string& directory, bool closed) {
  const auto log = open_log(options_for(directory));
  log->start();
  for (int i = 0; i < 3; ++i) append_group(*log, 2);
  CHECK(put_row(*log, "alice", 3, "three") == "");
  CHECK(put_row(*log, "bob", 5, "five") == "");
  CHECK(log->states()->finish({.lsn = {3}, .time = {1}, .rows = 2}) == "");
  append_group(*log, 2);
  if (closed) log->close();
}

TEST_CASE("states: a finished snapshot is there after a close and after a kill, and its rows with it") {
  for (const bool closed : {true, false}) {
    CAPTURE(closed);
    const TemporaryDirectory directory;
    write_log_with_snapshot(directory.path(), closed);
    const auto log = open_unread(directory.path());
    REQUIRE(log->states()->snapshot().has_value());
    CHECK(snapshot_of(*log) == Lsn{3});
    CHECK(log->states()->snapshot()->frame_end == Lsn{4});
    CHECK(rows_of(*log) == Rows{{"alice", "3 three"}, {"bob", "5 five"}});
    CHECK(replayed(*log, {4}) == "4 5 6 7 8 ");
    CHECK(log->last() == Lsn{8});
    CHECK(log->start().is_none());
    append_group(*log, 1);
    CHECK(log->durable() == Lsn{9});
  }
}

TEST_CASE("states: rows of a round that wasn't finished go with a kill, or stay; the snapshot before counts") {
  const TemporaryDirectory directory;
  write_log_with_snapshot(directory.path(), true);
  {
    const auto log = open_log(options_for(directory.path()));
    log->start();
    CHECK(put_row(*log, "alice", 8, "eight") == "");
    CHECK(put_row(*log, "carol", 7, "seven") == "");
    CHECK(rows_of(*log).size() == 3);
  }
  {
    const auto log = open_log(options_for(directory.path()));
    CHECK(snapshot_of(*log) == Lsn{3});
    CHECK(rows_of(*log) == Rows{{"alice", "3 three"}, {"bob", "5 five"}});
    log->start();
    CHECK(put_row(*log, "alice", 8, "eight") == "");
    log->close();  // what is in memory goes into tables
  }
  const auto again = open_log(options_for(directory.path()));
  CHECK(snapshot_of(*again) == Lsn{3});
  CHECK(rows_of(*again) == Rows{{"alice", "8 eight"}, {"bob", "5 five"}});
}

TEST_CASE("states: the first row makes the log one that older programs refuse") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {2}, true);
  CHECK(RawFrames(directory.path()).meta("format_version") == "1");
  {
    const auto log = open_log(options_for(directory.path()));
    log->start();
    CHECK(put_row(*log, "alice", 1, "one") == "");
  }
  CHECK(RawFrames(directory.path()).meta("format_version") == "3");
}

TEST_CASE("states: who replays from a snapshot on proves that it belongs to the chain") {
  const TemporaryDirectory directory;
  write_log_with_snapshot(directory.path(), true);
  const auto all = RawFrames(directory.path()).all();
  REQUIRE(all.size() == 4);
  SUBCASE("a frame before it isn't read") {
    RawFrames(directory.path()).remove(all[0].first);
    CHECK(replayed(*open_unread(directory.path()), {4}) == "4 5 6 7 8 ");
  }
  SUBCASE("the frame that it was made at is missing") {
    RawFrames(directory.path()).remove(all[1].first);
    CHECK(replayed(*open_unread(directory.path()), {4}).find("goes on at LSN 5 instead of 3") != std::string::npos);
  }
  SUBCASE("a frame behind it is missing") {
    RawFrames(directory.path()).remove(all[2].first);
    CHECK(replayed(*open_unread(directory.path()), {4}).find("goes on at LSN 7 instead of 5") != std::string::npos);
  }
  SUBCASE("the log ends before it") {
    for (std::size_t i = 1; i < all.size(); ++i) RawFrames(directory.path()).remove(all[i].first);
    CHECK(replayed(*open_unread(directory.path()), {4}).find("doesn't reach its snapshot") != std::string::npos);
  }
  SUBCASE("another frame lies in its place, sound by itself") {
    const TemporaryDirectory other;
    write_log(other.path(), {2, 2}, true);
    const auto others = RawFrames(other.path()).all();
    RawFrames(directory.path()).put(all[1].first, others[1].second);
    CHECK(replayed(*open_unread(directory.path()), {4}).find("isn't the one that the snapshot was made at") !=
          std::string::npos);
  }
}

TEST_CASE("states: a snapshot whose rows aren't those that were written is refused") {
  const TemporaryDirectory directory;
  write_log_with_snapshot(directory.path(), true);
  const Snapshot newer{.lsn = {5}, .time = {1}, .rows = 2, .frame_end = {6}, .frame = {1, 1}};
  RawFrames(directory.path()).put_meta("snapshot", snapshot_bytes(newer));
  CHECK(read_history(directory.path()).damage.detail.find("rows of the snapshot at LSN 5 are those at LSN 3") !=
        std::string::npos);
  RawFrames(directory.path()).put_meta("snapshot", "nonsense");
  CHECK(read_history(directory.path()).damage.detail.find("has a damaged snapshot") != std::string::npos);
}

TEST_CASE("states: a process that dies at any change to the disk leaves one snapshot or the other, whole") {
  bool is_through = false;
  for (int changes = 0; !is_through; ++changes) {
    CAPTURE(changes);
    Keys on;  // a log on a disk that stops
    for (int i = 0; i < 3; ++i) append_group(*on.log, 2);
    CHECK(put_row(*on.log, "alice", 3, "three") == "");
    CHECK(on.log->states()->finish({.lsn = {3}, .time = {1}, .rows = 1}) == "");
    on.disk->changes_left = changes;
    std::string reason = put_row(*on.log, "alice", 5, "five");
    if (reason.empty()) reason = on.log->states()->finish({.lsn = {6}, .time = {1}, .rows = 1});
    is_through = reason.empty();
    on.log.reset();
    on.disk->changes_left = 1 << 30;
    const auto log = open_unread(on.directory.path());
    const Lsn snapshot = snapshot_of(*log);
    CHECK((snapshot == Lsn{3} || snapshot == Lsn{6}));
    const Rows rows = rows_of(*log);
    if (snapshot == Lsn{6} || is_through) CHECK(rows == Rows{{"alice", "5 five"}});
    if (is_through) CHECK(snapshot == Lsn{6});
    CHECK((rows == Rows{{"alice", "5 five"}} || rows == Rows{{"alice", "3 three"}}));
    CHECK(replayed(*log, snapshot.next()).ends_with(snapshot == Lsn{6} ? "" : "4 5 6 "));
    CHECK(log->last() == Lsn{6});
  }
}

TEST_CASE("states: a power cut leaves a finished snapshot, and its rows") {
  for (const bool is_finished : {true, false}) {
    CAPTURE(is_finished);
    const TemporaryDirectory directory;
    const auto disk = std::make_shared<FaultyDisk>();
    const auto env = rocksdb::NewCompositeEnv(disk);
    LogOptions options = options_for(directory.path());
    options.env = env.get();
    options.on_failure = [](const std::string&) {};
    {
      const auto log = open_log(options);
      log->start();
      append_group(*log, 3);
      CHECK(put_row(*log, "alice", 3, std::string(100'000, 'x')) == "");
      if (is_finished) CHECK(log->states()->finish({.lsn = {3}, .time = {1}, .rows = 1}) == "");
      disk->cut_power();
    }
    disk->forget_unsynced();
    const auto log = open_unread(directory.path());
    CHECK(snapshot_of(*log) == (is_finished ? Lsn{3} : Lsn{}));
    CHECK(rows_of(*log).size() == (is_finished ? 1 : 0));
    CHECK(replayed(*log, {1}) == "1 2 3 ");
  }
}

TEST_CASE("states: many rows, some of them large, are all there, in order") {
  const TemporaryDirectory directory;
  LogOptions options = options_for(directory.path());
  options.table_bytes = 64 << 10;  // tables are made all the time
  {
    const auto log = open_log(options);
    log->start();
    append_group(*log, 3);
    for (std::uint64_t i = 0; i < 2'000; ++i)
      REQUIRE(put_row(*log, "e" + std::to_string(i % 1'000), 1 + i / 1'000,
                      std::string(i % 97 * (i % 89 == 0 ? 500 : 1), 'x')) == "");
    CHECK(log->states()->finish({.lsn = {3}, .time = {1}, .rows = 1'000}) == "");
  }
  const auto log = open_unread(directory.path());
  const Rows rows = rows_of(*log);
  REQUIRE(rows.size() == 1'000);
  for (std::uint64_t i = 1'000; i < 2'000; ++i)
    CHECK(rows.at("e" + std::to_string(i % 1'000)) == "2 " + std::string(i % 97 * (i % 89 == 0 ? 500 : 1), 'x'));
}

}  // namespace
}  // namespace tote::wal
