// The books (engine/books.h) under bets: stakes, wins, refunds, cash-outs and what rolls them back, below zero or as a
// debt that later credits pay, over snapshots, entities at rest and crashes at every point, against a sum over the log.
#include "engine/books.h"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>

#include "actors/bet/callback.h"
#include "actors/session/session.h"
#include "actors/transaction/results.h"
#include "actors/transaction/transfer.h"
#include "engine/world.h"
#include "tests/engine/harness.h"
#include "tests/engine/memory_states.h"

namespace tote {
namespace {

struct Sums {
  Sum issued = 0, destroyed = 0, balances = 0, held = 0;
  bool operator==(const Sums&) const = default;
};
using ByUnit = std::map<std::string, Sums>;

ByUnit told(const std::vector<MoneyBooks::Line>& lines) {
  ByUnit out;
  for (const MoneyBooks::Line& line : lines)
    out[line.unit] = {line.issued.sum(), line.destroyed.sum(), line.balances.sum(), line.held.sum()};
  return out;
}

// From nothing but records: what each makes of the wallets that it changes.
class Reckoned {
 public:
  explicit Reckoned(const Kinds& kinds) : world_(kinds) {}

  void add(Lsn lsn, const wal::Record& record) {
    std::map<std::string, Holding> before;
    const auto holding = [&](const wal::Change& change) {
      const AnyEntity* entity = world_.find(record.tenant, change.kind, change.entity);
      return entity == nullptr ? Holding{} : entity->holding();
    };
    for (const auto& change : record.changes) before[std::string(change.entity)] = holding(change);
    REQUIRE(world_.apply(lsn, record).empty());
    std::map<std::string, std::int64_t> net;
    ByUnit& books = by_tenant_[std::string(record.tenant)];
    for (const auto& change : record.changes) {
      if (change.kind == MoneyBooks::kind_id) {
        const auto& said = state_of<MoneyBooks>(*world_.find(record.tenant, change.kind, change.entity));
        CHECK(told(said.lines) == books);
        ++said_;
      }
      const Holding was = before.at(std::string(change.entity)), is = holding(change);
      if (is.unit.empty()) continue;
      Sums& sums = books[std::string(is.unit)];
      net[std::string(is.unit)] += is.amount - was.amount;
      sums.balances += is.amount - was.amount;
      sums.held += is.held - was.held;
    }
    for (const auto& [unit, amount] : net)
      (amount > 0 ? books[unit].issued : books[unit].destroyed) += std::abs(amount);
  }
  const ByUnit& of(const std::string& tenant) { return by_tenant_[tenant]; }
  int said() const { return said_; }

 private:
  World world_;
  std::map<std::string, ByUnit> by_tenant_;
  int said_ = 0;
};

struct Betting {
  MemoryLog log;
  MemoryStates rows{log};
  TestClock clock;
  CoreOptions options;
  std::unique_ptr<Harness> engine;
  std::mt19937 random;
  int number = 0, done = 0;
  std::vector<std::string> bets;  // by the provider's ids

  Betting(unsigned seed, std::uint64_t budget) : random(seed) {
    options.kinds = {kind_of<Wallet>(), kind_of<MoneyBooks>(), kind_of<Bet>(), kind_of<Reference>(),
                     kind_of<Session>()};
    options.entities_bytes = budget;
    options.snapshot_thread = false;
    start();
  }
  void start() {
    engine.reset();
    engine = std::make_unique<Harness>(log, clock, options);
    engine->turns();
  }
  std::uint32_t draw(std::uint32_t below) { return static_cast<std::uint32_t>(random() % below); }
  Tenant tenant(std::uint32_t of) { return of == 0 ? Tenant{} : engine->tenant("other"); }
  std::string wallet() { return "w" + std::to_string(draw(12)); }

  Outcome call(Request request, std::uint32_t of) {
    request.tenant = tenant(of);
    return engine->call(std::move(request));
  }
  Outcome call(bet::Said said, ScriptPtr script, std::uint32_t of) {
    Request request{.kind = Bet::kind_id, .entity = bet::entity_of(said)};
    request.command = Command(std::move(script));
    Outcome outcome = call(std::move(request), of);
    done += is_success(outcome.code) ? 1 : 0;
    return outcome;
  }
  bet::Said said(std::string of_bet) {
    const std::string transaction = "t" + std::to_string(++number);
    return {.provider = "acme",
            .named = std::move(of_bet),
            .transaction = transaction,
            .content = {number, 1},
            .may_overdraw = draw(2) == 0,
            .unknown_is_ok = draw(2) == 0};
  }
  void make(std::uint32_t of) {
    const std::string id = "b" + std::to_string(++number);
    bet::Said one = said(id);
    one.transaction = id;
    const std::string from = wallet();
    const Currency currency = *currency_of(from < "w5" ? "EUR" : "JPY");
    const auto copy = one;
    if (is_success(call(copy,
                        bet::make(std::move(one),
                                  {.player = "p", .wallet = from, .currency = currency, .amount = {1 + draw(40)}}),
                        of)
                       .code))
      bets.push_back(id);
  }
  void operate(std::uint32_t of) {
    if (bets.empty()) return;
    bet::Said one =
        said(draw(10) == 0 ? "none" + std::to_string(number) : bets[draw(static_cast<std::uint32_t>(bets.size()))]);
    const auto copy = one;
    switch (draw(5)) {
      case 0:
        return void(call(
            copy,
            bet::settle(std::move(one), {.type = Bet::Type::win, .is_cashout = draw(3) == 0, .amount = {draw(60)}}),
            of));
      case 1: return void(call(copy, bet::settle(std::move(one), {.type = Bet::Type::lost}), of));
      case 2: return void(call(copy, bet::settle(std::move(one), {.type = Bet::Type::refund}), of));
      case 3: {
        one.transaction.clear();
        return void(call(copy, bet::discard(std::move(one), {}), of));
      }
      default: {
        const std::string parent = "acme:" + one.named + ":" + std::to_string(1 + draw(4));
        return void(call(copy, bet::roll_back(std::move(one), parent, {}), of));
      }
    }
  }
  void act() {
    const std::uint32_t of = draw(4) == 0 ? 1 : 0;
    const std::string id = wallet();
    const std::string hold_id = "h" + std::to_string(++number);
    switch (draw(12)) {
      case 0: return void(call(ask(id, Wallet::Open{*currency_of(id < "w5" ? "EUR" : "JPY"), {0}}), of));
      case 1: return void(call(ask(id, credit(1 + draw(60))), of));
      case 2: return void(call(ask(id, debit(1 + draw(30))), of));
      case 3: return void(call(ask(id, hold(hold_id, 1 + draw(9), 1 + draw(200))), of));
      case 4: return void(call(ask(id, capture(hold_id)), of));
      case 5: {
        Request request{.kind = transaction::kind_id};
        request.command = transfer_command(id, wallet(), {1 + draw(20)});
        return void(call(std::move(request), of));
      }
      case 6:
      case 7:
      case 8: return make(of);
      default: return operate(of);
    }
  }
  void pass() {
    for (int i = 0; i < 3; ++i) {
      clock.advance(61 * ns_per_s);
      engine->turns();
      engine->sync();
    }
  }
  void check(int& said_in_log) {
    Reckoned truth(options.kinds);
    log.for_each([&](Lsn lsn, const wal::Record& record) { truth.add(lsn, record); });
    CHECK(told(engine->context().books().lines(0)) == truth.of("default"));
    if (const auto other = engine->tenant("other"); other.index < engine->context().books().tenants())
      CHECK(told(engine->context().books().lines(other.index)) == truth.of("other"));
    said_in_log = truth.said();
  }
};

TEST_CASE("books: bets, reversals and debts, at rest, over rounds and crashes, are what the records come to") {
  constexpr std::uint64_t little = 10 * (Tiers::actor_bytes + 450);
  int done = 0, said = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    Betting at(seed, seed % 2 == 0 ? 0 : little);
    for (int life = 0; life < 6; ++life) {
      CAPTURE(life);
      for (int i = 0; i < 90; ++i) {
        at.act();
        if (at.draw(20) == 0) at.pass();
      }
      at.check(said);
      at.engine.reset();
      at.log.crash();
      at.rows.crash(at.draw(3) == 0 ? 0 : at.draw(25));
      at.start();
      at.check(said);
    }
    done += at.done;
    CHECK(said > 3);
  }
  CHECK(done > 800);
}

}  // namespace
}  // namespace tote
