// Opening, crediting and debiting: each command's refusals in the order in which they are looked at.
#include "tests/actors/wallet_words.h"

namespace tote {
namespace {

TEST_CASE("open: an overdraft limit that is no amount is invalid, even for a wallet that exists") {
  for (const std::int64_t limit : {std::int64_t{-1}, amount_max + 1}) {
    given<Wallet>().when(open(limit)).refused(Code::invalid_request);
    given<Wallet>(opened()).when(open(limit)).refused(Code::invalid_request);
  }
}

TEST_CASE("open: creates a wallet") {
  given<Wallet>().when(open()).as(Code::created).records(opened());
  given<Wallet>().when(open(amount_max)).as(Code::created).records(opened(amount_max));
}

// What is recorded must be readable: a currency that decode() refuses would keep the engine from starting again.
TEST_CASE("open: a currency that isn't one is invalid") {
  for (const Currency currency : {Currency{}, Currency{{'X', 'X', 'X'}}, Currency{{'e', 'u', 'r'}}}) {
    Wallet::State none;
    const auto decision = Wallet::decide(none, Wallet::Open{currency}, {1});
    CAPTURE(currency.text());
    CHECK(decision.code() == Code::invalid_request);
  }
}

TEST_CASE("open: the same settings again are a yes that changes nothing") {
  given<Wallet>(opened(5), credited(100)).when(open(5)).as(Code::ok).records();
}

TEST_CASE("open: other settings are another wallet") {
  given<Wallet>(opened()).when(open(1)).refused(Code::already_exists);
  given<Wallet>(opened()).when(Wallet::Open{jpy}).refused(Code::already_exists);
}

TEST_CASE("credit: an amount is 1 to 10^15, looked at before the wallet") {
  for (const std::int64_t amount : {std::int64_t{0}, std::int64_t{-1}, amount_max + 1, INT64_MAX, INT64_MIN}) {
    given<Wallet>().when(credit(amount)).refused(Code::invalid_request);
    given<Wallet>(opened()).when(credit(amount)).refused(Code::invalid_request);
  }
}

TEST_CASE("credit: a wallet that doesn't exist") { given<Wallet>().when(credit(1)).refused(Code::not_found); }

TEST_CASE("credit: the balance ends at 9 * 10^15") {
  auto rich = given<Wallet>(opened());
  for (int i = 0; i < 9; ++i) rich.when(credit(amount_max)).records(credited(amount_max));
  CHECK(rich.state().balance.minor == limits::balance_max);
  rich.when(credit(1)).refused(Code::balance_limit, {{FactName::limit, limits::balance_max}, {FactName::requested, 1}});
  rich.when(debit(1)).records(debited(1)).when(credit(1)).records(credited(1));
}

TEST_CASE("credit: adds, and keeps the reference") {
  given<Wallet>(opened()).when(Wallet::Credit{{1}, "topup-1"}).as(Code::ok).records(Wallet::Credited{{1}, "topup-1"});
}

TEST_CASE("debit: an amount is 1 to 10^15, looked at before the wallet") {
  for (const std::int64_t amount : {std::int64_t{0}, std::int64_t{-1}, amount_max + 1, INT64_MAX, INT64_MIN}) {
    given<Wallet>().when(debit(amount)).refused(Code::invalid_request);
    given<Wallet>(opened()).when(debit(amount)).refused(Code::invalid_request);
  }
}

TEST_CASE("debit: a wallet that doesn't exist") { given<Wallet>().when(debit(1)).refused(Code::not_found); }

TEST_CASE("debit: all there is, and not one more") {
  given<Wallet>(opened(), credited(100))
      .when(debit(101))
      .refused(Code::insufficient_funds, short_of(100, 101))
      .when(debit(100))
      .records(debited(100))
      .when(debit(1))
      .refused(Code::insufficient_funds, short_of(0, 1));
}

TEST_CASE("debit: what is held isn't available") {
  given<Wallet>(opened(), credited(100), held("h1", 60))
      .when(debit(41))
      .refused(Code::insufficient_funds, short_of(40, 41))
      .when(debit(40))
      .records(debited(40));
}

TEST_CASE("debit: an overdraft goes down to its limit") {
  auto wallet = given<Wallet>(opened(50), credited(10));
  wallet.when(debit(61)).refused(Code::insufficient_funds, short_of(60, 61)).when(debit(60)).records(debited(60));
  CHECK(wallet.state().balance.minor == -50);
  wallet.when(debit(1)).refused(Code::insufficient_funds, short_of(0, 1));
}

TEST_CASE("debit: keeps the reference") {
  given<Wallet>(opened(), credited(1)).when(Wallet::Debit{{1}, "order-1"}).records(Wallet::Debited{{1}, "order-1"});
}

// A record has an upper bound, and a text beyond it would stop the engine: decide() must not let it through.
TEST_CASE("reference: at most 128 characters, for a credit and a debit") {
  const std::string longest(limits::id_bytes_max, 'r');
  given<Wallet>(opened(), credited(5)).when(Wallet::Credit{{1}, longest}).records(Wallet::Credited{{1}, longest});
  given<Wallet>(opened(), credited(5)).when(Wallet::Debit{{1}, longest}).records(Wallet::Debited{{1}, longest});
  auto wallet = given<Wallet>(opened(), credited(5));
  CHECK_FALSE(is_stored(Wallet::decide(wallet.state(), Wallet::Credit{{1}, longest + "r"}, {1}).code()));
  CHECK_FALSE(is_stored(Wallet::decide(wallet.state(), Wallet::Debit{{1}, longest + "r"}, {1}).code()));
}

}  // namespace
}  // namespace tote
