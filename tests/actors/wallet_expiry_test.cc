// What time alone does to a wallet: holds expire, in the order of their times, and count until they do.
#include "tests/actors/wallet_words.h"

namespace tote {
namespace {

TEST_CASE("expiry: a wallet without open holds is never due") {
  CHECK(Wallet::next_due({}) == Time::never());
  CHECK(Wallet::next_due(given<Wallet>(opened(), credited(9), held("h1", 9), captured("h1", 9)).state()) ==
        Time::never());
}

TEST_CASE("expiry: the earliest hold is due first, whatever its name and place") {
  auto wallet = given<Wallet>(opened(), credited(9), held("a", 1, {300}), held("b", 1, {100}), held("c", 1, {200}));
  CHECK(Wallet::next_due(wallet.state()) == Time{100});
  wallet.at({1'000}).when(debit(9)).records(debited(9)).after_time_brought(expired("b"), expired("c"), expired("a"));
}

TEST_CASE("expiry: holds of the same time expire in the order of their names") {
  given<Wallet>(opened(), credited(9), held("b", 1, {100}), held("a", 1, {100}))
      .at({100})
      .when(credit(1))
      .records(credited(1))
      .after_time_brought(expired("a"), expired("b"));
}

TEST_CASE("expiry: to the nanosecond") {
  auto wallet = given<Wallet>(opened(), credited(9), held("h1", 9, {100}));
  wallet.at({99}).when(debit(1)).refused(Code::insufficient_funds, short_of(0, 1)).after_time_brought();
  wallet.at({100}).when(debit(9)).records(debited(9)).after_time_brought(expired("h1"));
}

TEST_CASE("expiry: an expired hold can't be captured") {
  given<Wallet>(opened(), credited(9), held("h1", 9, {100})).at({100}).when(capture("h1")).refused(Code::hold_closed);
}

TEST_CASE("expiry: a hold that was captured or released in time doesn't expire") {
  given<Wallet>(opened(), credited(9), held("h1", 4, {100}), held("h2", 4, {100}))
      .at({99})
      .when(capture("h1"))
      .records(captured("h1", 4))
      .when(release("h2"))
      .records(released("h2"))
      .at({100})
      .when(debit(5))
      .records(debited(5))
      .after_time_brought();
}

TEST_CASE("expiry: counts from the command's time") {
  given<Wallet>(opened(), credited(9)).at({5}).when(hold("h1", 9, 2)).records(held("h1", 9, {5 + 2 * ns_per_s}));
}

TEST_CASE("expiry: near the end of time a hold never expires, it doesn't wrap into the past") {
  const Time late{Time::never().ns - 1};
  auto wallet = given<Wallet>(opened(), credited(9));
  wallet.at(late).when(hold("h1", 9)).records(held("h1", 9, Time::never()));
}

}  // namespace
}  // namespace tote
