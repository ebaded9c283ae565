// Lists of ids (engine/listing.h): everybody who was there is in them, once, in order, wherever they are meanwhile.
#include "engine/listing.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <random>
#include <set>
#include <thread>

#include "tests/engine/disk.h"
#include "tests/engine/harness.h"

namespace tote {
namespace {

Options sixty_wallets(const Disk& disk) {
  Options options = disk.options();
  options.snapshot_interval_ms = 200;
  options.entities_bytes = 100'000;  // some sixty live wallets
  return options;
}

IdsPage page(Engine& engine, IdsAsk ask, Tenant tenant = {}) {
  std::promise<IdsPage> promise;
  engine.ids(tenant, std::move(ask), [&](IdsPage& one) { promise.set_value(one); });
  return promise.get_future().get();
}

std::vector<std::string> all(Engine& engine, const std::string& prefix, std::size_t limit) {
  std::vector<std::string> ids;
  for (std::string after;;) {
    const IdsPage one = page(engine, {.kind = Wallet::kind_id, .after = after, .prefix = prefix, .limit = limit});
    REQUIRE(one.code == Code::ok);
    CHECK(one.as_of <= engine.log().durable());
    CHECK(one.ids.size() <= limit);
    ids.insert(ids.end(), one.ids.begin(), one.ids.end());
    if (one.is_last) return ids;
    REQUIRE_FALSE(one.ids.empty());
    after = one.ids.back();
  }
}

std::vector<std::string> all_numbered(int count) {
  std::set<std::string> ids;
  for (int i = 0; i < count; ++i) ids.insert("w" + std::to_string(i));
  return {ids.begin(), ids.end()};
}

void open_all(Engine& engine, int count) {
  std::vector<Request> requests;
  for (int i = 0; i < count; ++i) requests.push_back(ask("w" + std::to_string(i), open()));
  for (const Outcome& outcome : batch(engine, std::move(requests))) CHECK(outcome.code == Code::created);
}

TEST_CASE("lists: whoever was there is listed, while entities leave memory and come back all the time") {
  const Disk disk;
  for (int life = 0; life < 2; ++life) {
    CAPTURE(life);
    const auto engine = open_engine(sixty_wallets(disk));
    if (life == 0) open_all(*engine, 1'500);
    CHECK(wait_until([&] { return engine->figures().entities_resting > 300; }));
    const auto expected = all_numbered(1'500);
    std::atomic<bool> is_over{false};
    std::vector<std::thread> movers;
    for (unsigned mover = 0; mover < 2; ++mover)
      movers.emplace_back([&, mover] {
        std::mt19937 random(mover);
        for (int made = 0; !is_over; ++made) {
          std::vector<Request> requests;
          for (int i = 0; i < 40; ++i) requests.push_back(ask("w" + std::to_string(random() % 1'500), credit(1)));
          requests.push_back(
              ask("x" + std::to_string(life) + std::to_string(mover) + "-" + std::to_string(made), open()));
          batch(*engine, std::move(requests));
        }
      });
    for (const std::size_t limit : {37, 400, 1'000}) CHECK(all(*engine, "w", limit) == expected);
    for (int i = 0; i < 5; ++i) CHECK(all(*engine, "w", 1'000) == expected);
    is_over = true;
    for (std::thread& mover : movers) mover.join();
    // While it is busy more of them may be in memory.
    CHECK(wait_until([&] { return engine->figures().entities_left > 0 && engine->figures().entities_resting > 300; }));
  }
}

TEST_CASE("lists: who has just been made is listed as soon as that was answered") {
  const Disk disk;
  const auto engine = open_engine(sixty_wallets(disk));
  for (int i = 0; i < 50; ++i) {
    engine->call(ask("w" + std::to_string(i), open()));
    CHECK(all(*engine, "", 7).size() == static_cast<std::size_t>(i) + 1);
  }
}

TEST_CASE("lists: who is made while a list is walked is on its page, on disk or in memory") {
  const Disk disk;
  const auto engine = open_engine(sixty_wallets(disk));
  open_all(*engine, 1'000);
  CHECK(wait_until([&] { return engine->figures().entities_resting > 300; }));
  std::set<std::string> expected;
  for (const std::string& id : all_numbered(1'000)) expected.insert(id);
  std::vector<std::string> walked;
  for (int made = 0;; ++made) {
    const IdsPage one =
        page(*engine, {.kind = Wallet::kind_id, .after = walked.empty() ? "" : walked.back(), .limit = 10});
    REQUIRE(one.code == Code::ok);
    walked.insert(walked.end(), one.ids.begin(), one.ids.end());
    if (one.is_last) break;
    const std::string ahead = "w7" + std::string(1, static_cast<char>('a' + made % 26)) + std::to_string(made);
    CHECK(engine->call(ask("a" + std::to_string(made), open())).code == Code::created);
    CHECK(engine->call(ask(ahead, open())).code == Code::created);
    if (ahead > walked.back()) expected.insert(ahead);
  }
  CHECK(walked == std::vector<std::string>(expected.begin(), expected.end()));
}

TEST_CASE("lists: a tenant's has nothing of another's, a kind's nothing of others, a prefix nothing else") {
  const Disk disk;
  const auto engine = open_engine(sixty_wallets(disk));
  const Tenant other = engine->tenant("other").value();
  open_all(*engine, 20);
  CHECK(engine->call(ask("w999", open(), {}, other)).code == Code::created);
  CHECK(page(*engine, {.kind = Wallet::kind_id}, other).ids == std::vector<std::string>{"w999"});
  CHECK(all(*engine, "", 100) == all_numbered(20));
  CHECK(all(*engine, "w1", 3).size() == 11);
  CHECK(page(*engine, {.kind = 2}).ids.empty());
  CHECK(page(*engine, {.kind = Wallet::kind_id, .after = "w19", .prefix = "w1"}).ids.empty());
}

TEST_CASE("lists: whatever is asked from several threads while the engine closes is answered once") {
  const Disk disk;
  auto engine = open_engine(sixty_wallets(disk));
  open_all(*engine, 300);
  std::atomic<int> asked{0}, answered{0};
  std::atomic<bool> is_closed{false};
  std::vector<std::thread> askers;
  for (int asker = 0; asker < 3; ++asker)
    askers.emplace_back([&] {
      for (int after = 0; after < 20; after += is_closed ? 1 : 0) {
        asked += 3;
        engine->ids({}, {.kind = Wallet::kind_id, .limit = 50}, [&](IdsPage&) { ++answered; });
        engine->hottest({}, 5, [&](Code, HotEntities&) { ++answered; });
        engine->history({}, Wallet::kind_id, "w1", {}, 5, [&](History&) { ++answered; });
        engine->limit_entities({}, 1'000);
        if (asked - answered > 600) std::this_thread::yield();
      }
    });
  CHECK(wait_until([&] { return answered > 100; }));
  engine->close();
  is_closed = true;
  for (std::thread& asker : askers) asker.join();
  CHECK(answered == asked);
}

TEST_CASE("lists: closing answers who waits") {
  const Disk disk;
  auto engine = open_engine(sixty_wallets(disk));
  open_all(*engine, 300);
  std::atomic<int> answered{0};
  for (int i = 0; i < 50; ++i) engine->ids({}, {.kind = Wallet::kind_id}, [&](IdsPage&) { ++answered; });
  engine->close();
  CHECK(answered == 50);
}

TEST_CASE("lists: a limit of nothing is one, one beyond all bounds is the greatest there is") {
  const Disk disk;
  const auto engine = open_engine(sixty_wallets(disk));
  open_all(*engine, 30);
  CHECK(page(*engine, {.kind = Wallet::kind_id, .limit = 0}).ids == std::vector<std::string>{"w0"});
  const IdsPage whole = page(*engine, {.kind = Wallet::kind_id, .limit = SIZE_MAX});
  CHECK(whole.ids == all_numbered(30));
  CHECK(whole.is_last);
}

// The listing alone, over entities of a harness.
struct Alone {
  MemoryLog log;
  TestClock clock;
  Harness engine{log, clock};
  Listing listing{engine.context(), nullptr, [] {}};
  std::vector<std::string> answered;  // tenants, in the order of their answers

  bool ask_for(Tenant tenant, const std::string& name, IdsPage* page = nullptr) {
    Listing::Question question{tenant, name, {.kind = Wallet::kind_id}, {}};
    question.done = [this, name, page](IdsPage& told) {
      answered.push_back(name);
      if (page != nullptr) *page = told;
    };
    return listing.ask(std::move(question));
  }
  void answer_all() {
    while (listing.wants_turn()) {
      listing.turn();
      for (auto& question : listing.take()) question.done(question.page);
    }
  }
};

TEST_CASE("lists: who isn't durable yet isn't told, whatever a crash does next") {
  Alone at;
  at.engine.call(ask("old", open()));
  at.engine.submit(ask("new", open()));
  at.engine.submit(ask("old", credit(5)));
  at.engine.turns();  // recorded, and not on disk
  IdsPage page;
  CHECK(at.ask_for({}, "default", &page));
  at.answer_all();
  CHECK(page.ids == std::vector<std::string>{"old"});
  CHECK(page.as_of == at.log.durable());
  at.engine.sync();
  CHECK(at.ask_for({}, "default", &page));
  at.answer_all();
  CHECK(page.ids == std::vector<std::string>{"new", "old"});
}

TEST_CASE("lists: hundreds of one tenant's don't hold up another's, nor keep it out") {
  Alone at;
  const Tenant other = at.engine.tenant("other");
  for (int i = 0; i < 512; ++i) CHECK(at.ask_for({}, "default"));
  CHECK(at.ask_for(other, "other"));
  at.answer_all();
  REQUIRE(at.answered.size() == 513);
  const auto at_other = std::find(at.answered.begin(), at.answered.end(), "other");
  CHECK(at_other - at.answered.begin() <= static_cast<std::ptrdiff_t>(Listing::together_max));
}

// Some bytes of each table are others, all over it.
void damage_tables(const std::string& directory) {
  for (const auto& file : std::filesystem::directory_iterator(directory)) {
    if (file.path().extension() != ".sst") continue;
    std::fstream table(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    for (std::uintmax_t at = 20; at < file.file_size(); at += 500) {
      table.seekg(static_cast<std::streamoff>(at));
      const int byte = table.get();
      table.seekp(static_cast<std::streamoff>(at));
      table.put(static_cast<char>(byte ^ 0x55));
    }
  }
}

TEST_CASE("lists: rows that can't be read are no page, and an operator hears of them") {
  const Disk disk;
  {
    const auto engine = open_engine(sixty_wallets(disk));
    open_all(*engine, 1'500);
    CHECK(wait_until([&] { return engine->figures().entities_resting > 300; }));
  }
  Options options = sixty_wallets(disk);
  options.snapshot_interval_ms = 3'600'000;
  std::atomic<int> alerts{0};
  options.on_alert = [&](const Alert&) { ++alerts; };
  const auto engine = open_engine(options);
  CHECK(all(*engine, "w", 1'000) == all_numbered(1'500));
  damage_tables(options.directory);
  const IdsPage damaged = page(*engine, {.kind = Wallet::kind_id, .limit = 10'000});
  CHECK(damaged.code == Code::log_damaged);
  CHECK(damaged.ids.empty());
  CHECK(engine->figures().log_damage > 0);
  CHECK(wait_until([&] { return alerts > 0; }));
}

}  // namespace
}  // namespace tote
