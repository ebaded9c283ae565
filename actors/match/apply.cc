#include "actors/match/give_seat.h"
#include "actors/match/match.h"
#include "actors/pass/pass.h"

namespace tote {
namespace {

using Player = Match::Player;
using Status = Match::PlayerStatus;

struct Apply {
  Match::State& match;

  void operator()(const Match::Opened& event) const {
    const Match::Open& settings = event.settings;
    match.seats = settings.seats;
    match.price = settings.price;
    match.currency = settings.currency;
    match.starts_at = settings.starts_at;
    match.attempts_max = settings.attempts_max;
    match.attempts_window_s = settings.attempts_window_s;
    match.payee = settings.payee;
  }

  void operator()(const Match::Attempted& event) const {
    match.attempts.add(event.player, event.at, match.attempts_window_s);
  }

  void operator()(const Match::SeatTaken& event) const {
    TOTE_INVARIANT(is_payment(event.payment));
    match.players.emplace(
        event.player, Player{.payment = event.payment, .from_waitlist = event.from_waitlist, .labels = event.labels});
    match.waiting.leave(event.player, match.watches);
    if (event.payment.method != Match::Method::pass) return;
    const std::string& pass = event.payment.reference;
    if (!match.pass_uses.contains(pass)) match.watches.add(Pass::kind_id, pass);
    match.pass_uses.put(pass, [&](auto& players) { players.emplace(event.player, {}); });
  }
  // On the waiting list it keeps its place until the card is charged.
  void operator()(const Match::SeatHeld& event) const {
    match.players.emplace(event.player, Player{Status::pending,
                                               {.method = Match::Method::card},
                                               event.saga,
                                               event.until,
                                               event.from_waitlist,
                                               event.labels});
    match.holds.emplace({event.until, event.player}, {});
    match.waiting.set_aside(event.player, match.watches);
  }
  void operator()(const Match::SeatConfirmed& event) const {
    Player player;
    player.payment = {Match::Method::card, event.charge, event.amount};
    player.saga = event.saga;
    player.labels = event.labels;
    TOTE_INVARIANT(is_payment(player.payment));
    if (const Player* held = match.players.find(event.player)) {
      player.from_waitlist = held->from_waitlist;
      match.holds.erase(std::pair(held->hold_until, event.player));
      match.players.edit(event.player, [&](Player& seat) { seat = player; });
    } else {
      match.players.emplace(event.player, player);
    }
    match.waiting.leave(event.player, match.watches);
  }
  void operator()(const Match::HoldDropped& event) const {
    match.wishes.erase(std::pair(event.player, match.players.at(event.player).saga));
    release_hold(event.player);
  }
  void operator()(const Match::HoldExpired& event) const { release_hold(event.player); }
  void operator()(const Match::Cancelled& event) const { free_seat(event.player); }
  void operator()(const Match::Waitlisted& event) const {
    match.waiting.join(event.player, event.payment, event.labels);
  }
  void operator()(const Match::LeftWaitlist& event) const { match.waiting.leave(event.player, match.watches); }
  void operator()(const Match::OffersMade&) const {}
  void operator()(const Match::PaymentChanged& event) const {
    match.waiting.change_payment(event.player, event.payment, event.labels, match.watches);
  }
  void operator()(const Match::OffersPostponed& event) const {
    match.offers_retry_at = event.until;
    match.cards_wait = event.is_paused;
  }
  void operator()(const Match::OffersDue&) const {
    match.offers_retry_at = Time::never();
    match.cards_wait = false;
    match.waiting.next_round();
  }
  void operator()(const Match::PassedOver& event) const {
    match.waiting.pass_over(event.player, event.may_change, match.watches);
  }
  void operator()(const Match::PayerWoken& event) const {
    match.waiting.wake(event.method, event.reference, match.watches);
  }
  void operator()(const Match::OffersEnded&) const { match.offers_ended = true; }
  void operator()(const Match::CancelWished& event) const {
    match.wishes.emplace({event.player, event.saga}, {});
    match.players.edit(event.player, [](Player& player) { player.status = Status::cancelling; });
    match.waiting.leave(event.player, match.watches);
  }
  void operator()(const Match::WishFulfilled& event) const { match.wishes.erase(std::pair(event.player, event.saga)); }
  void operator()(const Match::PassRevoked& event) const { match.passes_revoked.emplace(event.pass, {}); }
  void operator()(const Match::SeatWithdrawn& event) const { free_seat(event.player); }
  // Who waits and couldn't pay, or whose card was declined, is asked anew.
  void operator()(const Match::Changed& event) const {
    match.seats = event.seats;
    match.price = event.price;
    match.currency = event.currency;
    match.offers_ended = match.offers_ended && match.starts_at == event.starts_at;
    match.starts_at = event.starts_at;
    match.sales_closed = event.sales_closed;
    match.reason = event.reason;
    match.waiting.seat_freed();
    match.waiting.next_round();
  }
  void operator()(const Match::CalledOff& event) const {
    match.is_cancelled = match.offers_ended = true;
    match.offers_retry_at = Time::never();
    match.reason = event.reason;
  }
  void operator()(const Match::RefundPostponed& event) const {
    match.looked_to = event.player;
    if (!event.why.empty()) match.unrefunded.emplace(event.player, {});
  }
  void operator()(const Match::RefundsRetryAt& event) const { match.refunds_retry_at = event.at; }
  void operator()(const Match::RefundsDue&) const {
    match.looked_to.clear();
    match.unrefunded = {};
    match.refunds_retry_at = Time::never();
  }

 private:
  // It is the same seat that the waiting list was offered before: nobody's card is asked for it again.
  void release_hold(const std::string& player) const {
    match.holds.erase(std::pair(match.players.at(player).hold_until, player));
    match.players.erase(player);
    match.waiting.put_back(player);
  }
  void free_seat(const std::string& player) const {
    const Match::Payment paid = match.players.at(player).payment;
    match.players.erase(player);
    match.unrefunded.erase(player);
    match.waiting.seat_freed();
    if (paid.method != Match::Method::pass) return;
    match.pass_uses.edit(paid.reference, [&](auto& players) { players.erase(player); });
    if (!match.pass_uses.at(paid.reference).empty()) return;
    match.pass_uses.erase(paid.reference);
    match.passes_revoked.erase(paid.reference);
    match.watches.remove(Pass::kind_id, paid.reference);
  }
};

// Whether an event that was read from a log can be applied at all; check() judges what comes out.
struct Fits {
  const Match::State& match;

  bool operator()(const Match::Opened& event) const { return !match.exists() && event.settings.seats > 0; }
  bool operator()(const Match::Attempted&) const { return match.exists(); }
  bool operator()(const Match::SeatTaken& event) const {
    return match.exists() && !match.players.contains(event.player) && is_payment(event.payment);
  }
  bool operator()(const Match::SeatHeld& event) const {
    return match.exists() && !match.players.contains(event.player);
  }
  bool operator()(const Match::SeatConfirmed& event) const {
    return match.exists() && !is_in(event.player) && !event.charge.empty() && event.amount.minor > 0;
  }
  bool operator()(const Match::HoldDropped& event) const { return is_held(event.player); }
  bool operator()(const Match::HoldExpired& event) const { return is_held(event.player); }
  bool operator()(const Match::Cancelled& event) const { return is_in(event.player); }
  bool operator()(const Match::Waitlisted& event) const {
    return match.exists() && !match.waiting.contains(event.player);
  }
  bool operator()(const Match::LeftWaitlist& event) const { return match.waiting.contains(event.player); }
  bool operator()(const Match::OffersMade&) const { return match.exists(); }
  bool operator()(const Match::PaymentChanged& event) const { return match.waiting.contains(event.player); }
  bool operator()(const Match::OffersPostponed&) const { return match.exists(); }
  bool operator()(const Match::OffersDue&) const { return match.offers_retry_at != Time::never(); }
  bool operator()(const Match::PassedOver& event) const {
    const WaitingList::Waiting* waiting = match.waiting.find(event.player);
    return waiting != nullptr && !waiting->is_aside;
  }
  bool operator()(const Match::PayerWoken&) const { return match.exists(); }
  bool operator()(const Match::OffersEnded&) const { return match.exists(); }
  bool operator()(const Match::CancelWished& event) const {
    return is_held(event.player) && match.players.at(event.player).saga == event.saga;
  }
  bool operator()(const Match::WishFulfilled& event) const {
    return match.wishes.contains(std::pair(event.player, event.saga));
  }
  bool operator()(const Match::PassRevoked& event) const { return match.pass_uses.contains(event.pass); }
  bool operator()(const Match::SeatWithdrawn& event) const { return is_in(event.player); }
  bool operator()(const Match::Changed& event) const {
    return match.exists() && !match.is_cancelled && event.seats >= std::max<std::int64_t>(match.taken(), 1) &&
           event.seats <= Match::seats_max && event.price.minor >= 0;
  }
  bool operator()(const Match::CalledOff&) const { return match.exists() && !match.is_cancelled; }
  bool operator()(const Match::RefundPostponed& event) const {
    return match.is_cancelled && match.players.contains(event.player);
  }
  bool operator()(const Match::RefundsRetryAt&) const {
    return match.is_cancelled && match.refunds_retry_at == Time::never();
  }
  bool operator()(const Match::RefundsDue&) const { return match.refunds_retry_at != Time::never(); }

 private:
  bool is_in(const std::string& player) const {
    const Player* found = match.players.find(player);
    return found != nullptr && found->is_in();
  }
  bool is_held(const std::string& player) const {
    const Player* found = match.players.find(player);
    return found != nullptr && !found->is_in();
  }
};

}  // namespace

bool Match::fits(const State& match, const Event& event) { return std::visit(Fits{match}, event); }

void Match::apply(State& match, const Event& event) { std::visit(Apply{match}, event); }

// Cheap enough to run after every event. That everybody who is in has paid is checked where they get in.
bool Match::check(const State& match) {
  return match.exists() && match.free() >= 0 && match.holds.size() <= match.players.size() && match.waiting.check() &&
         match.waiting.size() <= waitlist_max && match.attempts.size() <= Attempts::remembered_max;
}

}  // namespace tote
