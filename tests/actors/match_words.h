// The words that tests of matches share: the match "thu" with seats for 500 EUR, players who pay from the wallet of
// their name, with a pass or by a card whose provider answers when the test says so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/item/item.h"
#include "actors/match/booking.h"
#include "actors/match/card_booking.h"
#include "actors/match/give_seat.h"
#include "actors/pass/pass.h"
#include "actors/payment/gateway.h"
#include "actors/refund/refunds.h"
#include "actors/wallet/wallet.h"
#include "tests/actors/order_words.h"

namespace tote {

inline constexpr std::int64_t seat_price = 500;
inline constexpr std::int64_t minute_ns = 60 * ns_per_s;

inline Booking from_wallet(std::string player, std::string wallet) {
  return {"thu", std::move(player), Match::Method::wallet, std::move(wallet)};
}
inline Booking from_wallet(const std::string& player) { return from_wallet(player, player); }
inline Booking with_pass(std::string player, std::string pass = "season") {
  return {"thu", std::move(player), Match::Method::pass, std::move(pass)};
}
inline Booking with_card(std::string player, std::string token = "tok_ok") {
  return {"thu", std::move(player), Match::Method::card, std::move(token)};
}
inline Booking or_waitlist(Booking booking) {
  booking.or_waitlist = true;
  return booking;
}

// A match as it is opened: at most 5 attempts in 900 s, sales never close.
Match::Open match_with(std::int64_t seats, Time starts_at = {});

class Club {
 public:
  explicit Club(std::int64_t seats) : Club(match_with(seats)) {}
  explicit Club(const Match::Open& settings);

  void wallet(std::string_view id, std::int64_t balance, std::string_view currency = "EUR");
  void pass(std::string_view id, std::string player = {}, Time valid_until = Time::never());
  // The next command comes at this time exactly.
  void next_at(Time time) { world.pass(time.ns - 1 - world.now().ns); }

  Verdict book(Booking booking) { return run(book_command(std::move(booking))); }
  Verdict join(Booking booking) { return run(join_waitlist_command(std::move(booking))); }
  Verdict cancel(std::string player) { return run(cancel_command("thu", std::move(player))); }
  Verdict leave(std::string player) { return run(leave_waitlist_command("thu", std::move(player))); }
  Verdict run(const Command& command) { return world.run(**command.get<ScriptPtr>()); }

  // -- cards
  bool is_charging(std::string_view player);
  payment::Charge charge(std::string_view player);
  // The provider's answer to the charge that this player waits for.
  Verdict report(std::string_view player, const payment::Result& result);
  // Drops the hold behind the saga's back, as if its time were over.
  void lose_hold(const std::string& player);
  std::string saga_of(const std::string& player) { return match().players.at(player).saga; }
  std::string text_of_saga(std::string_view saga);
  // Refunds of other charges, for which the provider has no money.
  void wait_for_funds(int refunds_count);

  const Match::State& match() { return world.state<Match>("thu"); }
  const Refunds::State& queue() { return world.state<Refunds>(Refunds::id); }
  std::int64_t balance(std::string_view wallet) { return world.state<Wallet>(wallet).balance.minor; }
  std::int64_t attempts(std::string_view player) { return attempts_at(match(), player, world.now()); }
  // "ann wallet, bob pending | cid dan": who is in and how they paid, then who waits, the first first.
  std::string text();
  // What the last record about this entity said: "cancelled{player=ann;}".
  template <class E>
  std::string recorded(std::string_view id);
  // The last answer, as the door would render it.
  std::string said();

  SagaWorld world;

 private:
  SagaCall call_of(std::string_view player);
};

template <class E>
std::string Club::recorded(std::string_view id) {
  const auto events = world.events_of(E::kind_id, id);
  if (events.empty()) return {};
  OrderText fields;
  CHECK(kind_of<E>()->describe_events(events.back(), fields));
  return fields.out;
}

// One seat, which ann has paid from her wallet.
struct FullClub : Club {
  FullClub();
  void waits(const Booking& booking);
  void waits(const std::string& player, std::int64_t balance);  // pays from a wallet with that
};

}  // namespace tote
