// What time brings comes in slices: however much of it is due, no turn takes long, others take their turns in between,
// and nobody sees an entity as it was before.
#include <map>

#include "tests/engine/harness.h"

namespace tote {
namespace {

constexpr std::uint64_t changes_of_turn_max = 512;

// `wallets` with `holds` each, all due, in a log that a new engine recovers.
struct Overdue {
  MemoryLog log;
  TestClock clock;
  std::unique_ptr<Harness> engine;
  std::uint64_t before = 0;  // records

  Overdue(int wallets, int holds) {
    engine = std::make_unique<Harness>(log, clock);
    for (int i = 0; i < wallets; ++i) {
      const std::string id = "w" + std::to_string(i);
      engine->submit(ask(id, open()));
      engine->submit(ask(id, credit(holds)));
      for (int h = 0; h < holds; ++h) engine->submit(ask(id, hold("h" + std::to_string(h), 1, 10)));
      if (i % 100 == 99 || holds > 100) engine->turns();
    }
    engine->call(ask("other", open()));
    before = log.size();
    clock.advance(3'600 * ns_per_s);
    engine = std::make_unique<Harness>(log, clock);
  }
  // One turn, which is short.
  void turn() {
    const std::uint64_t records = log.size();
    engine->turn();
    CHECK(log.size() - records <= changes_of_turn_max);
  }
  void turn_until_answered(Harness::Ticket ticket, int turns_max) {
    for (int turns = 0; !engine->is_answered(ticket); ++turns) {
      REQUIRE(turns < turns_max);
      turn();
      log.sync();
    }
  }
  std::uint64_t expired() { return engine->context().figures().timers_fired; }
};

Request both(const std::string& from, const std::string& to) {
  struct Pay final : Script {
    std::string payer, payee;
    void entities(std::vector<EntityRef>& out) const override {
      out.push_back({Wallet::kind_id, payer});
      out.push_back({Wallet::kind_id, payee});
    }
    Verdict run(Transaction& on) const override {
      if (const Step step = tote::run<Wallet>(on, payer, Wallet::Debit{{5}}); step.refused()) return step.verdict();
      return tote::run<Wallet>(on, payee, Wallet::Credit{{5}}).verdict();
    }
    void answer(Transaction&, std::string&) const override {}
    void digest(std::string& out) const override { out.append(payer); }
  };
  auto script = std::make_unique<Pay>();
  script->payer = from;
  script->payee = to;
  Request request{.kind = Wallet::kind_id, .entity = from};
  request.command = Command(ScriptPtr(std::move(script)));
  return request;
}

// Every record of a wallet lies before the end of each hold that is open in it.
void check_exactness(const MemoryLog& log) {
  std::map<std::string, EntityOf<Wallet>, std::less<>> wallets;
  log.for_each([&](Lsn lsn, const wal::Record& record) {
    for (const wal::Change& change : record.changes) {
      auto& wallet = wallets[std::string(change.entity)];
      const bool expires = line_of(lsn, record).find(" expired") != std::string::npos;
      REQUIRE(expires == (wallet.next_due() <= record.time));
      REQUIRE(wallet.replay(change.events));
    }
  });
}

TEST_CASE("time: very many timers that are due at the start come some a turn, and commands take their turns") {
  Overdue overdue(20'000, 1);
  std::uint64_t turns = 0;
  while (overdue.expired() < 20'000) {
    const auto before = overdue.expired();
    const auto ticket = overdue.engine->submit(ask("other", credit(1)));
    overdue.turn();
    overdue.log.sync();
    overdue.turn();
    CHECK(overdue.engine->is_answered(ticket));
    CHECK(overdue.expired() > before);
    REQUIRE(++turns < 1'000);
  }
  CHECK(turns > 20);
  CHECK(overdue.engine->context().figures().entities_live == 1);  // none needed an actor for it
  overdue.engine->turns();
  CHECK(overdue.engine->wheel().next_due_ms() == 1'000);
  check_exactness(overdue.log);
}

TEST_CASE("time: whoever asks for an entity finds what is due recorded, wherever the timers are") {
  Overdue overdue(5'000, 1);
  const auto read = overdue.engine->submit(look("w4999"));
  const auto late = overdue.engine->submit(ask("w4998", capture("h0")));
  const auto paid = overdue.engine->submit(both("w4997", "w4996"));
  overdue.turn();
  overdue.log.sync();
  overdue.turn();
  CHECK(field(overdue.engine->outcome(read), "held") == 0);
  CHECK(overdue.engine->outcome(late).code == Code::hold_closed);
  CHECK(overdue.engine->outcome(paid).code == Code::insufficient_funds);
  CHECK(overdue.expired() < 5'000);
  check_exactness(overdue.log);
}

TEST_CASE("time: one entity that is overdue by thousands of changes holds up nobody else, and keeps its own order") {
  for (const bool in_script : {false, true}) {
    CAPTURE(in_script);
    Overdue overdue(1, 5'000);
    std::vector<Harness::Ticket> tickets;
    if (in_script) {
      tickets.push_back(overdue.engine->submit(both("w0", "other")));
    } else {
      tickets.push_back(overdue.engine->submit(ask("w0", debit(5))));
    }
    tickets.push_back(overdue.engine->submit(ask("w0", debit(4'995), "k")));
    tickets.push_back(overdue.engine->submit(look("w0")));
    overdue.turn();
    overdue.log.sync();
    overdue.turn();
    CHECK_FALSE(overdue.engine->is_answered(tickets[0]));
    const auto elsewhere = overdue.engine->submit(ask("third", open()));
    overdue.turn_until_answered(elsewhere, 3);
    CHECK_FALSE(overdue.engine->is_answered(tickets[0]));
    const auto behind = overdue.engine->submit(ask("w0", debit(1)));
    overdue.turn_until_answered(behind, 100);
    for (const auto ticket : tickets) CHECK(overdue.engine->outcome(ticket).code == Code::ok);
    CHECK(field(overdue.engine->outcome(tickets[2]), "balance") == 0);
    CHECK(field(overdue.engine->outcome(tickets[2]), "held") == 0);
    CHECK(overdue.engine->outcome(behind).code == Code::insufficient_funds);
    overdue.engine->turns();
    overdue.engine->sync();
    CHECK(overdue.engine->unanswered() == 0);
    check_exactness(overdue.log);
  }
}

TEST_CASE("time: an entity on its way out goes on with what it has kept, then leaves") {
  MemoryLog log;
  TestClock clock;
  Harness engine(log, clock, {.kinds = {}, .entities_live_max = 1});
  engine.call(ask("a", open()));
  engine.call(ask("a", credit(3'000)));
  for (int h = 0; h < 3'000; ++h) engine.submit(ask("a", hold("h" + std::to_string(h), 1, 10)));
  engine.turns();
  clock.advance(60 * ns_per_s);
  std::vector<Harness::Ticket> tickets;
  for (int i = 0; i < 20; ++i) {
    tickets.push_back(engine.submit(ask("a", debit(100))));
    tickets.push_back(engine.submit(ask("b" + std::to_string(i), open())));
    engine.turn();
  }
  engine.turns();
  engine.sync();
  for (const auto ticket : tickets) CHECK(is_success(engine.outcome(ticket).code));
  CHECK(field(engine.call(look("a")), "balance") == 1'000);
  check_exactness(log);
}

}  // namespace
}  // namespace tote
