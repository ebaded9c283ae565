#include "actors/match/waiting_list.h"

#include <algorithm>

#include "actors/pass/pass.h"
#include "actors/wallet/wallet.h"

namespace tote {
namespace {

KindId kind_of_payer(SeatMethod method) { return method == SeatMethod::wallet ? Wallet::kind_id : Pass::kind_id; }

}  // namespace

WaitingList::Turns WaitingList::Turns::of(std::uint64_t, const Waiting& waiting) {
  if (waiting.is_aside) return {};
  return waiting.payment.method == SeatMethod::card ? Turns{waiting.turn, never} : Turns{never, waiting.turn};
}

WaitingList::Turns WaitingList::Turns::plus(const Turns& more) const {
  return {std::min(card, more.card), std::min(other, more.other)};
}

const WaitingList::Waiting* WaitingList::find(std::string_view player) const {
  const std::uint64_t* place = places_.find(player);
  return place == nullptr ? nullptr : by_place_.find(*place);
}

std::size_t WaitingList::position(std::string_view player) const { return by_place_.rank(places_.at(player)) + 1; }

const WaitingList::Waiting* WaitingList::next(bool with_cards) const {
  const auto* found = by_place_.first(
      [&](const Turns& turns) { return turns.other <= rounds_ || (with_cards && turns.card <= releases_); });
  return found == nullptr ? nullptr : &found->second;
}

void WaitingList::join(const std::string& player, const SeatPayment& payment, const LabelsPtr& labels) {
  const std::uint64_t place = places_given_++;
  places_.emplace(player, place);
  by_place_.emplace(place, {.player = player, .payment = payment, .labels = labels});
  enlist(place, payment);
}

void WaitingList::leave(const std::string& player, Watches& watches) {
  const std::uint64_t* found = places_.find(player);
  if (found == nullptr) return;
  const std::uint64_t place = *found;
  const Waiting& waiting = by_place_.at(place);
  if (!waiting.is_aside) delist(place, SeatPayment(waiting.payment), watches);
  by_place_.erase(place);
  places_.erase(player);
}

void WaitingList::change_payment(const std::string& player, const SeatPayment& payment, const LabelsPtr& labels,
                                 Watches& watches) {
  const std::uint64_t place = places_.at(player);
  by_place_.edit(place, [&](Waiting& waiting) { waiting.labels = labels; });
  if (by_place_.at(place).payment.pays_like(payment)) return;
  const bool is_aside = by_place_.at(place).is_aside;
  if (!is_aside) delist(place, SeatPayment(by_place_.at(place).payment), watches);
  by_place_.edit(place, [&](Waiting& waiting) {
    waiting.payment = payment;
    waiting.turn = 0;
    waiting.asked_for = 0;
  });
  if (!is_aside) enlist(place, payment);
}

// Of passes each of those who show one may be good for another player: all are asked, one after the other.
void WaitingList::pass_over(const std::string& player, bool may_change, Watches& watches) {
  const std::uint64_t place = places_.at(player);
  const SeatPayment payment = by_place_.at(place).payment;
  if (payment.method == SeatMethod::card) return set_turn(place, releases_ + 1);
  set_turn(place, rounds_ + 1);
  const Payer payer(payment.method, payment.reference);
  if (may_change && short_.emplace(payer, {})) watches.add(kind_of_payer(payer.first), payer.second);
  if (payment.method == SeatMethod::pass) give_turn_after(place, payers_.at(payer));
}

void WaitingList::wake(SeatMethod method, const std::string& reference, Watches& watches) {
  const Payer payer(method, reference);
  if (short_.erase(payer)) watches.remove(kind_of_payer(method), reference);
  const OrderedSet<std::uint64_t>* places = payers_.find(payer);
  if (places != nullptr) set_turn(places->begin()->first, 0);
}

void WaitingList::set_aside(const std::string& player, Watches& watches) {
  const std::uint64_t* found = places_.find(player);
  if (found == nullptr) return;
  const std::uint64_t place = *found;
  delist(place, SeatPayment(by_place_.at(place).payment), watches);
  by_place_.edit(place, [&](Waiting& waiting) {
    waiting.is_aside = true;
    waiting.asked_for = releases_;
  });
}

void WaitingList::put_back(const std::string& player) {
  const std::uint64_t* found = places_.find(player);
  if (found == nullptr) return;
  const std::uint64_t place = *found;
  by_place_.edit(place, [&](Waiting& waiting) {
    waiting.is_aside = false;
    waiting.turn = waiting.payment.method == SeatMethod::card ? waiting.asked_for + 1 : 0;
  });
  const SeatPayment payment = by_place_.at(place).payment;
  if (payment.method == SeatMethod::card) return;
  const Payer payer(payment.method, payment.reference);
  payers_.put(payer, [&](OrderedSet<std::uint64_t>& places) { places.emplace(place, {}); });
}

void WaitingList::enlist(std::uint64_t place, const SeatPayment& payment) {
  if (payment.method == SeatMethod::card) return set_turn(place, 0);
  const Payer payer(payment.method, payment.reference);
  bool is_behind = false;
  payers_.put(payer, [&](OrderedSet<std::uint64_t>& places) {
    places.emplace(place, {});
    is_behind = payment.method == SeatMethod::wallet && places.begin()->first != place;
  });
  set_turn(place, is_behind ? never : 0);
}

// Whoever is next with the same means is asked: it may be enough for one more.
void WaitingList::delist(std::uint64_t place, const SeatPayment& payment, Watches& watches) {
  if (payment.method == SeatMethod::card) return;
  const Payer payer(payment.method, payment.reference);
  payers_.edit(payer, [&](OrderedSet<std::uint64_t>& places) { places.erase(place); });
  const OrderedSet<std::uint64_t> left = payers_.at(payer);
  if (!left.empty()) return give_turn_after(place, left);
  payers_.erase(payer);
  if (short_.erase(payer)) watches.remove(kind_of_payer(payer.first), payer.second);
}

void WaitingList::give_turn_after(std::uint64_t place, const OrderedSet<std::uint64_t>& places) {
  const auto next = places.upper_bound(place);
  if (next == places.end()) return;
  if (by_place_.at(next->first).turn > rounds_) set_turn(next->first, 0);
}

void WaitingList::set_turn(std::uint64_t place, std::uint64_t turn) {
  by_place_.edit(place, [&](Waiting& waiting) { waiting.turn = turn; });
}

}  // namespace tote
