// An entity that is being activated: its state isn't in memory yet, and whatever comes for it waits in order, behind
// nobody else's back.
#include <caf/send.hpp>

#include "engine/messages.h"
#include "tests/engine/harness.h"

namespace tote {
namespace {

// Debits one wallet for the other.
struct Transfer final : Script {
  void entities(std::vector<EntityRef>& out) const override {
    out = {{Wallet::kind_id, "alice"}, {Wallet::kind_id, "bob"}};
  }
  Verdict run(Transaction& on) const override {
    if (const Step step = tote::run<Wallet>(on, "alice", debit(70)); step.refused()) return step.verdict();
    return tote::run<Wallet>(on, "bob", credit(70)).verdict();
  }
  void answer(Transaction&, std::string&) const override {}
  void digest(std::string& out) const override { out.append("transfer"); }
};

Request transfer() {
  Request request{.kind = Wallet::kind_id, .entity = "alice"};
  request.command = Command(ScriptPtr(std::make_unique<Transfer>()));
  return request;
}

// An engine that has recovered alice (30, none of it held) and bob (0), where alice's state is still elsewhere.
struct Fetching {
  MemoryLog log;
  TestClock clock;
  Harness engine;
  Slot* alice;
  std::unique_ptr<AnyEntity> elsewhere;

  explicit Fetching(
      const std::function<void(Harness&)>& before = [](Harness&) {}, CoreOptions options = {})
      : engine(made(log, clock, before), clock, std::move(options)),
        alice(engine.context().slots().find(Tenant{}, Wallet::kind_id, "alice")),
        elsewhere(std::move(alice->entity)) {}
  ~Fetching() {
    if (elsewhere != nullptr) fetched();
  }

  void fetched() {
    alice->entity = std::move(elsewhere);
    caf::anon_send(engine.context().directory(), Fetched{alice});
    engine.turns();
    engine.sync();
  }

 private:
  static MemoryLog& made(MemoryLog& log, TestClock& clock, const std::function<void(Harness&)>& before) {
    Harness engine(log, clock);
    for (const char* id : {"alice", "bob"}) engine.call(ask(id, open()));
    engine.call(ask("alice", credit(30)));
    before(engine);
    return log;
  }
};

TEST_CASE("activating: what comes for the entity is parked, and handled in order when its state is there") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    Fetching at;
    at.engine.shuffle(seed);
    const auto first = at.engine.submit(ask("alice", credit(1)));
    at.engine.turns();
    CHECK(at.alice->residence.is(Residence::State::activating));
    const auto second = at.engine.submit(ask("alice", debit(31)));
    const auto third = at.engine.submit(look("alice"));
    at.engine.turns();
    at.engine.sync();
    CHECK(at.engine.unanswered() == 3);
    at.fetched();
    CHECK(field(at.engine.outcome(first), "balance") == 31);
    CHECK(field(at.engine.outcome(second), "balance") == 0);
    CHECK(field(at.engine.outcome(third), "balance") == 0);
    CHECK(at.alice->residence.is(Residence::State::live));
    CHECK(at.alice->queue.is_empty());
  }
}

TEST_CASE("activating: everybody else goes on") {
  Fetching at;
  at.engine.submit(ask("alice", credit(1)));
  at.engine.turns();
  CHECK(at.engine.call(ask("bob", credit(5))).code == Code::ok);
  CHECK(at.engine.unanswered() == 1);
}

TEST_CASE("activating: a transaction keeps its place among those who wait, with its other entities") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    Fetching at;
    at.engine.shuffle(seed);
    // Each succeeds only after the one before it; all come in one batch.
    const auto before = at.engine.submit(ask("alice", credit(40)));
    const auto moved = at.engine.submit(transfer());
    const auto after = at.engine.submit(ask("bob", debit(70)));
    const auto refused = at.engine.submit(ask("alice", debit(1)));
    at.engine.turns();
    at.engine.sync();
    CHECK(at.engine.unanswered() == 4);
    at.fetched();
    for (const auto ticket : {before, moved, after}) CHECK(at.engine.outcome(ticket).code == Code::ok);
    CHECK(at.engine.outcome(refused).code == Code::insufficient_funds);
  }
}

TEST_CASE("activating: what time brings waits, and is recorded before anything is decided") {
  Fetching at([](Harness& engine) { engine.call(ask("alice", hold("h1", 30, 60))); });
  const auto debited = at.engine.submit(ask("alice", debit(30)));
  at.engine.turns();
  at.clock.advance(61 * ns_per_s);
  at.engine.turns();
  at.fetched();
  CHECK(at.engine.outcome(debited).code == Code::ok);
}

TEST_CASE("activating: an entity that is being fetched isn't asked to go") {
  Fetching at({[](Harness&) {}}, {.kinds = {}, .entities_live_max = 1});
  at.engine.submit(ask("alice", credit(1)));
  at.engine.turns();
  for (std::uint64_t i = 0; i < 10; ++i) at.engine.call(ask("w" + std::to_string(i), open()));
  CHECK(at.alice->residence.is(Residence::State::activating));
  CHECK(at.engine.unanswered() == 1);
  at.fetched();
  CHECK(at.engine.unanswered() == 0);
}

}  // namespace
}  // namespace tote
