// States as bytes. What matches, refunds, orders and bookings come to in any world of any test is looked at there
// (saga_world.cc).
#include "actors/item/item.h"
#include "engine/kernel/state_bytes.h"
#include "tests/actors/property.h"
#include "tests/actors/state_copy.h"
#include "tests/actors/wallet_history.h"

namespace tote {
namespace {

TEST_CASE("every history: a wallet comes back from its bytes at any time, and goes on as if nothing had been") {
  check_property("a copy that is made anew after each record is the same wallet", [] {
    LiveWallet wallet;
    StateCopy<Wallet> copy;
    std::size_t seen = 0;
    for (const HistoryStep& step : *any_history()) {
      wallet.handle(step.command, step.wait_ns);
      for (; seen < wallet.records.size(); ++seen) copy.replay(wallet.records[seen]);
      copy.check_like(wallet.entity.state());
      RC_ASSERT(Wallet::check(copy.state()) == Wallet::check(wallet.entity.state()));
      RC_ASSERT(copy.state().holds.size() == wallet.entity.state().holds.size());
      RC_ASSERT(copy.state().expiries == wallet.entity.state().expiries);
      RC_ASSERT(copy.state().closed == wallet.entity.state().closed);
      RC_ASSERT(copy.state().closed_count == wallet.entity.state().closed_count);
    }
  });
}

TEST_CASE("states: a wallet's bytes are what other versions of the program wrote") {
  Wallet::State wallet;
  for (const Wallet::Event& event :
       {Wallet::Event(opened(5)), Wallet::Event(credited(100)), Wallet::Event(held("h1", 60, {7})),
        Wallet::Event(held("h2", 2, {9})), Wallet::Event(captured("h1", 50))})
    Wallet::apply(wallet, event);
  const std::string bytes = state_bytes(wallet);
  const std::string without_status(
      "\x01\x08"
      "\x03"
      "EUR"
      "\x64\x04\x0a"
      "\x02\x02h1\x04\x78\x64\x0e\x02\x02h2\x04\x04\0\x12\0"
      "\x01\x12\x02h2"
      "\x01\0\x02h1"
      "\x01",
      37);  // as before a wallet had a status, its reason, a debt and what reversals took below its limit
  std::string now = without_status + std::string(4, '\0');
  now[1] = 12;
  CHECK(bytes == now);
  Wallet::State read;
  REQUIRE(decode_state(without_status, read));
  CHECK(state_bytes(read) == now);
}

TEST_CASE("states: bytes that are cut, or longer, or of a newer program, are refused") {
  Wallet::State wallet, again;
  Wallet::apply(wallet, Wallet::Opened{eur, {5}});
  Wallet::apply(wallet, held("h1", 3));
  Wallet::apply(wallet, held("h2", 3));
  const std::string bytes = state_bytes(wallet);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(decode_state(std::string_view(bytes).substr(0, size), again));
  }
  CHECK_FALSE(decode_state(bytes + '\0', again));
  std::string newer = bytes;
  ++newer[1];  // one field more
  CHECK_FALSE(decode_state(newer, again));
  std::string twice = bytes;
  twice[twice.find("h2")] = 'h', twice[twice.find("h2") + 1] = '1';
  CHECK_FALSE(decode_state(twice, again));  // a hold that is there twice
}

struct Older {
  Money balance{};
  std::map<std::string, std::int64_t> open{};
  static constexpr void members(auto&& is) { is("balance", &Older::balance), is("open", &Older::open); }
};
struct Newer {
  Money balance{};
  std::map<std::string, std::int64_t> open{};
  std::uint64_t count = 7;
  static constexpr void members(auto&& is) {
    is("balance", &Newer::balance), is("open", &Newer::open), is("count", &Newer::count);
  }
};

TEST_CASE("states: what an older program wrote is read, with new fields as the struct makes them") {
  Newer newer;
  REQUIRE(decode_state(state_bytes(Older{{5}, {{"a", 1}}}), newer));
  CHECK(newer.balance == Money{5});
  CHECK(newer.open.at("a") == 1);
  CHECK(newer.count == 7);
  Older older;
  CHECK_FALSE(decode_state(state_bytes(newer), older));
}

}  // namespace
}  // namespace tote
