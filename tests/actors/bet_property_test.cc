// What is true after every history of a player's bets, whatever the provider says, doubled, late or out of order.
#include <rapidcheck.h>

#include <map>
#include <ostream>

#include "tests/actors/bet_words.h"
#include "tests/actors/property.h"

namespace tote {
namespace {

struct Call {
  int what = 0;
  std::string bet{}, transaction{};
  std::int64_t amount = 0, content = 1;
  std::size_t number = 1;  // of the operation that is rolled back
};

std::ostream& operator<<(std::ostream& out, const Call& call) {
  static constexpr const char* names[] = {"make",   "commit",   "win",     "cash_out", "lost",
                                          "refund", "rollback", "discard", "settle"};
  return out << names[call.what] << ' ' << call.bet << ' ' << call.transaction << ' ' << call.amount << " content "
             << call.content << " of " << call.number;
}

rc::Gen<Call> any_call() {
  return rc::gen::exec([] {
    Call call;
    call.what =
        *rc::gen::weightedElement<int>({{4, 0}, {1, 1}, {4, 2}, {1, 3}, {2, 4}, {2, 5}, {5, 6}, {1, 7}, {1, 8}});
    call.bet = *rc::gen::element<std::string>("b1", "b2", "b3");
    call.transaction = *rc::gen::element<std::string>("t1", "t2", "t3", "t4", "t5", "t6", "t7", "b1");
    call.amount = *rc::gen::inRange<std::int64_t>(1, 400);
    call.content = *rc::gen::weightedElement<std::int64_t>({{6, 1}, {1, 2}});
    call.number = *rc::gen::inRange<std::size_t>(1, 6);
    return call;
  });
}

// The amount goes into the content, as a payload's does.
Verdict run(Book& book, const Call& call) {
  const std::int64_t content = call.content * 1'000 + (call.what == 4 ? 0 : call.amount);
  const auto said = book.said(call.bet, call.transaction, content);
  switch (call.what) {
    case 0: return book.make(call.bet, call.amount, content);
    case 1: return book.commit(call.bet, call.content);
    case 2: return book.run(bet::settle(said, {Bet::Type::win, false, {call.amount}}));
    case 3: return book.run(bet::settle(said, {Bet::Type::win, true, {call.amount}}));
    case 4: return book.run(bet::settle(said, {Bet::Type::lost}));
    case 5: return book.run(bet::settle(said, {Bet::Type::refund, false, {call.amount}}));
    case 6: return book.run(bet::roll_back(said, bet::operation_id("acme:" + call.bet, call.number), {}));
    case 7: return book.discard(call.bet);
    default: return book.settle(call.bet, Bet::Status::lost, call.content);
  }
}

// By the bets alone: what the player has lost to them, below zero what was won.
std::int64_t lost_to_bets(Book& book) {
  std::int64_t sum = 0;
  for (const char* id : {"b1", "b2", "b3"}) {
    const Bet::State& bet = book.bet(id);
    if (bet.is_bet() && bet.status != Bet::Status::discarded) sum += bet.stake.minor - bet.payout().minor;
  }
  return sum;
}

TEST_CASE("every history of bets: stakes less payouts are what the wallet has lost, after every record") {
  for (const bool may_overdraw : {true, false})
    for (const bool unknown_is_ok : {true, false})
      check_property("stakes - payouts = the wallet's changes", [&] {
        Book book;
        book.may_overdraw = may_overdraw;
        book.unknown_is_ok = unknown_is_ok;
        for (const Call& call : *rc::gen::container<std::vector<Call>>(any_call())) {
          const std::size_t records = book.world.records();
          const bool refused = run(book, call).refused();
          const Wallet::State& wallet = book.wallet();
          RC_ASSERT(wallet.balance.minor - wallet.debt.minor == 1'000 - lost_to_bets(book));
          if (refused) RC_ASSERT(book.world.records() == records);
          if (!may_overdraw) RC_ASSERT(wallet.available().minor >= 0);
          for (const char* id : {"b1", "b2", "b3"}) {
            const Bet::State& bet = book.bet(id);
            if (bet.status == Bet::Status::none) continue;
            RC_ASSERT(bet.sum(Bet::Type::refund).second <= bet.stake);
            RC_ASSERT(bet.sum(Bet::Type::win).first == 0 || bet.sum(Bet::Type::refund).first == 0);
          }
        }
      });
}

TEST_CASE("every history of bets: a callback that was answered is answered the same again, and moves nothing") {
  check_property("retries", [] {
    Book book;
    std::vector<std::pair<Call, std::string>> answered;
    for (const Call& call : *rc::gen::container<std::vector<Call>>(any_call())) {
      if (!run(book, call).refused()) answered.emplace_back(call, book.told());
      const std::size_t records = book.world.records();
      for (const auto& [before, told] : answered) {
        const bool is_bare = before.what == 1 || before.what >= 7;  // a yes while the bet allows it
        if (is_bare || told == "unknown") continue;
        const Verdict again = run(book, before);
        const bool is_taken_back = before.what == 0 && again.code == Code::bet_conflict;
        RC_ASSERT(is_taken_back || (!again.refused() && book.told() == told));
        RC_ASSERT(book.world.records() == records);
      }
    }
  });
}

TEST_CASE("every history of bets: a bet that was taken back before it came never takes a stake") {
  check_property("tombstones", [] {
    Book book;
    std::map<std::string, bool> buried;
    for (const Call& call : *rc::gen::container<std::vector<Call>>(any_call())) {
      run(book, call);
      for (const char* id : {"b1", "b2", "b3"}) {
        if (buried[id]) RC_ASSERT(book.bet(id).status == Bet::Status::tombstoned);
        buried[id] = book.bet(id).status == Bet::Status::tombstoned;
      }
    }
  });
}

}  // namespace
}  // namespace tote
