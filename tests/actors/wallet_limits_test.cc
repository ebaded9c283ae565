// The bounds of one wallet's memory: open holds are refused, closed holds are forgotten, oldest first.
#include "tests/actors/wallet_words.h"

namespace tote {
namespace {

std::string numbered(std::size_t number) { return "h" + std::to_string(number); }

TEST_CASE("limits: 10 000 open holds, the next is refused before the money is looked at") {
  auto wallet = given<Wallet>(opened(), credited(20'000));
  for (std::size_t i = 0; i < Wallet::open_holds_max; ++i) wallet.when(hold(numbered(i), 1)).as(Code::created);
  const Facts limit{{FactName::limit, Wallet::open_holds_max}};
  wallet.when(hold("more", 1)).refused(Code::too_many_holds, limit);
  wallet.when(hold("more", 20'000)).refused(Code::too_many_holds, limit);
  wallet.when(hold(numbered(0), 1)).refused(Code::hold_exists);
  wallet.when(release(numbered(0))).records(released(numbered(0))).when(hold("more", 1)).as(Code::created);
}

TEST_CASE("limits: closed holds don't fill the memory") {
  auto wallet = given<Wallet>(opened(), credited(1));
  for (std::size_t i = 0; i < 3 * Wallet::closed_holds_max; ++i)
    wallet.when(hold(numbered(i), 1)).as(Code::created).when(release(numbered(i))).as(Code::ok);
  CHECK(wallet.state().holds.size() == Wallet::closed_holds_max);
  CHECK(wallet.state().closed.size() == Wallet::closed_holds_max);
  CHECK(wallet.state().closed_count == 3 * Wallet::closed_holds_max);
}

TEST_CASE("limits: the oldest closed hold is forgotten, and even so moves no money") {
  auto wallet = given<Wallet>(opened(), credited(100), held("first", 60), captured("first", 60));
  for (std::size_t i = 0; i + 1 < Wallet::closed_holds_max; ++i)
    wallet.when(hold(numbered(i), 1)).when(release(numbered(i))).as(Code::ok);
  wallet.when(capture("first")).refused(Code::hold_closed);
  wallet.when(hold("last", 1)).when(release("last")).as(Code::ok);
  wallet.when(capture("first")).refused(Code::hold_not_found).when(release("first")).refused(Code::hold_not_found);
  CHECK(wallet.state().balance.minor == 40);
}

TEST_CASE("limits: open holds are never forgotten, however many others were closed since") {
  auto wallet = given<Wallet>(opened(), credited(100), held("old", 60));
  for (std::size_t i = 0; i < 2 * Wallet::closed_holds_max; ++i)
    wallet.when(hold(numbered(i), 1)).when(capture(numbered(i), 1)).when(credit(1)).as(Code::ok);
  wallet.when(capture("old")).records(captured("old", 60));
  CHECK(wallet.state().balance.minor == 40);
}

}  // namespace
}  // namespace tote
