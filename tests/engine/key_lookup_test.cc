// Keys that have left the memory: the loop asks for them beside its work, and nothing gets out of order by it.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "engine/finished_keys.h"
#include "tests/engine/disk.h"
#include "tests/engine/harness.h"
#include "wal/log.h"

namespace tote {
namespace {

constexpr int keys_count = 400;

// A harness whose keys go to a real disk.
struct Spilled {
  Disk disk;
  std::unique_ptr<wal::Log> keys_log;
  MemoryLog log;
  TestClock clock;
  std::unique_ptr<Harness> engine;
  std::string failure;
  wal::Damage damage;

  explicit Spilled(std::int64_t retention_s = 0, std::size_t runs_max = 64) {
    wal::LogOptions options;
    options.directory = disk.options().directory;
    options.disk_free_bytes_min = 0;
    auto opened = wal::Log::open(options);
    keys_log = std::move(std::get<std::unique_ptr<wal::Log>>(opened));
    keys_log->replay({1}, [](Lsn, const wal::Record&) { return true; });
    keys_log->start();
    log.key_store = keys_log->keys();
    CoreOptions core;
    core.key_retention_s = retention_s;
    core.keys_in_memory_max = 50;
    core.key_runs_max = runs_max;
    core.on_damage = [this](const wal::Damage& met) { damage = met; };
    core.on_failure = [this](const std::string& what) { failure = what; };
    engine = std::make_unique<Harness>(log, clock, core);
    engine->call(ask("alice", open()));
    for (int i = 0; i < keys_count; ++i) {
      CHECK(engine->call(ask("alice", credit(1), key(i))).code == Code::ok);
      wait([&] { return engine->keys().in_memory() <= 60; });
    }
  }
  ~Spilled() {
    engine.reset();
    keys_log->close();
  }

  static std::string key(int i) { return "k" + std::to_string(i); }
  // Turns until it is so; the threads beside the loop take their time.
  template <class Wanted>
  void wait(const Wanted& wanted) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (engine->sync(); !wanted() && std::chrono::steady_clock::now() < end; engine->sync())
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    CHECK(wanted());
  }
  std::int64_t balance() { return field(engine->call(look("alice")), "balance"); }
  // Each key answers what it did, and nothing happens twice.
  void check_all_replayed() {
    for (int i = 0; i < keys_count; ++i) {
      const auto ticket = engine->submit(ask("alice", credit(1), key(i)));
      wait([&] { return engine->is_answered(ticket); });
      CHECK(engine->outcome(ticket).replayed);
      CHECK(field(engine->outcome(ticket), "balance") == i + 1);
    }
    CHECK(balance() == keys_count);
  }
};

TEST_CASE("key look-up: a key on disk is answered as it was, and has no second effect") {
  Spilled spilled;
  auto& engine = *spilled.engine;
  CHECK(engine.keys().on_disk() >= keys_count - 60);
  spilled.check_all_replayed();
}

TEST_CASE("key look-up: who comes with the same key meanwhile is answered alike, or refused for what he asks") {
  Spilled spilled;
  auto& engine = *spilled.engine;
  const auto other = engine.submit(ask("alice", credit(2), Spilled::key(0)));
  const auto same = engine.submit(ask("alice", credit(1), Spilled::key(0)));
  const auto finder = engine.find_outcome(Spilled::key(0));
  const auto again = engine.submit(ask("alice", credit(1), Spilled::key(0)));
  spilled.wait([&] { return engine.unanswered() == 0; });
  CHECK(engine.outcome(other).code == Code::idempotency_key_reused);
  CHECK_FALSE(engine.outcome(other).replayed);
  for (const auto ticket : {same, finder, again}) {
    CHECK(engine.outcome(ticket).replayed);
    CHECK(field(engine.outcome(ticket), "balance") == 1);
  }
  CHECK(spilled.balance() == keys_count);
}

TEST_CASE("key look-up: what comes behind it from the same tenant keeps its place, other tenants don't wait") {
  Spilled spilled;
  auto& engine = *spilled.engine;
  const Tenant shop = engine.tenant("shop");
  engine.call(ask("bob", open(), {}, shop));
  const auto old = engine.submit(ask("alice", credit(1), Spilled::key(3)));
  const auto next = engine.submit(ask("alice", debit(1), "new"));
  const auto unkeyed = engine.submit(ask("alice", debit(2)));
  const auto read = engine.submit(look("alice"));
  const auto elsewhere = engine.submit(ask("bob", credit(7), "bob's", shop));
  engine.turn();
  CHECK(spilled.engine->unanswered() == 5);
  spilled.wait([&] { return engine.is_answered(elsewhere); });
  spilled.wait([&] { return engine.unanswered() == 0; });
  CHECK(engine.outcome(old).replayed);
  CHECK(field(engine.outcome(next), "balance") == keys_count - 1);
  CHECK(field(engine.outcome(unkeyed), "balance") == keys_count - 3);
  CHECK(field(engine.outcome(read), "balance") == keys_count - 3);
}

TEST_CASE(
    "key look-up: however many keys on disk come at once, each is answered, and what is behind them keeps its place") {
  constexpr int many = 3'000;
  Spilled spilled;
  auto& engine = *spilled.engine;
  const auto name = [](int i) { return "m" + std::to_string(i); };
  for (int i = 0; i < many; ++i) {
    CHECK(engine.call(ask("alice", credit(1), name(i))).code == Code::ok);
    spilled.wait([&] { return engine.keys().in_memory() <= 60; });
  }
  std::vector<std::size_t> tickets;
  for (int i = 0; i < many; ++i) {
    tickets.push_back(engine.submit(ask("alice", credit(1), name(i))));
    if (i % 100 == 0) tickets.push_back(engine.submit(ask("alice", credit(1), name(many - 1 - i))));
  }
  const auto behind = engine.submit(ask("alice", debit(1), "new"));
  const auto read = engine.submit(look("alice"));
  spilled.wait([&] { return engine.unanswered() == 0; });
  for (const auto ticket : tickets) CHECK(engine.outcome(ticket).replayed);
  CHECK_FALSE(engine.outcome(behind).replayed);
  CHECK(field(engine.outcome(behind), "balance") == keys_count + many - 1);
  CHECK(field(engine.outcome(read), "balance") == keys_count + many - 1);
}

TEST_CASE("key look-up: past its retention a key on disk is executed again, and its run goes") {
  constexpr std::int64_t retention_s = 100;
  Spilled spilled(retention_s);
  auto& engine = *spilled.engine;
  spilled.clock.advance(2 * retention_s * ns_per_s);
  const auto ticket = engine.submit(ask("alice", credit(1), Spilled::key(0)));
  spilled.wait([&] { return engine.is_answered(ticket); });
  CHECK_FALSE(engine.outcome(ticket).replayed);
  CHECK(spilled.balance() == keys_count + 1);
  // A run may have been on its way to the disk.
  spilled.wait([&] { return engine.keys().on_disk() == 0 && engine.keys().in_memory() == 1; });
}

TEST_CASE("key look-up: what a shorter retention dropped for a while, a longer one finds in the log") {
  constexpr std::int64_t short_s = 100;
  Spilled spilled(short_s);
  spilled.clock.advance(2 * short_s * ns_per_s);
  spilled.wait([&] { return spilled.engine->keys().on_disk() == 0; });
  CoreOptions core;
  core.key_retention_s = 86'400;
  spilled.engine = nullptr;
  spilled.engine = std::make_unique<Harness>(spilled.log, spilled.clock, core);
  for (const int i : {0, keys_count / 2, keys_count - 1}) {
    const auto ticket = spilled.engine->submit(ask("alice", credit(1), Spilled::key(i)));
    spilled.wait([&] { return spilled.engine->is_answered(ticket); });
    CHECK(spilled.engine->outcome(ticket).replayed);
  }
  CHECK(spilled.balance() == keys_count);
}

TEST_CASE("key look-up: keys go to disk for what they take, too, however few they are") {
  Spilled spilled;
  spilled.engine = nullptr;
  Tenants tenants;
  HugePages pages;
  FinishedKeys::Options options;
  options.in_memory_max = 1'000;
  options.on_failure = [](const std::string& what) { FAIL(what); };
  options.wake = [] {};
  FinishedKeys keys(tenants, spilled.log.key_store, pages, options);
  REQUIRE(keys.load().empty());
  const std::size_t before = keys.on_disk();
  const std::string answer(1 << 20, 'a');
  constexpr std::uint64_t count = 100;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string key = "large" + std::to_string(i);
    keys.insert({.hash = keys.hash({}, key),
                 .tenant = {},
                 .key = key,
                 .entity = "alice",
                 .answer = answer,
                 .facts = {},
                 .time = spilled.clock.at,
                 .lsn = {100'000 + i},
                 .version = {},
                 .fingerprint = {},
                 .kind = Wallet::kind_id,
                 .code = Code::ok});
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (keys.on_disk() == before && std::chrono::steady_clock::now() < end) {
    keys.turn(spilled.clock.at);
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  CHECK(keys.on_disk() > before);
  CHECK(keys.in_memory() < count);
}

TEST_CASE("key look-up: any number that come with one key are answered, a slice a turn") {
  Spilled spilled;
  auto& engine = *spilled.engine;
  constexpr std::size_t count = 20'000;
  std::vector<Harness::Ticket> asked;
  for (std::size_t i = 0; i < count; ++i)
    asked.push_back(i % 100 == 99 ? engine.find_outcome(Spilled::key(0))
                                  : engine.submit(ask("alice", credit(i % 100 == 98 ? 2 : 1), Spilled::key(0))));
  std::size_t most = 0, reused = 0, replayed = 0;
  spilled.wait([&] {
    const std::size_t before = engine.unanswered();
    engine.turn();
    most = std::max(most, before - engine.unanswered());
    return engine.unanswered() == 0;
  });
  for (const auto ticket : asked) {
    reused += engine.outcome(ticket).code == Code::idempotency_key_reused ? 1 : 0;
    replayed += engine.outcome(ticket).replayed && field(engine.outcome(ticket), "balance") == 1 ? 1 : 0;
  }
  CHECK(reused == count / 100);
  CHECK(replayed == count - count / 100);
  CHECK(most <= 2 * 512);
  CHECK(spilled.balance() == keys_count);
}

TEST_CASE("key look-up: any number that wait for a command are answered, a slice a turn") {
  Fresh fresh;
  auto& engine = fresh.engine;
  engine.call(ask("alice", open()));
  constexpr std::size_t count = 10'000;
  for (std::size_t i = 0; i < count; ++i) engine.submit(ask("alice", credit(1), "same"));
  engine.turn();
  fresh.log.sync();
  std::size_t most = 0;
  for (int turn = 0; turn < 100 && engine.unanswered() > 0; ++turn) {
    const std::size_t before = engine.unanswered();
    engine.turn();
    most = std::max(most, before - engine.unanswered());
  }
  CHECK(engine.unanswered() == 0);
  CHECK(most <= 2 * 512 + 1);
  CHECK(field(engine.call(look("alice")), "balance") == 1);
}

TEST_CASE(
    "key look-up: any number that wait for a command that isn't executed take its place one by one, in little time") {
  Fresh fresh;
  auto& engine = fresh.engine;
  engine.call(ask("alice", open()));
  fresh.log.full = true;
  constexpr std::size_t count = 20'000;
  for (std::size_t i = 0; i < count; ++i) engine.submit(ask("alice", credit(1), "same"));
  std::size_t turns = 0;
  for (; turns < 2 * count && engine.unanswered() > count / 2; ++turns) engine.turn();
  CHECK(turns <= count);
  fresh.log.full = false;
  for (; engine.unanswered() > 0 && turns < 4 * count; ++turns) engine.sync();
  CHECK(engine.unanswered() == 0);
  CHECK(field(engine.call(look("alice")), "balance") == 1);
}

TEST_CASE("key look-up: a key that can't be read is answered `log_damaged`, nothing is executed, and others are") {
  Spilled spilled;
  auto& engine = *spilled.engine;
  for (const auto& file : std::filesystem::directory_iterator(spilled.disk.options().directory + "/keys")) {
    std::fstream bytes(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(40);
    bytes.put('?').put('?');
  }
  const auto first = engine.submit(ask("alice", credit(1), Spilled::key(0)));
  const auto same = engine.submit(ask("alice", credit(1), Spilled::key(0)));
  const auto finder = engine.find_outcome(Spilled::key(0));
  const auto next = engine.submit(ask("alice", credit(5), "new"));
  spilled.wait([&] { return engine.unanswered() == 0; });
  for (const auto ticket : {first, same, finder}) {
    CHECK(engine.outcome(ticket).code == Code::log_damaged);
    CHECK(engine.outcome(ticket).facts.find(FactName::lsn).has_value());
  }
  CHECK(engine.outcome(next).code == Code::ok);
  CHECK(spilled.balance() == keys_count + 5);
  CHECK(spilled.damage.detail.find("checksum") != std::string::npos);
  CHECK(spilled.failure.empty());
}

TEST_CASE("key look-up: keys are found while their runs become few, and after a restart") {
  Spilled spilled(0, 2);
  auto& engine = *spilled.engine;
  spilled.wait([&] { return engine.keys().runs() <= 2; });
  spilled.check_all_replayed();
}

TEST_CASE("keys: a thousand tenants with a key each take little memory") {
  HugePages pages;
  KeyMemtable memtable(1, pages);
  const Facts none;
  for (std::uint32_t i = 0; i < 1'000; ++i)
    memtable.insert({.hash = i * 0x9e3779b97f4a7c15U,
                     .tenant = {i},
                     .key = "k",
                     .entity = "alice",
                     .answer = "0123456789",
                     .facts = none,
                     .time = {1},
                     .lsn = {i + 1},
                     .version = {1},
                     .fingerprint = {},
                     .kind = 1,
                     .code = Code::ok});
  CHECK(memtable.bytes() < 300'000);
}

TEST_CASE("keys: 400 tenants make few runs, and nobody is told `overloaded`") {
  const Disk disk;
  Options options = disk.options();
  options.keys_in_memory_max = 4'000;
  const auto engine = open_engine(options);
  std::vector<Tenant> tenants;
  for (int i = 0; i < 400; ++i) tenants.push_back(engine->tenant("t" + std::to_string(i)).value());
  for (const Tenant tenant : tenants) engine->call(ask("alice", open(), {}, tenant));
  int overloaded = 0;
  for (int round = 0; round < 50; ++round) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (engine->figures().keys_in_memory > 6'000 && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));  // the spiller's thread may get no processor
    std::vector<Request> requests;
    for (const Tenant tenant : tenants)
      requests.push_back(ask("alice", credit(1), "k" + std::to_string(round), tenant));
    for (const Outcome& outcome : batch(*engine, std::move(requests)))
      overloaded += outcome.code == Code::overloaded ? 1 : 0;
  }
  CHECK(overloaded == 0);
  CHECK(engine->figures().keys_on_disk >= 14'000);
  std::size_t runs = 0;
  for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator(options.directory + "/keys")) ++runs;
  CHECK(runs <= 16);
}

}  // namespace
}  // namespace tote
