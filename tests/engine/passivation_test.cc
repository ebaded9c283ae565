// Entities that come and go (DESIGN D9): no message is lost between an actor's end and its next life, whoever runs
// first.
#include <map>

#include "tests/engine/harness.h"

namespace tote {
namespace {

constexpr std::size_t live_max = 2;

CoreOptions few() { return {.kinds = {}, .entities_live_max = live_max}; }

TEST_CASE("passivation: a wallet that was let go comes back as it was") {
  Fresh fresh(few());
  for (std::uint64_t i = 0; i < 20; ++i) {
    fresh.engine.call(ask(numbered(i), open()));
    fresh.engine.call(ask(numbered(i), credit(static_cast<std::int64_t>(i) + 1)));
  }
  for (std::uint64_t i = 0; i < 20; ++i) {
    const Outcome read = fresh.engine.call(look(numbered(i)));
    CHECK(field(read, "balance") == static_cast<std::int64_t>(i) + 1);
    CHECK(read.version == Version{2});
  }
  CHECK(fresh.engine.context().slots().size() == 20);
}

TEST_CASE("passivation: the budget of live entities holds while wallets come one by one") {
  constexpr std::size_t budget = 10;
  Fresh fresh({.kinds = {}, .entities_live_max = budget});
  for (std::uint64_t i = 0; i < 2'000; ++i) fresh.engine.call(ask(numbered(i), open()));
  CHECK(fresh.engine.context().figures().entities_live <= budget + 1);
}

TEST_CASE("passivation: the budget holds again after a crowd came at once") {
  constexpr std::size_t budget = 10;
  Fresh fresh({.kinds = {}, .entities_live_max = budget});
  for (std::uint64_t i = 0; i < 2'000; ++i) fresh.engine.submit(ask(numbered(i), open()));
  fresh.engine.sync();
  for (std::uint64_t i = 0; i < 2'000; ++i) fresh.engine.call(look(numbered(i)));
  CHECK(fresh.engine.context().figures().entities_live <= budget + 1);
}

// All live entities are in use all the time: one of them must go all the same.
TEST_CASE("passivation: the budget holds although everything that is live is in use") {
  constexpr std::size_t budget = 10;
  Fresh fresh({.kinds = {}, .entities_live_max = budget});
  for (std::uint64_t i = 0; i < 200; ++i) {
    fresh.engine.call(ask(numbered(i), open()));
    for (std::uint64_t j = i < budget ? 0 : i - budget; j <= i; ++j) fresh.engine.call(look(numbered(j)));
  }
  CHECK(fresh.engine.context().figures().entities_live <= budget + 1);
}

// One random life: batches of all kinds of requests over more wallets than may be live, with actors run in random
// order.
class Crowd {
 public:
  explicit Crowd(std::uint64_t seed) : random_(seed) { fresh_.engine.shuffle(seed); }

  void live() {
    for (int turn = 0; turn < 40; ++turn) {
      for (std::uint64_t requests = random_() % 12; requests > 0; --requests) submit();
      // Never a whole number of seconds: no hold ends between two of the nanoseconds that separate requests.
      if (random_() % 8 == 0) fresh_.clock.advance(static_cast<std::int64_t>(random_() % 3) * ns_per_s + ns_per_ms);
      fresh_.engine.turn();
      if (random_() % 2 == 0) fresh_.log.sync();
    }
    fresh_.engine.sync();
  }

  void check() {
    CHECK(fresh_.engine.unanswered() == 0);
    std::map<std::string, std::int64_t, std::less<>> balances;
    for (const auto& [ticket, id, amount] : credits_) {
      const Outcome& outcome = fresh_.engine.outcome(ticket);
      CHECK((outcome.code == Code::ok || outcome.code == Code::not_found));
      if (outcome.code == Code::ok && !outcome.replayed) balances[id] += amount;
    }
    for (std::uint64_t i = 0; i < wallets; ++i) {
      const Outcome read = fresh_.engine.call(look(numbered(i)));
      if (read.code == Code::not_found) {
        CHECK_FALSE(balances.contains(numbered(i)));
        CHECK(read.version == Version{0});
        continue;
      }
      ++created_;
      CHECK(field(read, "balance") == balances[numbered(i)]);
      CHECK(read.version == last_version(numbered(i)));
    }
    fresh_.engine.turns();
    CHECK(fresh_.engine.context().slots().size() == created_);
  }

 private:
  static constexpr std::uint64_t wallets = 8;

  void submit() {
    const std::string id = numbered(random_() % wallets);
    const std::string key = random_() % 2 == 0 ? "" : "k" + std::to_string(random_() % 200);
    const auto amount = static_cast<std::int64_t>(random_() % 9) + 1;
    switch (random_() % 8) {
      case 0: fresh_.engine.submit(ask(id, open())); break;
      case 1: fresh_.engine.submit(look(id)); break;
      case 2: fresh_.engine.submit(ask(id, hold("h" + std::to_string(random_() % 4), 1, 1))); break;
      case 3: fresh_.engine.submit(ask(id, release("h" + std::to_string(random_() % 4)))); break;
      case 4:
        fresh_.engine.submit(ask("nobody" + std::to_string(random_() % 4), debit(1), key.empty() ? "" : "n" + key));
        break;
      default: {
        // The key says what is asked, so that no two ask for different things under the same one.
        const std::string unique = key.empty() ? "" : key + ':' + id + ':' + std::to_string(amount);
        credits_.push_back({fresh_.engine.submit(ask(id, credit(amount), unique)), id, amount});
      }
    }
  }
  Version last_version(const std::string& id) const {
    Version last{};
    fresh_.log.for_each([&](Lsn, const wal::Record& record) {
      for (const wal::Change& change : record.changes) {
        if (change.entity != id) continue;
        CHECK(change.version == last.next());
        last = change.version;
      }
    });
    return last;
  }

  struct Credited {
    Harness::Ticket ticket;
    std::string id;
    std::int64_t amount;
  };
  Fresh fresh_{few()};
  std::mt19937_64 random_;
  std::vector<Credited> credits_;
  std::size_t created_ = 0;
};

TEST_CASE("passivation: in whatever order actors run, every request is answered, once, and counted") {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    CAPTURE(seed);
    Crowd crowd(seed);
    crowd.live();
    crowd.check();
  }
}

}  // namespace
}  // namespace tote
