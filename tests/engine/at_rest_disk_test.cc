// Entities at rest on a real disk, with threads; and that what entities take is what is reckoned.
#include <malloc.h>

#include <atomic>
#include <future>
#include <map>
#include <random>

#include "tests/engine/disk.h"
#include "tests/engine/harness.h"

namespace tote {
namespace {

constexpr int wallets = 1'500;

Options hundred_wallets(const Disk& disk) {
  Options options = disk.options();
  options.snapshot_interval_ms = 200;
  options.entities_bytes = 150'000;  // some hundred live wallets
  return options;
}

TEST_CASE("at rest on disk: many threads ask for more wallets than go into memory, over several lives") {
  const Disk disk;
  std::map<int, std::int64_t> balances;
  {
    const auto engine = open_engine(hundred_wallets(disk));
    for (int from = 0; from < wallets; from += 250) {
      std::vector<Request> requests;
      for (int i = from; i < from + 250; ++i) requests.push_back(ask(numbered(i), open()));
      for (const Outcome& outcome : batch(*engine, std::move(requests))) CHECK(outcome.code == Code::created);
    }
    CHECK(wait_until([&] { return engine->figures().entities_resting > wallets / 2; }));
    CHECK(engine->figures().entities == wallets);
  }
  for (int life = 0; life < 3; ++life) {
    CAPTURE(life);
    const auto engine = open_engine(hundred_wallets(disk));
    CHECK(engine->figures().entities == wallets);
    std::atomic<int> wrong{0};
    std::vector<std::future<std::map<int, std::int64_t>>> callers;
    for (unsigned caller = 0; caller < 3; ++caller)
      callers.push_back(std::async(std::launch::async, [&, caller] {
        std::mt19937 random(caller + 10 * static_cast<unsigned>(life));
        std::map<int, std::int64_t> paid;
        for (int round = 0; round < 25; ++round) {
          std::vector<Request> requests;
          for (int i = 0; i < 40; ++i) {
            const int wallet = static_cast<int>(random() % wallets);
            const std::int64_t amount = 1 + static_cast<std::int64_t>(random() % 9);
            paid[wallet] += amount;
            requests.push_back(ask(numbered(wallet), credit(amount)));
          }
          for (const Outcome& outcome : batch(*engine, std::move(requests)))
            if (outcome.code != Code::ok) ++wrong;
        }
        return paid;
      }));
    for (auto& caller : callers)
      for (const auto& [wallet, amount] : caller.get()) balances[wallet] += amount;
    CHECK(wrong == 0);
    for (int i = 0; i < wallets; i += 7) CHECK(field(engine->call(look(numbered(i))), "balance") == balances[i]);
    const Figures figures = engine->figures();
    CHECK(figures.entities_fetched > 500);
    CHECK(wait_until([&] { return engine->figures().entities_left > 500; }));
    CHECK(engine->call(look("nobody")).code == Code::not_found);
    CHECK(engine->call(ask(numbered(life), open(5))).code == Code::already_exists);
  }
}

TEST_CASE("at rest on disk: a start takes up entities at rest that the last records have changed") {
  const Disk disk;
  {
    const auto engine = open_engine(hundred_wallets(disk));
    for (int i = 0; i < wallets; ++i) engine->submit(ask(numbered(i), open()), [](Outcome&) {});
    engine->call(look("w0"));
    CHECK(wait_until([&] { return engine->figures().entities_resting > wallets / 2; }));
  }
  Options without_rounds = hundred_wallets(disk);
  without_rounds.snapshot_interval_ms = 3'600'000;
  for (int life = 1; life <= 3; ++life) {
    const auto engine = open_engine(without_rounds);
    CHECK(engine->figures().entities == wallets);
    for (int i = 980; i < 1'000; ++i)  // the last ones in the order of rows: a start has no room left for them
      CHECK(field(engine->call(ask(numbered(i), credit(7))), "balance") == 7 * life);
  }
}

TEST_CASE("at rest on disk: the history of a wallet is told without waking it") {
  const Disk disk;
  const auto engine = open_engine(hundred_wallets(disk));
  for (int i = 0; i < 600; ++i) {
    engine->submit(ask(numbered(i), open()), [](Outcome&) {});
    engine->submit(ask(numbered(i), credit(i + 1)), [](Outcome&) {});
  }
  engine->call(look("w0"));
  CHECK(wait_until([&] { return engine->figures().entities_resting > 300; }));
  const std::uint64_t fetched = engine->figures().entities_fetched;
  int entries = 0;
  for (int i = 0; i < 600; i += 20) {
    std::promise<History> promise;
    engine->history({}, Wallet::kind_id, numbered(i), {}, 10, [&](History& page) { promise.set_value(page); });
    const History page = promise.get_future().get();
    CHECK(page.code == Code::ok);
    entries += static_cast<int>(page.entries.size());
  }
  CHECK(entries == 60);
  CHECK(engine->figures().entities_fetched == fetched);
  std::promise<Code> nobody;
  engine->history({}, Wallet::kind_id, "nobody", {}, 10, [&](History& page) { nobody.set_value(page.code); });
  CHECK(nobody.get_future().get() == Code::not_found);
}

// The sanitizers have an allocator of their own, which tells nothing.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
std::size_t allocated() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

// By how much the reckoning is above what malloc says, in hundredths.
std::size_t reckoned_of(std::size_t holds) {
  constexpr std::size_t count = 20'000;
  HugePages pages;
  const auto kind = kind_of<Wallet>();
  const std::size_t before = allocated();
  SlotTable slots(pages);
  std::string events, answer, state;
  for (std::size_t i = 0; i < count; ++i) {
    Slot* slot = slots.insert(Tenant{}, *kind, "wallet-" + std::to_string(i));
    std::int64_t at = 1'700'000'000 * ns_per_s;
    const auto command = [&](Wallet::Command what) {
      events.clear(), answer.clear();
      CHECK(is_success(slot->entity->handle(CommandRef::to(what), Time{++at}, events, answer).code));
    };
    command(open());
    command(credit(1'000'000));
    for (std::size_t h = 0; h < holds; ++h) command(hold("hold-" + std::to_string(h), 10));
    state.clear();
    slot->entity->encode_state(state);
    slots.weigh(*slot, state.size());
  }
  const std::size_t taken = allocated() - before;
  MESSAGE(holds << " holds: " << taken / count << " bytes a wallet, reckoned " << slots.bytes() / count);
  return slots.bytes() * 100 / taken;
}

TEST_CASE("at rest: what an entity takes in memory is about what is reckoned") {
  for (const std::size_t holds : {0, 1, 20}) {
    CAPTURE(holds);
    const std::size_t hundredths = reckoned_of(holds);
    CHECK(hundredths >= 70);
    CHECK(hundredths <= 160);
  }
}
#endif

}  // namespace
}  // namespace tote
