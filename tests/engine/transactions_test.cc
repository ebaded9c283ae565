// Transactions over several entities (DESIGN D6): all or nothing, one record, in order with everything else.
#include <algorithm>

#include "tests/engine/harness.h"

namespace tote {
namespace {

// Moves money along a list of wallets: from the first to the second, from there to the third, …
struct Move final : Script {
  std::vector<std::string> wallets;
  std::int64_t amount;

  Move(std::vector<std::string> along, std::int64_t minor) : wallets(std::move(along)), amount(minor) {}

  void entities(std::vector<EntityRef>& out) const override {
    for (const auto& id : wallets) out.push_back({Wallet::kind_id, id});
  }
  Verdict run(Transaction& on) const override {
    for (std::size_t i = 0; i + 1 < wallets.size(); ++i) {
      if (const Step step = tote::run<Wallet>(on, wallets[i], Wallet::Debit{{amount}, {}}); step.refused())
        return step.verdict();
      if (const Step step = tote::run<Wallet>(on, wallets[i + 1], Wallet::Credit{{amount}, {}}); step.refused())
        return undone(on, step);
    }
    return {};
  }
  void answer(Transaction& on, std::string& out) const override {
    if (const AnyEntity* first = on.look({Wallet::kind_id, wallets.front()})) first->answer({}, out);
  }
  void digest(std::string& out) const override {
    for (const auto& id : wallets) out.append(id).push_back('\0');
    out.append(std::to_string(amount));
  }

 private:
  static Verdict undone(Transaction& on, const Step& step) {
    on.undo(0);
    return step.verdict();
  }
};

Request move(std::vector<std::string> along, std::int64_t amount, std::string key = {}) {
  Request request{.kind = Wallet::kind_id, .entity = along.front(), .key = std::move(key)};
  request.command = Command(ScriptPtr(std::make_unique<Move>(std::move(along), amount)));
  return request;
}

std::int64_t total(Context& context) {
  std::int64_t sum = 0;
  context.slots().for_each([&](Slot* slot) {
    CHECK(slot->entity->staged() == 0);
    CHECK(slot->queue.holder() == nullptr);
    CHECK_FALSE(slot->queue.has_parked());
    CHECK_FALSE(slot->queue.is_awaited());
    sum += dynamic_cast<EntityOf<Wallet>&>(*slot->entity).state().balance.minor;
  });
  return sum;
}

void fill(Harness& engine, const std::vector<std::string>& wallets, std::int64_t amount) {
  for (const auto& id : wallets) {
    REQUIRE(engine.call(ask(id, open())).code == Code::created);
    REQUIRE(engine.call(ask(id, credit(amount))).code == Code::ok);
  }
}

}  // namespace

TEST_CASE("transactions: a transfer is one record, and the answer is of the state after it") {
  Fresh fresh;
  fill(fresh.engine, {"alice", "bob"}, 100);
  const Outcome moved = fresh.engine.call(move({"alice", "bob"}, 30, "t1"));
  CHECK(moved.code == Code::ok);
  CHECK(moved.version == Version{3});
  CHECK(moved.lsn == Lsn{5});
  CHECK(field(moved, "balance") == 70);
  CHECK(lines_of(fresh.log).back() == "5 default alice v3 ok debited credited key t1");
  CHECK(field(fresh.engine.call(look("bob")), "balance") == 130);
  CHECK(fresh.engine.call(look("bob")).version == Version{3});

  Outcome again = fresh.engine.call(move({"alice", "bob"}, 30, "t1"));
  CHECK(again.replayed);
  again.replayed = false;
  CHECK(told(again) == told(moved));
  CHECK(fresh.engine.call(move({"alice", "bob"}, 31, "t1")).code == Code::idempotency_key_reused);
  CHECK(total(fresh.engine.context()) == 200);
}

TEST_CASE("transactions: a refusal changes nothing anywhere, and is frozen under its key") {
  Fresh fresh;
  fill(fresh.engine, {"a", "b", "c"}, 10);
  const auto records = fresh.log.size();
  const Outcome refused = fresh.engine.call(move({"a", "b", "c"}, 11, "t1"));
  CHECK(refused.code == Code::insufficient_funds);
  CHECK(fresh.log.size() == records + 1);
  CHECK(fresh.engine.call(move({"a", "b", "nobody"}, 5)).code == Code::not_found);
  CHECK(fresh.log.size() == records + 1);
  CHECK(fresh.engine.context().slots().size() == 3);
  for (const char* id : {"a", "b", "c"}) {
    CHECK(field(fresh.engine.call(look(id)), "balance") == 10);
    CHECK(fresh.engine.call(look(id)).version == Version{2});
  }
  REQUIRE(fresh.engine.call(ask("a", credit(100))).code == Code::ok);
  CHECK(fresh.engine.call(move({"a", "b", "c"}, 11, "t1")).code == Code::insufficient_funds);
}

TEST_CASE("transactions: an entity that comes again sees what the transaction did to it before") {
  Fresh fresh;
  fill(fresh.engine, {"a", "b"}, 10);
  const Outcome there_and_back = fresh.engine.call(move({"a", "b", "a", "b", "a"}, 10));
  CHECK(there_and_back.code == Code::ok);
  CHECK(there_and_back.version == Version{3});
  CHECK(field(there_and_back, "balance") == 10);
  CHECK(lines_of(fresh.log).back().ends_with("debited credited debited credited credited debited credited debited"));
  CHECK(total(fresh.engine.context()) == 20);
}

TEST_CASE("transactions: they keep their place among the other requests of a batch") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    INFO("seed ", seed);
    Fresh fresh;
    fill(fresh.engine, {"a", "b", "c"}, 0 + 1);
    fresh.engine.shuffle(seed);
    // Each succeeds only after the one before it.
    std::vector<Harness::Ticket> tickets;
    tickets.push_back(fresh.engine.submit(ask("a", credit(9), seed % 2 == 0 ? "k1" : "")));
    tickets.push_back(fresh.engine.submit(move({"a", "b"}, 10)));
    tickets.push_back(fresh.engine.submit(ask("b", debit(1))));
    tickets.push_back(fresh.engine.submit(move({"b", "c"}, 10, seed % 3 == 0 ? "k2" : "")));
    tickets.push_back(fresh.engine.submit(move({"c", "a"}, 11)));
    tickets.push_back(fresh.engine.submit(look("a")));
    tickets.push_back(fresh.engine.submit(ask("a", debit(11))));
    fresh.engine.turns();
    fresh.engine.sync();
    for (const auto ticket : tickets) CHECK(fresh.engine.outcome(ticket).code == Code::ok);
    CHECK(field(fresh.engine.outcome(tickets[5]), "balance") == 11);
    CHECK(total(fresh.engine.context()) == 0);
  }
}

TEST_CASE("transactions: whatever meets whatever, all are answered and the sum stays") {
  const std::vector<std::string> ids{"a", "b", "c", "d", "e"};
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    INFO("seed ", seed);
    std::mt19937_64 random(seed);
    Fresh fresh({.kinds = {}, .entities_live_max = 1 + random() % 6});
    fill(fresh.engine, ids, 100);
    fresh.engine.shuffle(seed);
    std::int64_t expected = 500;
    std::vector<std::pair<Harness::Ticket, std::int64_t>> tickets;
    for (int i = 0; i < 120; ++i) {
      const auto amount = static_cast<std::int64_t>(1 + random() % 60);
      std::vector<std::string> along;
      for (std::size_t hop = 0; hop < 2 + random() % 4; ++hop) along.push_back(ids[random() % ids.size()]);
      if (random() % 20 == 0) along.push_back("nobody" + std::to_string(random() % 3));
      switch (random() % 6) {
        case 0: tickets.emplace_back(fresh.engine.submit(ask(along[0], credit(amount))), amount); break;
        case 1: tickets.emplace_back(fresh.engine.submit(ask(along[0], debit(amount))), -amount); break;
        case 2: tickets.emplace_back(fresh.engine.submit(look(along[0])), 0); break;
        case 3:
          tickets.emplace_back(fresh.engine.submit(ask(along[0], hold("h" + std::to_string(i), amount, 1))), 0);
          break;
        default:
          tickets.emplace_back(
              fresh.engine.submit(move(along, amount, random() % 2 == 0 ? "k" + std::to_string(i) : "")), 0);
      }
      if (random() % 8 == 0) fresh.clock.advance(static_cast<std::int64_t>(random() % 3) * ns_per_s / 2);
      if (random() % 5 == 0) fresh.engine.turn();
      if (random() % 9 == 0) fresh.engine.sync();
    }
    fresh.engine.turns();
    fresh.engine.sync();
    for (const auto& [ticket, change] : tickets)
      if (is_success(fresh.engine.outcome(ticket).code)) expected += change;
    CHECK(fresh.engine.unanswered() == 0);
    CHECK(total(fresh.engine.context()) == expected);
    CHECK(fresh.engine.context().slots().size() == ids.size());

    Harness recovered(fresh.log, fresh.clock);
    CHECK(total(recovered.context()) == expected);
  }
}

TEST_CASE("transactions: a hold that is due is expired before they decide") {
  Fresh fresh;
  fill(fresh.engine, {"a", "b"}, 10);
  REQUIRE(fresh.engine.call(ask("b", hold("h", 10, 5))).code == Code::created);
  CHECK(fresh.engine.call(move({"b", "a"}, 10)).code == Code::insufficient_funds);
  fresh.clock.advance(6 * ns_per_s);
  CHECK(fresh.engine.call(move({"b", "a"}, 10)).code == Code::ok);
  const auto lines = lines_of(fresh.log);
  CHECK(lines[lines.size() - 2].find("expired") != std::string::npos);
  CHECK(total(fresh.engine.context()) == 20);
}

TEST_CASE("transactions: If-Match is about the entity they are addressed to") {
  Fresh fresh;
  fill(fresh.engine, {"a", "b"}, 10);
  Request wrong = move({"a", "b"}, 1);
  wrong.expected_version = Version{7};
  const Outcome refused = fresh.engine.call(std::move(wrong));
  CHECK(refused.code == Code::version_mismatch);
  CHECK(refused.facts.find(FactName::current_version) == 2);
  Request right = move({"a", "b"}, 1);
  right.expected_version = Version{2};
  CHECK(fresh.engine.call(std::move(right)).code == Code::ok);
}

TEST_CASE("transactions: what can't be done now is refused, and nothing of it has happened") {
  Fresh fresh;
  fill(fresh.engine, {"a", "b"}, 10);
  fresh.log.full = true;
  CHECK(fresh.engine.call(move({"a", "b"}, 1, "k")).code == Code::log_full);
  fresh.log.full = false;
  fresh.log.room = false;
  CHECK(fresh.engine.call(move({"a", "b"}, 1, "k")).code == Code::overloaded);
  fresh.log.room = true;
  Request late = move({"a", "b"}, 1, "k");
  late.deadline_ms = 5;
  const auto ticket = fresh.engine.submit(std::move(late));
  fresh.clock.advance(5 * ns_per_ms);
  fresh.engine.turns();
  CHECK(fresh.engine.outcome(ticket).code == Code::deadline_exceeded);
  CHECK(fresh.engine.call(move({"a", "b/"}, 1)).code == Code::invalid_id);
  CHECK(total(fresh.engine.context()) == 20);
  CHECK(fresh.engine.call(move({"a", "b"}, 1, "k")).code == Code::ok);
}

TEST_CASE("transactions: nothing of one leaves before it is durable, and a crash undoes it whole") {
  MemoryLog log;
  TestClock clock;
  {
    Harness engine(log, clock);
    fill(engine, {"a", "b"}, 10);
    const auto moved = engine.submit(move({"a", "b"}, 4));
    const auto seen = engine.submit(look("b"));
    engine.turns();
    CHECK_FALSE(engine.is_answered(moved));
    CHECK_FALSE(engine.is_answered(seen));
    log.crash();
  }
  Harness engine(log, clock);
  CHECK(field(engine.call(look("a")), "balance") == 10);
  CHECK(field(engine.call(look("b")), "balance") == 10);
}

}  // namespace tote
