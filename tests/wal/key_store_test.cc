// Runs of finished keys: what is in them is found, for ever, or said to be damaged. Never "unknown".
#include "wal/key_store.h"

#include <doctest/doctest.h>

#include <set>

#include "tests/wal/key_fixture.h"

namespace tote::wal {
namespace {

TEST_CASE("run: every key is found with its answer, after a reopen too, and no other key is") {
  Keys keys;
  REQUIRE(put(keys.store(), 1, 3'000) == "");
  REQUIRE(put(keys.store(), 3'001, 3'010, 200'000) == "");
  for (int opening = 0; opening < 2; ++opening) {
    CHECK(keys.store().up_to() == Lsn{3'010});
    CHECK(missing(keys.store(), 1, 3'010) == 0);
    for (std::uint64_t i = 3'013; i < 4'000; ++i) CHECK(find(keys.store(), i).answer == KeyFound::Answer::absent);
    CHECK(keys.log->check_tables().detail == "");
    std::uint64_t hashes = 0;
    for (const auto& run : keys.store().runs())
      CHECK(keys.store().each_hash(run.span.last, [&](auto) { ++hashes; }) == "");
    CHECK(hashes == 3'010);
    keys.open();
  }
}

TEST_CASE("run: of a key that is there twice the newer entry is found") {
  Keys keys;
  KeyStore::Run run;
  const auto twice = [](std::uint64_t lsn) {
    return [lsn](const KeyStore::Add& add) {
      for (std::uint64_t i = lsn; i < lsn + 2; ++i) {
        Record record;
        record.time = {static_cast<std::int64_t>(i)};
        record.entity = "alice";
        record.key = "again";
        add({i}, key_hash(default_tenant, "again"), record);
      }
    };
  };
  for (const std::uint64_t lsn : {1, 11}) {
    REQUIRE(keys.store().put(twice(lsn), run) == "");
    constexpr std::array everywhere{KeyStore::Span{{1}, {100}}};
    const KeyFound found = keys.store().find(default_tenant, "again", key_hash(default_tenant, "again"), everywhere);
    CHECK(found.lsn == Lsn{lsn + 1});
  }
}

TEST_CASE("run: a death at any step of writing one loses nothing, doubles nothing, and the next one is written") {
  int steps = 0;
  for (bool is_whole = false; !is_whole; ++steps) {
    CAPTURE(steps);
    REQUIRE(steps < 100);
    Keys keys;
    REQUIRE(put(keys.store(), 1, 500) == "");
    keys.disk->changes_left = steps;
    is_whole = put(keys.store(), 501, 1'000).empty();
    keys.disk->changes_left = 0;
    for (int opening = 0; opening < 2; ++opening) {
      keys.open();
      const Lsn up_to = keys.store().up_to();
      CHECK((up_to == Lsn{500} || up_to == Lsn{1'000}));
      CHECK(missing(keys.store(), 1, up_to.value) == 0);
      CHECK(keys.files().size() == keys.store().runs().size());
      CHECK(keys.log->check_tables().detail == "");
      if (up_to == Lsn{500}) REQUIRE(put(keys.store(), 501, 1'000) == "");
      CHECK(missing(keys.store(), 1, 1'000) == 0);
    }
  }
  CHECK(steps > 5);
}

TEST_CASE("run: no byte of it can change unseen, and a key never becomes unknown by it") {
  Keys keys;
  REQUIRE(put(keys.store(), 1, 60) == "");
  const fs::path path = keys.files().front();
  const std::string sound = read_file(path.string());
  for (std::size_t at = 0; at < sound.size(); at += 7) {
    CAPTURE(at);
    std::string changed = sound;
    changed[at] = static_cast<char>(changed[at] ^ 0x20);
    write_file(path.string(), changed);
    CHECK(keys.log->check_tables().detail != "");
    for (std::uint64_t i = 1; i <= 60; i += 9) CHECK(find(keys.store(), i).answer != KeyFound::Answer::absent);
  }
}

TEST_CASE("run: a read that fails is no absent key") {
  Keys keys;
  REQUIRE(put(keys.store(), 1, 60) == "");
  keys.disk->fails_reads = true;
  const KeyFound found = find(keys.store(), 7);
  CHECK(found.answer == KeyFound::Answer::damaged);
  CHECK(found.damage.find("Input/output error") != std::string::npos);
}

TEST_CASE("run: one that is missing, cut or another one is damage, named when the log is opened") {
  for (const char* what : {"missing", "cut", "other"}) {
    CAPTURE(what);
    Keys keys;
    REQUIRE(put(keys.store(), 1, 60) == "");
    REQUIRE(put(keys.store(), 61, 120) == "");
    keys.log.reset();
    const fs::path path = keys.files().front(), other = keys.files().back();
    if (what == std::string("missing")) fs::remove(path);
    if (what == std::string("cut")) fs::resize_file(path, fs::file_size(path) - 1);
    if (what == std::string("other")) fs::copy_file(other, path, fs::copy_options::overwrite_existing);
    auto opened = Log::open(options_for(keys.directory.path()));
    REQUIRE(std::holds_alternative<Damage>(opened));
    CHECK(std::get<Damage>(opened).detail.find(path.filename().string()) != std::string::npos);
  }
}

TEST_CASE("run: it goes as a whole when its newest key is old enough, file and row") {
  Keys keys;
  for (std::uint64_t i = 0; i < 4; ++i) REQUIRE(put(keys.store(), i * 10 + 1, i * 10 + 10) == "");
  REQUIRE(keys.store().drop({29'999}) == "");
  for (int opening = 0; opening < 2; ++opening) {
    CHECK(keys.store().runs().size() == 2);
    CHECK(keys.files().size() == 2);
    CHECK(missing(keys.store(), 21, 40) == 0);
    CHECK(keys.store().up_to() == Lsn{40});
    keys.open();
  }
  REQUIRE(keys.store().drop({40'000}) == "");
  keys.open();
  CHECK(keys.store().runs().empty());
  CHECK(keys.store().up_to() == Lsn{40});
}

TEST_CASE("run: names are never given twice, and what a crash left behind is swept") {
  Keys keys;
  std::set<std::string> names;
  for (std::uint64_t i = 0; i < 5; ++i) {
    REQUIRE(put(keys.store(), i * 10 + 1, i * 10 + 10) == "");
    for (const fs::path& path : keys.files()) names.insert(path.filename().string());
    REQUIRE(keys.store().drop({1'000'000}) == "");
    write_file(keys.directory.path() + "/keys/00000000000000ff-0000000000000001.run", "left behind");
    keys.open();
    CHECK(keys.files().empty());
  }
  CHECK(names.size() == 5);
}

TEST_CASE("run: before the log starts none counts, and none is left when it doesn't") {
  Keys keys;
  REQUIRE(put(keys.store(), 1, 10) == "");
  keys.log.reset();
  {
    const auto log = open_log(options_for(keys.directory.path()));
    REQUIRE(put(*log->keys(), 11, 20) == "");
    CHECK(missing(*log->keys(), 1, 20) == 0);
  }
  CHECK(keys.files().size() == 1);
  keys.open();
  CHECK(keys.store().up_to() == Lsn{10});
}

TEST_CASE("run: a changed byte of the tables beside it is said, or harmless") {
  Keys keys;
  REQUIRE(put(keys.store(), 1, 10) == "");  // format version and log id are in different tables now
  keys.open();
  keys.log.reset();
  int refused = 0;
  for (const auto& file : fs::directory_iterator(keys.directory.path())) {
    if (file.path().extension() != ".sst") continue;
    const std::string sound = read_file(file.path().string());
    for (std::size_t at = 0; at < sound.size(); at += 11) {
      CAPTURE(file.path().filename().string());
      CAPTURE(at);
      std::string changed = sound;
      changed[at] = static_cast<char>(changed[at] ^ 0x10);
      write_file(file.path().string(), changed);
      const auto opened = Log::open(options_for(keys.directory.path()));
      const auto* damage = std::get_if<Damage>(&opened);
      if (damage == nullptr) continue;
      ++refused;
      CHECK(damage->detail != "");
    }
    write_file(file.path().string(), sound);
  }
  CHECK(refused > 10);
  keys.open();
  CHECK(missing(keys.store(), 1, 10) == 0);
}

TEST_CASE("run: a log that has one isn't opened by a program that can't read it") {
  Keys keys;
  const auto version = [&] {
    keys.log.reset();
    return RawFrames(keys.directory.path()).meta("format_version");
  };
  CHECK(version() == "1");
  keys.open();
  REQUIRE(put(keys.store(), 1, 10) == "");
  CHECK(version() == "2");
}

}  // namespace
}  // namespace tote::wal
