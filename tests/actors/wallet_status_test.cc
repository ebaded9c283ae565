// A wallet that is frozen or closed, and money that is taken back.
#include "tests/actors/wallet_words.h"

namespace tote {
namespace {

using Status = Wallet::Status;

Wallet::SetStatus set(Status status, std::string reason = {}) { return {status, std::move(reason)}; }
Wallet::StatusSet was_set(Status status, std::string reason = {}) { return {status, std::move(reason)}; }
Wallet::Reverse reverse(std::int64_t amount, bool may_overdraw) { return {{amount}, "bet-1", may_overdraw}; }
Wallet::Reversed reversed(std::int64_t amount, std::int64_t debt = 0) { return {{amount}, {debt}, "bet-1"}; }

TEST_CASE("a frozen wallet gives no money away, and takes what comes in") {
  given<Wallet>(opened(50), credited(100), held("h1", 10), held("h2", 10), was_set(Status::frozen))
      .when(debit(1))
      .refused(Code::wallet_frozen)
      .when(hold("h3", 1))
      .refused(Code::wallet_frozen)
      .when(credit(5))
      .records(credited(5))
      .when(capture("h1"))
      .records(captured("h1", 10))
      .when(release("h2"))
      .records(released("h2"))
      .when(reverse(7, false))
      .records(reversed(7))
      .when(open(50))
      .records();
}

TEST_CASE("a wallet that is opened again pays as before") {
  given<Wallet>(opened(), credited(100), was_set(Status::frozen, "asked"))
      .when(set(Status::open, "all is well"))
      .records(was_set(Status::open, "all is well"))
      .when(debit(1))
      .records(debited(1));
}

TEST_CASE("a closed wallet refuses all until it is opened again") {
  given<Wallet>(opened(), was_set(Status::closed, "gone"))
      .when(credit(1))
      .refused(Code::wallet_closed)
      .when(debit(1))
      .refused(Code::wallet_closed)
      .when(hold("h1", 1))
      .refused(Code::wallet_closed)
      .when(capture("h1"))
      .refused(Code::wallet_closed)
      .when(release("h1"))
      .refused(Code::wallet_closed)
      .when(reverse(1, true))
      .refused(Code::wallet_closed)
      .when(set(Status::open))
      .records(was_set(Status::open))
      .when(credit(1))
      .records(credited(1));
}

TEST_CASE("a wallet with money, holds or debt can't be closed") {
  given<Wallet>(opened(), credited(5))
      .when(set(Status::closed))
      .refused(Code::wallet_not_empty, {{FactName::available, 5}});
  given<Wallet>(opened(10), held("h1", 5)).when(set(Status::closed)).refused(Code::wallet_not_empty);
  given<Wallet>(opened(), reversed(0, 3)).when(set(Status::closed)).refused(Code::wallet_not_empty);
  given<Wallet>(opened(), credited(5), debited(5)).when(set(Status::closed)).records(was_set(Status::closed));
}

TEST_CASE("a status that is set again changes nothing, with another reason it does") {
  given<Wallet>(opened())
      .when(set(Status::frozen, "a"))
      .records(was_set(Status::frozen, "a"))
      .when(set(Status::frozen, "a"))
      .records()
      .when(set(Status::frozen, "b"))
      .records(was_set(Status::frozen, "b"));
}

TEST_CASE("only a status that there is can be set, of a wallet that there is, for a reason of 256 bytes at most") {
  given<Wallet>().when(set(Status::frozen)).refused(Code::not_found);
  given<Wallet>(opened())
      .when(set(Status::unset))
      .refused(Code::invalid_request)
      .when(set(static_cast<Status>(9)))
      .refused(Code::invalid_request)
      .when(set(Status::frozen, std::string(257, 'x')))
      .refused(Code::invalid_request);
}

TEST_CASE("a reversal that may overdraw takes all of it, below the limit of the overdraft, too") {
  auto wallet = given<Wallet>(opened(20), credited(100), held("h1", 30));
  wallet.when(reverse(150, true)).records(reversed(150));
  CHECK(wallet.state().balance.minor == -50);
  CHECK(wallet.state().uncovered.minor == 60);
  wallet.when(debit(1)).refused(Code::insufficient_funds, short_of(-60, 1)).when(credit(40)).records(credited(40));
  CHECK(wallet.state().uncovered.minor == 20);
  wallet.when(release("h1")).records(released("h1"));
  CHECK(wallet.state().uncovered.minor == 0);
  wallet.when(debit(11)).refused(Code::insufficient_funds, short_of(10, 11)).when(debit(10)).records(debited(10));
}

TEST_CASE("a reversal that may not overdraw takes what is available, and the rest is a debt") {
  given<Wallet>(opened(), credited(100), held("h1", 30))
      .when(reverse(150, false))
      .records(reversed(70, 80))
      .when(reverse(5, false))
      .records(reversed(0, 5))
      .when(capture("h1"))
      .records(captured("h1", 30));
}

TEST_CASE("the next credits pay a debt first") {
  auto wallet = given<Wallet>(opened(), reversed(0, 80));
  wallet.when(credit(30))
      .records(credited(30), Wallet::DebtPaid{{30}})
      .when(debit(1))
      .refused(Code::insufficient_funds);
  wallet.when(credit(60)).records(credited(60), Wallet::DebtPaid{{50}}).when(debit(10)).records(debited(10));
  CHECK(wallet.state().debt.minor == 0);
  CHECK(wallet.state().balance.minor == 0);
}

TEST_CASE("reversals have their bounds: an amount in one, a balance that every reader sees exactly in all") {
  given<Wallet>().when(reverse(1, true)).refused(Code::not_found);
  auto wallet = given<Wallet>(opened());
  wallet.when(reverse(0, true))
      .refused(Code::invalid_request)
      .when(reverse(amount_max + 1, true))
      .refused(Code::invalid_request);
  for (int i = 0; i < 9; ++i) wallet.when(reverse(amount_max, true)).records(reversed(amount_max));
  wallet.when(reverse(1, true)).refused(Code::balance_limit);
  for (int i = 0; i < 9; ++i) wallet.when(reverse(amount_max, false)).records(reversed(0, amount_max));
  wallet.when(reverse(1, false)).refused(Code::balance_limit);
}

}  // namespace
}  // namespace tote
