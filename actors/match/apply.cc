#include "actors/match/give_seat.h"
#include "actors/match/match.h"

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
  }

  // What has left the window is forgotten: a match remembers no more than the window holds.
  void operator()(const Match::Attempted& event) const {
    auto& by_time = match.attempts_by_time;
    while (!by_time.empty() && after(by_time.front().first, match.attempts_window_s) <= event.at) {
      const auto found = match.attempts.find(by_time.front().second);
      found->second.pop_front();
      if (found->second.empty()) match.attempts.erase(found);
      by_time.pop_front();
    }
    match.attempts[event.player].push_back(event.at);
    by_time.emplace_back(event.at, event.player);
  }

  void operator()(const Match::SeatTaken& event) const {
    TOTE_INVARIANT(is_payment(event.payment));
    Player& player = match.players[event.player];
    player.payment = event.payment;
    player.from_waitlist = event.from_waitlist;
    forget_place(event.player);
  }
  // On the waiting list it keeps its place until the card is charged.
  void operator()(const Match::SeatHeld& event) const {
    Player& player = match.players[event.player];
    player.status = Status::pending;
    player.payment.method = Match::Method::card;
    player.saga = event.saga;
    player.hold_until = event.until;
    player.from_waitlist = event.from_waitlist;
    match.holds.emplace(event.until, event.player);
    const auto place = match.places.find(event.player);
    if (place != match.places.end()) match.waitlist.at(place->second).asked_for = match.releases;
  }
  void operator()(const Match::SeatConfirmed& event) const {
    Player& player = match.players[event.player];
    match.holds.erase({player.hold_until, event.player});
    player.status = Status::in;
    player.payment = {Match::Method::card, event.charge, event.amount};
    player.saga = event.saga;
    player.hold_until = Time::never();
    TOTE_INVARIANT(is_payment(player.payment));
    forget_place(event.player);
  }
  void operator()(const Match::HoldDropped& event) const { release_hold(event.player); }
  void operator()(const Match::HoldExpired& event) const {
    release_hold(event.player);
    match.offer_wanted = !match.waitlist.empty();
  }
  void operator()(const Match::Cancelled& event) const {
    match.players.erase(event.player);
    ++match.releases;
  }
  void operator()(const Match::Waitlisted& event) const {
    match.places.emplace(event.player, match.places_given);
    match.waitlist.emplace(match.places_given++, Match::Waiting{event.player, event.payment, 0});
  }
  void operator()(const Match::LeftWaitlist& event) const { forget_place(event.player); }
  void operator()(const Match::OffersMade&) const { match.offer_wanted = false; }
  void operator()(const Match::PaymentChanged& event) const {
    Match::Waiting& waiting = match.waitlist.at(match.places.at(event.player));
    waiting.payment = event.payment;
    waiting.asked_for = 0;
  }
  void operator()(const Match::OffersPostponed& event) const { match.offers_retry_at = event.until; }
  void operator()(const Match::OffersDue&) const {
    match.offers_retry_at = Time::never();
    match.offer_wanted = !match.waitlist.empty();
  }

 private:
  // It is the same seat that the waiting list was offered before: nobody's card is asked for it again.
  void release_hold(const std::string& player) const {
    const auto found = match.players.find(player);
    match.holds.erase({found->second.hold_until, player});
    match.players.erase(found);
  }
  void forget_place(const std::string& player) const {
    const auto place = match.places.find(player);
    if (place == match.places.end()) return;
    match.waitlist.erase(place->second);
    match.places.erase(place);
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
    const auto found = match.players.find(event.player);
    const bool is_taken = found != match.players.end() && found->second.status == Status::in;
    return match.exists() && !is_taken && !event.charge.empty() && event.amount.minor > 0;
  }
  bool operator()(const Match::HoldDropped& event) const { return is(event.player, Status::pending); }
  bool operator()(const Match::HoldExpired& event) const { return is(event.player, Status::pending); }
  bool operator()(const Match::Cancelled& event) const { return is(event.player, Status::in); }
  bool operator()(const Match::Waitlisted& event) const {
    return match.exists() && !match.places.contains(event.player);
  }
  bool operator()(const Match::LeftWaitlist& event) const { return match.places.contains(event.player); }
  bool operator()(const Match::OffersMade&) const { return match.offer_wanted; }
  bool operator()(const Match::PaymentChanged& event) const { return match.places.contains(event.player); }
  bool operator()(const Match::OffersPostponed&) const { return match.exists(); }
  bool operator()(const Match::OffersDue&) const { return match.offers_retry_at != Time::never(); }

 private:
  bool is(const std::string& player, Status status) const {
    const auto found = match.players.find(player);
    return found != match.players.end() && found->second.status == status;
  }
};

}  // namespace

bool Match::fits(const State& match, const Event& event) { return std::visit(Fits{match}, event); }

void Match::apply(State& match, const Event& event) { std::visit(Apply{match}, event); }

// Cheap enough to run after every event. That everybody who is in has paid is checked where they get in.
bool Match::check(const State& match) {
  return match.exists() && match.free() >= 0 && match.holds.size() <= match.players.size() &&
         match.waitlist.size() == match.places.size() && match.waitlist.size() <= waitlist_max &&
         match.attempts_by_time.size() <= attempts_remembered_max + 1;
}

}  // namespace tote
