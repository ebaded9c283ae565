// The power goes after every single record of what providers bring about: also between an event that was taken and its
// effect. Who called calls again, and in the end each thing has happened once.
#include "actors/item/item.h"
#include "actors/match/match.h"
#include "actors/order/place.h"
#include "actors/wallet/wallet.h"
#include "tests/simulation/world.h"

namespace tote::simulation {

namespace {

using Callback = BettingProvider::Callback;
using What = BettingProvider::What;

template <class E>
void ask(World& world, const std::string& id, typename E::Command command, Dues::Amounts moves = {}) {
  world.ask(id, [id, command] { return request<E>(id, command); }, {{}, std::move(moves)});
}

void open_club(World& world) {
  ask<tote::Item>(world, "i", tote::Item::Open{2}, {{"i", 2}});
  ask<tote::Match>(world, "m", tote::Match::Open{1, {40}, euro, {}, 5, 900});
  ask<tote::Wallet>(world, "ann", tote::Wallet::Open{euro, {}});
  ask<tote::Wallet>(world, "ann", tote::Wallet::Credit{{1'000}, {}}, {{"ann", 1'000}});
  world.sync();
}

// Until it is answered, whatever happens meanwhile.
void until_answered(World& world, Callback callback) {
  const std::size_t number = world.betting().call(std::move(callback));
  world.sync();
  for (int i = 0; i < 5 && !world.betting().is_answered(number); ++i) {
    world.betting().call_unanswered();
    world.sync();
  }
  CHECK(world.betting().is_answered(number));
}

Callback of_bet(What what, std::string transaction = {}, std::int64_t amount = 0, std::size_t number = 1) {
  Callback callback{.what = what, .provider = "acme", .bet = "b1", .transaction = std::move(transaction)};
  callback.player = "ann";
  callback.amount = amount;
  callback.number = number;
  return callback;
}

// What providers test: make, commit, win, rollback, win, rollback, refund, rollback, lost, rollback, refund,
// settlement.
void whole_life(World& world) {
  const Callback life[] = {of_bet(What::make, {}, 300),     of_bet(What::commit),
                           of_bet(What::win, "w1", 500),    of_bet(What::roll_back, "r1", 0, 2),
                           of_bet(What::win, "w2", 700),    of_bet(What::roll_back, "r2", 0, 4),
                           of_bet(What::refund, "f1", 300), of_bet(What::roll_back, "r3", 0, 6),
                           of_bet(What::lost, "l1"),        of_bet(What::roll_back, "r4", 0, 8),
                           of_bet(What::refund, "f2", 300), of_bet(What::settle)};
  for (const Callback& callback : life) until_answered(world, callback);
  CHECK(world.model().wallet("ann")->balance == 1'000);
  CHECK(world.model().bets().bets().at("acme:b1").operations.size() == 11);
}

void taken_back_first(World& world) {
  until_answered(world, of_bet(What::discard));
  until_answered(world, of_bet(What::make, {}, 300));
  CHECK(world.model().wallet("ann")->balance == 1'000);
}

void several_wins(World& world) {
  until_answered(world, of_bet(What::make, {}, 300));
  world.betting().call(of_bet(What::win, "w1", 100));
  world.betting().call(of_bet(What::win, "w2", 200));
  world.betting().call(of_bet(What::cash_out, "w3", 50));
  until_answered(world, of_bet(What::win, "w1", 100));
  for (int i = 0; i < 3; ++i) world.betting().call_unanswered(), world.sync();
  CHECK(world.model().wallet("ann")->balance == 1'050);
}

void reversal_beyond_the_balance(World& world) {
  until_answered(world, of_bet(What::make, {}, 300));
  until_answered(world, of_bet(What::win, "w1", 500));
  ask<tote::Wallet>(world, "ann", tote::Wallet::Debit{{1'150}, {}}, {{"ann", -1'150}});
  world.sync();
  until_answered(world, of_bet(What::roll_back, "r1", 0, 2));
}

// -- on the payment provider's pages

void five_pay_for_one_seat(World& world) {
  for (const char* player : {"ann", "bob", "cid", "dan", "eve"})
    world.checkouts().pay({.match = "m", .player = player, .amount = 40});
  world.checkouts().deliver_all();
  world.sync();
}

void pay_for_an_order(World& world) {
  OrderPlan::Input order{.lines = {{"i", 2}}, .amount = {40}, .currency = euro, .webhook = "page"};
  world.ask("o", [order] {
    Request request{.kind = Order::kind_id, .entity = "o"};
    request.command = place_order("o", order);
    return request;
  });
  world.sync();
  world.checkouts().pay({.order = "o", .amount = 40});
  world.checkouts().deliver_all();
  world.sync();
}

void pay_the_wrong_sum(World& world) {
  world.checkouts().pay({.match = "m", .player = "ann", .amount = 39});
  world.checkouts().pay({.match = "nowhere", .player = "ann", .amount = 40});
  world.checkouts().pay({.amount = 7});  // none of our business
  world.checkouts().deliver_all();
  world.sync();
}

struct Drama {
  const char* name;
  void (*play)(World&);
  std::uint64_t records_min;
  bool has_events;
};

constexpr Drama dramas[] = {
    {"a bet's whole life", whole_life, 12, false},
    {"a bet that was taken back before it came", taken_back_first, 1, false},
    {"several wins of one bet", several_wins, 4, false},
    {"a reversal beyond the balance", reversal_beyond_the_balance, 4, false},
    {"five pay for one seat", five_pay_for_one_seat, 10, true},
    {"an order is paid on a page", pay_for_an_order, 3, true},
    {"what isn't the price, for what isn't there, and not for us", pay_the_wrong_sum, 6, true},
};

struct Played {
  std::uint64_t records = 0;
  bool has_crashed_between = false;
};

Played play(const Drama& drama, std::uint64_t crash_after, bool account_is_empty) {
  World world(3, false);
  world.gateway().never_fails = true;
  open_club(world);
  const std::uint64_t before = world.records();
  if (crash_after > 0) world.crash_after(before + crash_after);
  INFO(drama.name << ", crash after record " << crash_after);
  if (account_is_empty) world.gateway().drain();
  drama.play(world);
  world.settle();
  const std::uint64_t records = world.records() - before;
  INFO(world.trace());
  CHECK(world.faults() == "");
  CHECK(world.has_crashed() == (crash_after > 0 && crash_after <= records));
  const auto& outcomes = world.model().payments().outcomes();
  if (drama.play == five_pay_for_one_seat) {
    CHECK(outcomes.at("booked") == 1);
    CHECK(outcomes.at("refunded") == 4);
  }
  if (drama.play == pay_for_an_order) CHECK(outcomes.at("confirmed") == 1);
  return {records, world.has_crashed_between()};
}

TEST_CASE("providers: the power goes after every record, and each thing happens once") {
  for (const Drama& drama : dramas) {
    bool has_crashed_between = false;
    for (const bool account_is_empty : {false, true}) {
      const std::uint64_t records = play(drama, 0, account_is_empty).records;
      CAPTURE(std::string(drama.name));
      CHECK(records >= drama.records_min);
      for (std::uint64_t at = 1; at <= records; ++at)
        has_crashed_between = play(drama, at, account_is_empty).has_crashed_between || has_crashed_between;
    }
    CHECK(has_crashed_between == drama.has_events);
  }
}

}  // namespace
}  // namespace tote::simulation
