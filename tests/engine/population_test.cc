// How many entities a tenant has (engine/population.h): as many as there are, wherever they are, whatever a start
// begins with.
#include "engine/population.h"

#include <random>
#include <set>
#include <string>

#include "engine/kernel/money_books.h"
#include "tests/engine/harness.h"
#include "tests/engine/memory_states.h"

namespace tote {
namespace {

constexpr std::uint64_t ten = 10 * (Tiers::actor_bytes + 450);  // bytes: some ten live wallets

TEST_CASE("population: counted over rounds, rest and crashes at any point, it is how many there are") {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    MemoryLog log;
    MemoryStates rows(log);
    TestClock clock;
    CoreOptions options;
    options.kinds = {kind_of<Wallet>(), kind_of<MoneyBooks>()};
    options.entities_bytes = seed % 2 == 0 ? 0 : ten;
    options.snapshot_thread = false;
    std::mt19937 random(seed);
    for (int life = 0; life < 8; ++life) {
      CAPTURE(life);
      Harness engine(log, clock, options);
      engine.turns();
      std::set<std::string> there;
      log.for_each([&](Lsn, const wal::Record& record) {
        for (const auto& change : record.changes)
          if (change.kind == Wallet::kind_id) there.emplace(change.entity);
      });
      CHECK(engine.context().population().count({}) == there.size());
      engine.context().population().limit({}, 60);
      for (int i = 0; i < 70; ++i) {
        const std::string id = "w" + std::to_string(random() % 90);
        const bool is_there = there.contains(id);
        const Outcome opened = engine.call(ask(id, open()));
        CHECK(opened.code == (is_there ? Code::ok : there.size() < 60 ? Code::created : Code::quota_exceeded));
        if (opened.code == Code::created) there.insert(id);
        engine.submit(ask("w" + std::to_string(random() % 90), credit(1)));
        if (random() % 15 == 0)
          for (int pass = 0; pass < 3; ++pass) {
            clock.advance(61 * ns_per_s);
            engine.turns();
            if (random() % 3 != 0) engine.sync();
          }
      }
      CHECK(engine.context().population().count({}) == there.size());
      log.crash();
      rows.crash(random() % 3 == 0 ? 0 : random() % 30);
    }
  }
}

}  // namespace
}  // namespace tote
