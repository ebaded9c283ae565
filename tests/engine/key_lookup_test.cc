// Keys that have left the memory: the loop asks for them beside its work, and nothing gets out of order by it.
#include <chrono>
#include <filesystem>
#include <thread>

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

  explicit Spilled(std::int64_t retention_s = 0) {
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
    core.on_failure = [this](const std::string& what) { failure = what; };
    engine = std::make_unique<Harness>(log, clock, core);
    engine->call(ask("alice", open()));
    for (int i = 0; i < keys_count; ++i) {
      CHECK(engine->call(ask("alice", credit(1), key(i))).code == Code::ok);
      wait([&] { return engine->core().keys_in_memory() <= 60; });
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
};

TEST_CASE("key look-up: a key on disk is answered as it was, and has no second effect") {
  Spilled spilled;
  auto& engine = *spilled.engine;
  CHECK(engine.core().keys_on_disk() >= keys_count - 60);
  for (int i = 0; i < keys_count; ++i) {
    const auto ticket = engine.submit(ask("alice", credit(1), Spilled::key(i)));
    spilled.wait([&] { return engine.is_answered(ticket); });
    CHECK(engine.outcome(ticket).replayed);
    CHECK(field(engine.outcome(ticket), "balance") == i + 1);
  }
  CHECK(spilled.balance() == keys_count);
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

TEST_CASE("key look-up: past its retention a key on disk is executed again, and its run goes") {
  constexpr std::int64_t retention_s = 100;
  Spilled spilled(retention_s);
  auto& engine = *spilled.engine;
  spilled.clock.advance(2 * retention_s * ns_per_s);
  const auto ticket = engine.submit(ask("alice", credit(1), Spilled::key(0)));
  spilled.wait([&] { return engine.is_answered(ticket); });
  CHECK_FALSE(engine.outcome(ticket).replayed);
  CHECK(spilled.balance() == keys_count + 1);
  spilled.wait([&] { return engine.core().keys_on_disk() == 0; });
  CHECK(engine.core().keys_in_memory() == 1);
}

TEST_CASE("keys: a thousand tenants with a key each take little memory") {
  HugePages pages;
  KeyTable table(0, pages);
  const Facts none;
  for (std::uint32_t i = 0; i < 1'000; ++i)
    table.insert({.hash = i * 0x9e3779b97f4a7c15U,
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
  CHECK(table.bytes() < 300'000);
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
