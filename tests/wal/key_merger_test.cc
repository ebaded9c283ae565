// Runs of keys that become one: what is in them is found before, while and after, whatever stops it.
#include "wal/key_merger.h"

#include <doctest/doctest.h>

#include <random>
#include <thread>

#include "tests/wal/key_fixture.h"

namespace tote::wal {
namespace {

KeyMerger::Options few(std::size_t runs_max) { return {.limits = {.runs_max = runs_max, .at_once_max = 4}}; }

// Runs of `keys` keys each, the first with the LSN 1. The LSN of the last.
std::uint64_t put_runs(KeyStore& store, std::size_t runs, std::uint64_t keys, std::uint64_t after = 0) {
  for (std::size_t i = 0; i < runs; ++i, after += keys) REQUIRE(put(store, after + 1, after + keys) == "");
  return after;
}

// To its end, or to its first failure, which is returned.
std::string merge(KeyStore& store, const KeyMerger::Options& options) {
  KeyMerger merger(store, options);
  for (;;) {
    const KeyMerger::Step step = merger.step();
    if (step == KeyMerger::Step::idle) return {};
    if (step == KeyMerger::Step::failed) return merger.failure();
  }
}

std::uint64_t hashes(const KeyStore& store) {
  std::uint64_t count = 0;
  for (const auto& run : store.runs()) CHECK(store.each_hash(run.span.last, [&](auto) { ++count; }) == "");
  return count;
}

TEST_CASE("merge: several runs become one in which every key is found, and no other, after a reopen too") {
  Keys keys;
  const std::uint64_t last = put_runs(keys.store(), 4, 3'000);
  REQUIRE(put(keys.store(), last + 1, last + 10, 200'000) == "");
  REQUIRE(merge(keys.store(), few(1)) == "");
  for (int opening = 0; opening < 2; ++opening) {
    CHECK(keys.store().runs().size() == 1);
    CHECK(keys.files().size() == 1);
    CHECK(keys.store().up_to() == Lsn{last + 10});
    CHECK(keys.store().runs().front().span.first == Lsn{1});
    CHECK(missing(keys.store(), 1, last + 10) == 0);
    for (std::uint64_t i = last + 13; i < last + 1'000; ++i)
      CHECK(find(keys.store(), i).answer == KeyFound::Answer::absent);
    CHECK(hashes(keys.store()) == last + 10);
    CHECK(keys.log->check_tables().detail == "");
    keys.open();
  }
}

TEST_CASE("merge: of a key that is there twice the newer entry is found, and another run's keys keep their place") {
  Keys keys;
  KeyStore::Run run;
  const auto again = [](std::uint64_t lsn) {
    return [lsn](const KeyStore::Add& add) {
      Record record;
      record.time = {static_cast<std::int64_t>(lsn)};
      record.entity = "alice";
      record.key = "again";
      add({lsn}, key_hash(default_tenant, "again"), record);
    };
  };
  const auto found = [&](Lsn first, Lsn last) {
    const std::array span{KeyStore::Span{first, last}};
    return keys.store().find(default_tenant, "again", key_hash(default_tenant, "again"), span);
  };
  for (const std::uint64_t lsn : {1, 2, 3, 4, 5}) REQUIRE(keys.store().put(again(lsn), run) == "");
  REQUIRE(merge(keys.store(), few(2)) == "");
  const auto runs = keys.store().runs();
  REQUIRE(runs.size() == 2);
  CHECK(found({1}, {100}).lsn == Lsn{5});
  for (const auto& each : runs) {
    CHECK(found(each.span.first, each.span.last).lsn == each.span.last);
    CHECK(found(each.span.first, each.span.first).lsn == each.span.last);  // in the run that it is in
  }
  keys.open();
  CHECK(found({1}, {100}).lsn == Lsn{5});
}

TEST_CASE("merge: however many runs are written, few stay, and a key is seldom written again") {
  Keys keys;
  constexpr std::uint64_t runs = 300, keys_per_run = 20;
  KeyMerger merger(keys.store(), few(6));
  std::size_t most = 0;
  for (std::uint64_t i = 0; i < runs; ++i) {
    put_runs(keys.store(), 1, keys_per_run, i * keys_per_run);
    for (int step = 0; step < 12; ++step) merger.step();
    most = std::max(most, keys.store().count());
  }
  CHECK(most <= 6 + 3 * 3);
  CHECK(missing(keys.store(), 1, runs * keys_per_run) == 0);
  CHECK(keys.files().size() <= keys.store().count() + 3);
}

TEST_CASE("merge: while a large one goes on small ones pass it") {
  Keys keys;
  std::uint64_t last = 0;
  for (int i = 0; i < 4; ++i, last += 40) REQUIRE(put(keys.store(), last + 1, last + 40, 300'000) == "");
  KeyMerger merger(keys.store(), few(2));
  REQUIRE(merger.step() == KeyMerger::Step::more);
  last = put_runs(keys.store(), 6, 10, last);
  std::size_t fewest = keys.store().count();
  bool small_ones_passed = false;
  while (merger.step() != KeyMerger::Step::idle) {
    if (keys.store().count() < fewest && keys.store().runs().front().keys == 40) small_ones_passed = true;
    fewest = std::min(fewest, keys.store().count());
  }
  CHECK(small_ones_passed);
  CHECK(keys.store().count() <= 2);
  CHECK(missing(keys.store(), 1, last) == 0);
}

TEST_CASE("merge: a death at any step of it loses nothing, and what it left is swept") {
  int steps = 0;
  for (bool is_whole = false; !is_whole; ++steps) {
    CAPTURE(steps);
    REQUIRE(steps < 200);
    Keys keys;
    put_runs(keys.store(), 4, 200);
    keys.disk->changes_left = steps;
    is_whole = merge(keys.store(), few(1)).empty() && keys.disk->changes_left > 0;
    keys.disk->changes_left = 0;
    for (int opening = 0; opening < 2; ++opening) {
      keys.open();
      CHECK((keys.store().count() == 1 || keys.store().count() == 4));
      CHECK(keys.files().size() == keys.store().count());
      CHECK(missing(keys.store(), 1, 800) == 0);
      CHECK(hashes(keys.store()) == 800);
      CHECK(keys.log->check_tables().detail == "");
    }
    REQUIRE(merge(keys.store(), few(1)) == "");
    CHECK(keys.store().count() == 1);
    REQUIRE(put(keys.store(), 801, 820) == "");
    CHECK(missing(keys.store(), 1, 820) == 0);
  }
  CHECK(steps > 8);
}

TEST_CASE("merge: a run that can't be read stays as it is, is told, and the others go on") {
  Keys keys;
  put_runs(keys.store(), 9, 60);
  const std::string path = keys.store().files()[4].reader->path();
  const std::string sound = read_file(path);
  for (std::size_t at = 0; at + 112 < sound.size(); at += 97) {
    CAPTURE(at);
    std::string changed = sound;
    changed[at] = static_cast<char>(changed[at] ^ 0x04);
    write_file(path, changed);
    KeyMerger::Options options = few(8);
    options.limits.at_once_max = 9;
    std::vector<Damage> told;
    options.on_damage = [&](const Damage& damage) { told.push_back(damage); };
    REQUIRE(merge(keys.store(), options) == "");
    const bool is_met = !told.empty();  // the tables aren't read again
    if (!is_met) break;
    CHECK(told.front().detail.find(path) != std::string::npos);
    CHECK(told.front().lsn == Lsn{241});
    CHECK(std::filesystem::exists(path));
    write_file(path, sound);
    CHECK(missing(keys.store(), 1, 540) == 0);
    if (keys.store().count() < 9) break;
  }
  CHECK(keys.store().count() < 9);
  CHECK(std::filesystem::exists(path));
  CHECK(missing(keys.store(), 1, 540) == 0);
}

TEST_CASE("merge: a read that fails leaves everything as it was") {
  Keys keys;
  put_runs(keys.store(), 4, 60);
  keys.disk->fails_reads = true;
  KeyMerger::Options options = few(1);
  std::string told;
  options.on_damage = [&](const Damage& damage) { told = damage.detail; };
  REQUIRE(merge(keys.store(), options) == "");
  CHECK(told.find("Input/output error") != std::string::npos);
  CHECK(keys.store().count() == 4);
  CHECK(keys.files().size() == 4);
  keys.disk->fails_reads = false;
  CHECK(missing(keys.store(), 1, 240) == 0);
  REQUIRE(merge(keys.store(), options) == "");
  CHECK(keys.store().count() == 1);
}

TEST_CASE("merge: no byte of what it made can change unseen") {
  Keys keys;
  put_runs(keys.store(), 3, 20);
  REQUIRE(merge(keys.store(), few(1)) == "");
  const std::string path = keys.files().front().string(), sound = read_file(path);
  for (std::size_t at = 0; at < sound.size(); at += 11) {
    CAPTURE(at);
    std::string changed = sound;
    changed[at] = static_cast<char>(changed[at] ^ 0x20);
    write_file(path, changed);
    CHECK(keys.log->check_tables().detail != "");
    for (std::uint64_t i = 1; i <= 60; i += 9) CHECK(find(keys.store(), i).answer != KeyFound::Answer::absent);
  }
}

TEST_CASE("merge: runs whose retention ends meanwhile go, and nothing of them comes back") {
  for (std::int64_t dropped = 1; dropped <= 5; ++dropped) {
    CAPTURE(dropped);
    Keys keys;
    put_runs(keys.store(), 5, 10);
    {
      KeyMerger merger(keys.store(), few(2));
      REQUIRE(merger.step() == KeyMerger::Step::more);
      REQUIRE(keys.store().drop({dropped * 10'000}) == "");
      while (merger.step() == KeyMerger::Step::more) {
      }
    }
    for (int opening = 0; opening < 2; ++opening) {
      CHECK(keys.files().size() == keys.store().count());
      CHECK(missing(keys.store(), static_cast<std::uint64_t>(dropped) * 10 + 1, 50) == 0);
      for (const auto& run : keys.store().runs()) CHECK(run.span.first > Lsn{static_cast<std::uint64_t>(dropped) * 10});
      keys.open();
    }
  }
}

TEST_CASE("merge: a run isn't made to outlive the retention of most of its keys") {
  Keys keys;
  put_runs(keys.store(), 40, 10);  // 10 us each
  KeyMerger::Options options = few(4);
  options.limits.span_ns_max = 50'000;
  REQUIRE(merge(keys.store(), options) == "");
  CHECK(keys.store().count() >= 8);
  CHECK(keys.store().count() <= 20);
  for (const auto& run : keys.store().runs()) CHECK(run.newest.ns - run.oldest.ns <= 50'000);
}

TEST_CASE("merge: on a full disk what was begun is given up") {
  Keys keys;
  put_runs(keys.store(), 4, 60);
  bool is_full = false;
  KeyMerger::Options options = few(1);
  options.is_disk_full = [&] { return is_full; };
  KeyMerger merger(keys.store(), options);
  REQUIRE(merger.step() == KeyMerger::Step::more);
  CHECK(keys.files().size() == 5);
  is_full = true;
  CHECK(merger.step() == KeyMerger::Step::idle);
  CHECK(keys.files().size() == 4);
  is_full = false;
  while (merger.step() == KeyMerger::Step::more) {
  }
  CHECK(keys.store().count() == 1);
}

TEST_CASE("merge: who looks for keys while runs are switched finds them all") {
  Keys keys;
  constexpr std::uint64_t count = 1'200;
  put_runs(keys.store(), count / 10, 10);
  std::atomic<bool> is_done{false};
  std::atomic<std::uint64_t> missed{0}, found{0};
  std::thread asking([&] {
    for (std::uint64_t i = 1; !is_done || found < count; i = i % count + 1) has(keys.store(), i) ? ++found : ++missed;
  });
  CHECK(merge(keys.store(), few(1)) == "");
  is_done = true;
  asking.join();
  CHECK(missed == 0);
  CHECK(keys.store().count() == 1);
}

TEST_CASE("merge: however many runs there are, few of their files are open") {
  Keys keys;
  put_runs(keys.store(), 200, 2);
  const auto open_files = [] {
    std::size_t count = 0;
    for (const auto& file : fs::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      count += fs::read_symlink(file.path(), gone).extension() == ".run" ? 1 : 0;
    }
    return count;
  };
  for (int opening = 0; opening < 2; ++opening) {
    CHECK(open_files() <= RunFiles::open_max);
    CHECK(missing(keys.store(), 1, 400) == 0);
    CHECK(open_files() <= RunFiles::open_max);
    keys.open();
  }
}

TEST_CASE("merge: a reader beside it reads the list again when runs of it have gone") {
  Keys keys;
  put_runs(keys.store(), 4, 50);
  keys.disk->on_open_run = [&] {
    keys.disk->on_open_run = nullptr;
    CHECK(merge(keys.store(), few(1)) == "");
  };
  LogOptions options = options_for(keys.directory.path());
  options.env = keys.env.get();
  options.read_only = true;
  const auto reader = open_log(options);
  CHECK(keys.store().count() == 1);
  CHECK(reader->keys()->count() == 1);
  REQUIRE(put(keys.store(), 201, 250) == "");
  REQUIRE(merge(keys.store(), few(1)) == "");
  CHECK(reader->check_tables().detail == "");
  CHECK(missing(*reader->keys(), 1, 200) == 0);
}

TEST_CASE("merge plan: nothing is done for few runs, then neighbours go with which one run fewer costs least") {
  const KeyMergeLimits limits{.runs_max = 4, .at_once_max = 4};
  const auto plan = [&](std::vector<std::uint64_t> bytes, std::size_t coming = 0) {
    std::vector<KeyRunSize> runs;
    for (const std::uint64_t each : bytes) runs.push_back({.bytes = each * 100, .oldest = {1}, .newest = {2}});
    const Neighbours chosen = choose_runs(runs, coming, limits);
    return std::pair(chosen.first, chosen.count);
  };
  using Pair = std::pair<std::size_t, std::size_t>;
  CHECK(plan({1, 1, 1, 1}).second == 0);
  CHECK(plan({9, 9, 1, 1, 1, 1}) == Pair(2, 4));
  CHECK(plan({90, 20, 20, 20, 20, 1}) == Pair(1, 4));
  CHECK(plan({90, 30, 10, 2, 50}).second >= 2);  // whatever there is, it goes on
  CHECK(plan({9, 2, 2, 2, 2}, 1).second == 0);
}

TEST_CASE("merge plan: for a hundred thousand runs they stay few, and a key is written again a few times at most") {
  std::vector<KeyRunSize> runs;
  std::uint64_t written = 0, most = 0;
  constexpr std::uint64_t count = 100'000, bytes = 1'000;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Time at{static_cast<std::int64_t>(i)};
    runs.push_back({.bytes = bytes, .oldest = at, .newest = at});
    const Neighbours chosen = choose_runs(runs, 0, KeyMergeLimits{});
    most = std::max<std::uint64_t>(most, runs.size());
    if (chosen.count == 0) continue;
    const auto first = runs.begin() + static_cast<std::ptrdiff_t>(chosen.first);
    const auto last = first + static_cast<std::ptrdiff_t>(chosen.count);
    KeyRunSize all{.bytes = 0, .oldest = first->oldest, .newest = std::prev(last)->newest};
    for (auto run = first; run != last; ++run) all.bytes += run->bytes;
    written += all.bytes;
    *first = all;
    runs.erase(first + 1, last);
  }
  CHECK(most <= 65);
  CHECK(written <= 6 * count * bytes);
}

}  // namespace
}  // namespace tote::wal
