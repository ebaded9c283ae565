#include <algorithm>

#include "actors/match/give_seat.h"
#include "actors/match/match.h"
#include "engine/kernel/limits.h"
#include "engine/kernel/name.h"

namespace tote {
namespace {

using Event = Match::Event;
using State = Match::State;

constexpr std::size_t reference_bytes_max = 1'000;  // card tokens and charges are others' ids

bool is_in(std::int64_t value, std::int64_t min, std::int64_t max) { return value >= min && value <= max; }

bool is_same(const State& match, const Match::Open& open) {
  return match.seats == open.seats && match.price == open.price && match.currency == open.currency &&
         match.starts_at == open.starts_at && match.attempts_max == open.attempts_max &&
         match.attempts_window_s == open.attempts_window_s && match.payee == open.payee;
}

// A free one has neither price nor currency, and nobody to pay.
bool is_price(Money price, Currency currency) {
  if (price.minor == 0) return currency == Currency{};
  return is_in(price.minor, 1, limits::amount_max) && currency_of(currency.text()).has_value();
}

bool is_reference(const std::string& reference) {
  return !reference.empty() && reference.size() <= reference_bytes_max;
}

bool are_valid(const LabelsPtr& labels) { return labels == nullptr || labels->is_valid(); }

struct Decide {
  const State& match;
  Time now;

  Decision<Event> operator()(const Match::Open& open) const {
    const bool is_good = is_in(open.seats, 1, Match::seats_max) && is_price(open.price, open.currency) &&
                         is_valid(open.payee, open.price) && open.starts_at.ns >= 0 &&
                         is_in(open.attempts_max, 1, Match::attempts_limit) &&
                         is_in(open.attempts_window_s, 1, Match::window_s_max);
    if (!is_good) return Refusal{Code::invalid_request};
    if (!match.exists()) return Decision<Event>(Match::Opened{open}).as(Code::created);
    return is_same(match, open) ? Decision<Event>(Code::ok) : Refusal{Code::already_exists};
  }

  Decision<Event> operator()(const Match::Attempt& attempt) const {
    if (const Refusal refusal = why_not(attempt.player, true); refusal.code != Code::ok) return refusal;
    return Match::Attempted{attempt.player, now};
  }

  Decision<Event> operator()(const Match::Seat& seat) const {
    if (const Refusal refusal = why_not(seat.player, !seat.from_waitlist); refusal.code != Code::ok) return refusal;
    if (!is_payment(seat.payment) || !is_enough(seat.payment)) return Refusal{Code::payment_required};
    if (!are_valid(seat.labels)) return Refusal{Code::invalid_request};
    if (const Code code = why_no_seat(match, seat.player, now); code != Code::ok) return Refusal{code};
    Decision<Event> taken(Match::SeatTaken{seat.player, seat.payment, seat.from_waitlist, seat.labels});
    if (!seat.from_waitlist) taken.then(Match::Attempted{seat.player, now});
    return std::move(taken).as(Code::created);
  }

  Decision<Event> operator()(const Match::HoldSeat& hold) const {
    if (const Refusal refusal = why_not(hold.player, !hold.from_waitlist); refusal.code != Code::ok) return refusal;
    if (!is_valid_id(hold.saga) || hold.until <= now || !are_valid(hold.labels)) return Refusal{Code::invalid_request};
    if (const Code code = why_no_seat(match, hold.player, now); code != Code::ok) return Refusal{code};
    Decision<Event> held(Match::SeatHeld{hold.player, hold.saga, hold.until, hold.from_waitlist, hold.labels});
    if (!hold.from_waitlist) held.then(Match::Attempted{hold.player, now});
    return std::move(held).as(Code::accepted);
  }

  // The hold may be gone: then it is as if the charge were a new request for a seat, unless it was cancelled meanwhile.
  Decision<Event> operator()(const Match::Confirm& confirm) const {
    if (const Refusal refusal = why_not(confirm.player, false); refusal.code != Code::ok) return refusal;
    if (!is_reference(confirm.charge) || confirm.amount.minor < 1) return Refusal{Code::payment_required};
    if (!are_valid(confirm.labels)) return Refusal{Code::invalid_request};
    if (match.wishes.contains(std::pair(confirm.player, confirm.saga))) return not_booked(confirm.player);
    // A seat that was held before the start is still this player's.
    const bool is_held = held_by(confirm.player, confirm.saga) && !match.is_cancelled;
    const Code code = is_held ? Code::ok : why_no_seat(match, confirm.player, now, confirm.saga);
    if (code != Code::ok) return Refusal{code};
    return Match::SeatConfirmed{confirm.player, confirm.saga, confirm.charge, confirm.amount, confirm.labels};
  }

  Decision<Event> operator()(const Match::DropHold& drop) const {
    if (held_by(drop.player, drop.saga)) return Match::HoldDropped{drop.player};
    const bool is_wished = match.wishes.contains(std::pair(drop.player, drop.saga));
    return is_wished ? Decision<Event>(Match::WishFulfilled{drop.player, drop.saga}) : Decision<Event>(Code::ok);
  }

  Decision<Event> operator()(const Match::Cancel& cancel) const {
    if (const Refusal refusal = why_not(cancel.player, false); refusal.code != Code::ok) return refusal;
    return cancelled(cancel.player);
  }

  Decision<Event> operator()(const Match::Join& join) const {
    if (const Refusal refusal = why_not(join.player, join.is_attempt); refusal.code != Code::ok) return refusal;
    if (!is_means(join.payment)) return Refusal{Code::payment_required};
    if (!are_valid(join.labels)) return Refusal{Code::invalid_request};
    if (!match.sells(now)) return Refusal{Code::sales_closed};
    if (match.players.contains(join.player)) return Refusal{Code::already_booked};
    Decision<Event> joined(Code::accepted);
    if (const WaitingList::Waiting* waiting = match.waiting.find(join.player)) {
      // Who says nothing of labels keeps those that are there.
      const LabelsPtr& labels = join.labels == nullptr ? waiting->labels : join.labels;
      const bool is_same = waiting->payment.pays_like(join.payment) && labels_of(labels) == labels_of(waiting->labels);
      if (!is_same) joined.then(Match::PaymentChanged{join.player, join.payment, labels});
    } else {
      if (match.waiting.size() >= Match::waitlist_max)
        return Refusal{Code::waitlist_full, {{FactName::limit, Match::waitlist_max}}};
      joined.then(Match::Waitlisted{join.player, join.payment, join.labels});
    }
    if (join.is_attempt) joined.then(Match::Attempted{join.player, now});
    return joined;
  }

  // Whose card is charged for the place wants neither any more.
  Decision<Event> operator()(const Match::Leave& leave) const {
    if (const Refusal refusal = why_not(leave.player, false); refusal.code != Code::ok) return refusal;
    const Match::Player* found = match.players.find(leave.player);
    const bool is_charged = found != nullptr && !found->is_in() && found->from_waitlist;
    if (is_charged) return cancelled(leave.player);
    if (!match.waiting.contains(leave.player)) return not_booked(leave.player);
    return Match::LeftWaitlist{leave.player};
  }

  Decision<Event> operator()(const Match::PassOver& pass_over) const {
    const WaitingList::Waiting* waiting = match.waiting.find(pass_over.player);
    const bool is_asked = waiting != nullptr && !waiting->is_aside;
    return is_asked ? Decision<Event>(Match::PassedOver{pass_over.player, pass_over.may_change})
                    : Decision<Event>(Code::ok);
  }

  Decision<Event> operator()(const Match::Withdraw& withdraw) const {
    const Match::Player* found = match.players.find(withdraw.player);
    const bool is_due = found != nullptr && found->is_in() && found->payment.method == Match::Method::pass &&
                        match.passes_revoked.contains(found->payment.reference);
    if (!is_due) return Decision<Event>(Code::ok);
    return Match::SeatWithdrawn{withdraw.player, found->payment.reference};
  }

  Decision<Event> operator()(const Match::PostponeOffers& postpone) const {
    const bool is_postponed = match.offers_retry_at != Time::never() && (match.cards_wait || !postpone.is_paused);
    if (is_postponed) return Decision<Event>(Code::ok);
    return Match::OffersPostponed{postpone.until, postpone.is_paused};
  }

  Decision<Event> operator()(const Match::EndOffers&) const {
    return match.offers_ended ? Decision<Event>(Code::ok) : Decision<Event>(Match::OffersEnded{});
  }

  Decision<Event> operator()(const Match::Change& change) const {
    Match::Changed is{match.seats, match.price, match.currency, match.starts_at, match.sales_closed, change.reason};
    is.seats = change.seats.value_or(match.seats);
    is.starts_at = change.starts_at.value_or(match.starts_at);
    is.sales_closed = change.sales_closed.value_or(match.sales_closed);
    if (change.price) is.price = *change.price;
    // What was paid goes back in its currency: a match that is free by now remembers it.
    if (is.price.minor != 0 && change.price) is.currency = change.currency;
    const bool is_good = is_in(is.seats, 1, Match::seats_max) && is.starts_at.ns >= 0 &&
                         (!change.price || is_price(*change.price, change.currency)) &&
                         change.reason.size() <= Match::reason_bytes_max;
    if (!is_good) return Refusal{Code::invalid_request};
    if (!match.exists()) return Refusal{Code::not_found};
    if (match.is_cancelled) return Refusal{Code::sales_closed};
    if (match.payee.exists() && !is_valid(match.payee, is.price)) return Refusal{Code::invalid_request};
    const bool has_another_currency = is.currency != match.currency && match.currency != Currency{};
    if (has_another_currency && (match.taken() > 0 || match.payee.exists())) return Refusal{Code::currency_mismatch};
    if (is.seats < match.taken())
      return Refusal{Code::seats_taken, {{FactName::available, match.taken()}, {FactName::requested, is.seats}}};
    const bool is_same = is.seats == match.seats && is.price == match.price && is.currency == match.currency &&
                         is.starts_at == match.starts_at && is.sales_closed == match.sales_closed;
    return is_same ? Decision<Event>(Code::ok) : Decision<Event>(std::move(is));
  }

  Decision<Event> operator()(const Match::CallOff& call_off) const {
    if (call_off.reason.size() > Match::reason_bytes_max) return Refusal{Code::invalid_request};
    if (!match.exists()) return Refusal{Code::not_found};
    return match.is_cancelled ? Decision<Event>(Code::ok) : Decision<Event>(Match::CalledOff{call_off.reason});
  }

  Decision<Event> operator()(const Match::PassBy& pass_by) const {
    constexpr std::int64_t retry_s = 300;
    if (!match.is_cancelled || !match.players.contains(pass_by.player)) return Decision<Event>(Code::ok);
    Decision<Event> passed(Match::RefundPostponed{pass_by.player, pass_by.why});
    if (match.refunds_retry_at == Time::never()) passed.then(Match::RefundsRetryAt{after(now, retry_s)});
    return passed;
  }

 private:
  bool is_enough(const Match::Payment& payment) const {
    return payment.method != Match::Method::free || match.is_free_of_charge();
  }
  bool is_means(const Match::Payment& payment) const {
    return payment.method == Match::Method::free ? match.is_free_of_charge() : is_reference(payment.reference);
  }
  Decision<Event> cancelled(const std::string& player) const {
    const Match::Player* found = match.players.find(player);
    if (found != nullptr && found->is_in())
      return Match::Cancelled{player, found->payment, match.currency, found->labels};
    if (found != nullptr && found->status == Match::PlayerStatus::pending)
      return Decision<Event>(Match::CancelWished{player, found->saga}).as(Code::accepted);
    return has_wished(match, player) ? Decision<Event>(Code::accepted) : not_booked(player);
  }
  Refusal why_not(const std::string& player, bool is_attempt) const {
    if (!is_valid_id(player)) return {Code::invalid_id};
    if (!match.exists()) return {Code::not_found};
    return is_attempt ? why_no_attempt(match, player, now) : Refusal{Code::ok};
  }
  // A view: the player's name must be the command's.
  static Refusal not_booked(const std::string& player) { return {Code::not_booked, {}, player}; }
  bool held_by(const std::string& player, const std::string& saga) const {
    const Match::Player* found = match.players.find(player);
    return found != nullptr && !found->is_in() && found->saga == saga;
  }
};

}  // namespace

Decision<Event> Match::decide(const State& match, const Command& command, Time now) {
  return std::visit(Decide{match, now}, command);
}

Time Match::next_due(const State& match) {
  const Time hold = match.holds.empty() ? Time::never() : match.holds.begin()->first.first;
  return std::min({hold, match.offers_retry_at, match.refunds_retry_at});
}

Event Match::due(const State& match) {
  if (match.refunds_retry_at == next_due(match)) return RefundsDue{};
  if (match.offers_retry_at == next_due(match)) return OffersDue{};
  return HoldExpired{match.holds.begin()->first.second};
}

}  // namespace tote
