// Holds: promised once, captured once, released once.
#include "tests/actors/wallet_words.h"

namespace tote {
namespace {

TEST_CASE("hold: the amount is 1 to 10^15, looked at before the wallet") {
  for (const std::int64_t amount : {std::int64_t{0}, std::int64_t{-1}, amount_max + 1, INT64_MAX, INT64_MIN}) {
    given<Wallet>().when(hold("h1", amount)).refused(Code::invalid_request);
    given<Wallet>(opened()).when(hold("h1", amount)).refused(Code::invalid_request);
  }
}

TEST_CASE("hold: lasts a second to a year") {
  for (const std::int64_t seconds : {std::int64_t{0}, std::int64_t{-1}, Wallet::expires_in_s_max + 1, INT64_MAX})
    given<Wallet>(opened(), credited(1)).when(hold("h1", 1, seconds)).refused(Code::invalid_request);
  given<Wallet>(opened(), credited(1)).when(hold("h1", 1, 1)).records(held("h1", 1, after({1}, 1)));
  given<Wallet>(opened(), credited(1))
      .when(hold("h1", 1, Wallet::expires_in_s_max))
      .records(held("h1", 1, after({1}, Wallet::expires_in_s_max)));
}

// A record has an upper bound, and a name beyond it would stop the engine: decide() must not let it through.
TEST_CASE("hold: its name is an id") {
  auto wallet = given<Wallet>(opened(), credited(1));
  const std::string longest(limits::id_bytes_max, 'h');
  for (const std::string& id : {std::string(), std::string("a b"), std::string("a\0b", 3), longest + "h"}) {
    CAPTURE(id);
    CHECK_FALSE(is_stored(Wallet::decide(wallet.state(), hold(id, 1), {1}).code()));
  }
  wallet.when(hold(longest, 1)).records(held(longest, 1));
}

TEST_CASE("hold: a wallet that doesn't exist") { given<Wallet>().when(hold("h1", 1)).refused(Code::not_found); }

TEST_CASE("hold: a name is used once, however the hold ended, looked at before the money") {
  given<Wallet>(opened(), credited(9), held("h1", 9)).when(hold("h1", 99)).refused(Code::hold_exists);
  given<Wallet>(opened(), credited(9), held("h1", 9), captured("h1", 9))
      .when(hold("h1", 99))
      .refused(Code::hold_exists);
  given<Wallet>(opened(), credited(9), held("h1", 9), released("h1")).when(hold("h1", 1)).refused(Code::hold_exists);
  given<Wallet>(opened(), credited(9), held("h1", 9), expired("h1")).when(hold("h1", 1)).refused(Code::hold_exists);
}

TEST_CASE("hold: one can't take what another was promised") {
  given<Wallet>(opened(), credited(100), held("h1", 60))
      .when(hold("h2", 50))
      .refused(Code::insufficient_funds, short_of(40, 50))
      .when(hold("h2", 40))
      .as(Code::created)
      .records(held("h2", 40))
      .when(hold("h3", 1))
      .refused(Code::insufficient_funds, short_of(0, 1));
}

TEST_CASE("hold: an overdraft may be held too") {
  given<Wallet>(opened(50))
      .when(hold("h1", 51))
      .refused(Code::insufficient_funds, short_of(50, 51))
      .when(hold("h1", 50))
      .records(held("h1", 50))
      .when(debit(1))
      .refused(Code::insufficient_funds, short_of(0, 1));
}

TEST_CASE("capture: the amount is 0 for all or 1 to 10^15, looked at before the wallet") {
  for (const std::int64_t amount : {std::int64_t{-1}, amount_max + 1, INT64_MAX, INT64_MIN})
    given<Wallet>().when(capture("h1", amount)).refused(Code::invalid_request);
}

TEST_CASE("capture: a wallet that doesn't exist, a hold that doesn't exist") {
  given<Wallet>().when(capture("h1")).refused(Code::not_found);
  given<Wallet>(opened()).when(capture("h1")).refused(Code::hold_not_found);
}

TEST_CASE("capture: twice is once (double capture)") {
  auto wallet = given<Wallet>(opened(), credited(100), held("h1", 60));
  wallet.when(capture("h1")).as(Code::ok).records(captured("h1", 60));
  wallet.when(capture("h1")).refused(Code::hold_closed).when(capture("h1", 1)).refused(Code::hold_closed);
  CHECK(wallet.state().balance.minor == 40);
  CHECK(wallet.state().held.minor == 0);
}

TEST_CASE("capture: a closed hold is told from one that is too small") {
  given<Wallet>(opened(), credited(9), held("h1", 9), released("h1"))
      .when(capture("h1", 10))
      .refused(Code::hold_closed);
  given<Wallet>(opened(), credited(9), held("h1", 9), expired("h1")).when(capture("h1")).refused(Code::hold_closed);
}

TEST_CASE("capture: never more than was held, even when there is more in the wallet") {
  given<Wallet>(opened(), credited(100), held("h1", 60))
      .when(capture("h1", 61))
      .refused(Code::capture_exceeds_hold, short_of(60, 61));
}

TEST_CASE("capture: the rest is released") {
  auto wallet = given<Wallet>(opened(), credited(100), held("h1", 60));
  wallet.when(capture("h1", 20)).records(captured("h1", 20));
  CHECK(wallet.state().balance.minor == 80);
  CHECK(wallet.state().available().minor == 80);
  wallet.when(capture("h1", 40)).refused(Code::hold_closed);
}

TEST_CASE("capture: of an overdraft") {
  auto wallet = given<Wallet>(opened(50), held("h1", 50));
  wallet.when(capture("h1")).records(captured("h1", 50));
  CHECK(wallet.state().balance.minor == -50);
  CHECK(wallet.state().available().minor == 0);
}

TEST_CASE("release: a wallet that doesn't exist, a hold that doesn't exist, a hold that is closed") {
  given<Wallet>().when(release("h1")).refused(Code::not_found);
  given<Wallet>(opened()).when(release("h1")).refused(Code::hold_not_found);
  given<Wallet>(opened(), credited(9), held("h1", 9), captured("h1", 9)).when(release("h1")).refused(Code::hold_closed);
}

TEST_CASE("release: gives back once") {
  auto wallet = given<Wallet>(opened(), credited(100), held("h1", 60));
  wallet.when(release("h1")).as(Code::ok).records(released("h1")).when(release("h1")).refused(Code::hold_closed);
  CHECK(wallet.state().available().minor == 100);
  wallet.when(debit(100)).records(debited(100));
}

}  // namespace
}  // namespace tote
