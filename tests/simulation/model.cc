#include "tests/simulation/model.h"

#include "actors/bet/bet.h"
#include "actors/item/item.h"
#include "actors/match/match.h"
#include "actors/order/order.h"
#include "actors/payment_event/outside_payment.h"
#include "actors/payment_event/payment_events.h"
#include "actors/refund/refunds.h"
#include "actors/session/session.h"
#include "actors/wallet/wallet.h"
#include "engine/kernel/name.h"

namespace tote::simulation {

namespace {

template <class Entries>
std::int64_t open_sum(const Entries& entries, std::int64_t now) {
  std::int64_t sum = 0;
  for (const auto& [id, entry] : entries) sum += entry.second > now ? entry.first : 0;
  return sum;
}

}  // namespace

std::int64_t Wallet::held(std::int64_t now) const { return open_sum(holds, now); }
std::int64_t Item::reserved(std::int64_t now) const { return open_sum(reservations, now); }

std::int64_t Match::taken(std::int64_t now) const {
  std::int64_t count = 0;
  for (const auto& [player, seat] : players) count += seat.is_in || seat.held_until > now ? 1 : 0;
  return count;
}

bool Match::has(const std::string& player, std::int64_t now) const {
  const auto found = players.find(player);
  return found != players.end() && (found->second.is_in || found->second.held_until > now);
}

Model::Model(Kinds kinds, Expect expect) : expect_(std::move(expect)) {
  for (auto& kind : kinds) kinds_.emplace(kind->id(), std::move(kind));
}

std::int64_t Model::balance_at(const std::string& wallet, std::uint64_t version) const {
  const auto found = balances_.find(wallet);
  return found == balances_.end() || version < 1 || version > found->second.size() ? -1 : found->second[version - 1];
}

std::int64_t Model::in_stock(const std::string& id) const {
  if (const Wallet* wallet = this->wallet(id)) return wallet->worth();
  const Item* item = this->item(id);
  return item == nullptr ? 0 : item->on_hand;
}

std::int64_t Model::in_seats_by_card() const {
  std::int64_t sum = 0;
  for (const auto& [id, match] : matches_)
    for (const auto& [player, seat] : match.players) sum += seat.is_in && seat.paid_by == "card" ? seat.amount : 0;
  return sum;
}

void Model::apply(Lsn lsn, const wal::Record& record) {
  const std::string where =
      "record " + std::to_string(lsn.value) + (record.key.empty() ? "" : " of key ") + std::string(record.key) + ": ";
  const Expected* expected = record.key.empty() ? nullptr : expect_(record.key);
  if (expected != nullptr && expected->code) {
    const std::optional<Code> code = expected->code(*this, record.time.ns);
    if (code && *code != record.code)
      fault(where + "says " + std::string(name_of(record.code)) + ", not " + std::string(name_of(*code)));
  }
  if (!record.key.empty() && !codes_.emplace(record.key, record.code).second) fault(where + "there was one before");
  come_.emplace(name_of(record.code));
  dues_.begin_record();
  orders_.begin_record();
  back_.clear(), queued_.clear();
  bets_.begin_record();
  payments_.begin_record();
  for (const wal::Change& change : record.changes) {
    NodeReader events;
    if (!kinds_.at(change.kind)->describe_events(change.events, events)) fault(where + "can't be read");
    const std::string id(change.entity);
    known_.emplace(change.kind, id);
    for (const Node& event : events.root.children) {
      come_.insert(std::string(kinds_.at(change.kind)->name()).append(".").append(event.name));
      for (const Node& list : event.children)
        for (const Node& step : list.children)
          if (list.name == "changes") come_.insert("saga." + step.text("change"));
      if (change.kind == tote::Wallet::kind_id) apply_wallet(id, event, expected);
      if (change.kind == tote::Item::kind_id) apply_item(id, event);
      if (change.kind == tote::Match::kind_id) apply_match(id, event, record.time.ns);
      if (change.kind == Refunds::kind_id) apply_refund(event);
      if (change.kind == Order::kind_id) apply_order(id, event);
      if (change.kind == Bet::kind_id) bets_.apply(id, event);
      if (change.kind == Session::kind_id) bets_.apply_session(id, event);
      if (change.kind == PaymentEvents::kind_id) payments_.apply_event(event);
      if (change.kind == OutsidePayment::kind_id) payments_.apply_payment(id, event);
      if (!event.text("why").empty()) come_.insert("bet." + event.text("why"));
      if (!event.text("outcome").empty()) come_.insert("outcome." + event.text("outcome"));
    }
    if (change.kind == tote::Wallet::kind_id) {
      balances_[id].push_back(wallets_[id].balance);
      if (balances_[id].size() != change.version.value) fault(where + id + " has skipped a version");
    }
  }
  if (expected != nullptr && is_success(record.code)) dues_.add(expected->moves);
  dues_.add(bets_.moved());
  check_dues(where);
  check_refunds(where);
  check_books(where);
  bets_.check_record(*this, where);
  payments_.check_record(where);
}

// What may happen to a wallet in its status, and how it may come into it.
void Model::check_event(const std::string& id, const Wallet& wallet, const Node& event) {
  const bool goes_out = event.name == "debited" || event.name == "held";
  if (goes_out && !wallet.is_open()) fault("wallet " + id + " is " + wallet.status + ", and " + event.name);
  if (wallet.is_closed() && event.name != "status_set") fault("wallet " + id + " is closed, and " + event.name);
  if (event.name == "status_set" && event.text("status") == "closed" && !wallet.is_empty())
    fault("wallet " + id + " is closed with something in it");
}

void Model::apply_wallet(const std::string& id, const Node& event, const Expected* expected) {
  Wallet& wallet = wallets_[id];
  const std::int64_t amount = event.integer("amount"), before = wallet.available(0);
  dues_.changes(id, wallet.worth());
  check_event(id, wallet, event);
  const std::string hold = event.text("hold");
  if (event.name == "opened") wallet.currency = event.text("currency");
  if (event.name == "opened" || event.name == "overdraft_set") wallet.overdraft = event.integer("overdraft_limit");
  if (event.name == "credited") wallet.balance += amount;
  if (event.name == "debited" || event.name == "captured") wallet.balance -= amount;
  if (event.name == "held") wallet.holds[hold] = {amount, event.integer("expires_at")};
  if (event.name == "captured") {
    if (amount > wallet.holds[hold].first) fault("wallet " + id + ": more is captured of " + hold + " than it holds");
    dues_.add(id, -amount);
    if (expected != nullptr) dues_.keep(expected->payee, 0, amount);
  }
  if (event.name == "captured" || event.name == "released" || event.name == "expired")
    if (wallet.holds.erase(hold) != 1) fault("wallet " + id + ": no hold " + hold + " to be " + event.name);
  if (event.name == "status_set") wallet.status = event.text("status");
  if (event.name == "reversed") wallet.balance -= amount, wallet.debt += event.integer("debt");
  if (event.name == "debt_paid") wallet.balance -= amount, wallet.debt -= amount;
  if (wallet.debt < 0) fault("wallet " + id + " has paid more than its debt");
  const std::int64_t after = wallet.available(0);
  wallet.is_below = after < 0 && (wallet.is_below || event.name == "reversed");
  if (after < 0 && after < before && event.name != "reversed") fault(event.name + " takes " + id + " below zero");
}

void Model::apply_item(const std::string& id, const Node& event) {
  Item& item = items_[id];
  const std::int64_t quantity = event.integer("quantity");
  const std::string reservation = event.text("reservation");
  dues_.changes(id, item.on_hand);
  if (event.name == "opened" || event.name == "restocked") item.on_hand += quantity;
  if (event.name == "picked") item.on_hand -= quantity;
  if (event.name == "reserved") item.reservations[reservation] = {quantity, event.integer("expires_at")};
  if (event.name == "committed") {
    const std::int64_t reserved = item.reservations[reservation].first;
    item.on_hand -= reserved;
    if (!reservation.starts_with(own_name_mark)) dues_.add(id, -reserved);  // else an order says what it takes
  }
  if (event.name == "committed" || event.name == "released" || event.name == "expired")
    if (item.reservations.erase(reservation) != 1) fault("item " + id + ": no " + reservation + " to be " + event.name);
}

void Model::free_seat(Match& match, const std::string& player) {
  const auto found = match.players.find(player);
  if (found == match.players.end()) return fault("a seat of " + player + " is freed that is free");
  const Seat& seat = found->second;
  if (seat.is_in && seat.paid_by == "card") back_[seat.reference] += seat.amount;
  if (seat.is_in && seat.paid_by == "wallet") dues_.add(seat.reference, seat.amount);
  if (seat.is_in) dues_.keep(match.payee, seat.amount, 0);
  match.players.erase(found);
}

void Model::take_seat(const std::string& id, Match& match, const Node& event, std::int64_t now) {
  const std::string player = event.text("player");
  const Seat seat{true, event.text("paid_by"), event.text("reference"), event.integer("amount"), 0};
  if (!match.sells(now)) fault("match " + id + " sells a seat, and its sales are closed");
  const Wallet* payer = seat.paid_by == "wallet" ? wallet(seat.reference) : nullptr;
  const bool is_paid = payer != nullptr         ? seat.amount == match.price && payer->currency == match.currency
                       : seat.paid_by == "pass" ? seat.amount == 0 && !seat.reference.empty()
                                                : seat.amount == 0 && match.price == 0;
  if (!is_paid) fault(player + " is in " + id + " and hasn't paid");
  if (payer != nullptr) dues_.add(seat.reference, -seat.amount);
  dues_.keep(match.payee, 0, seat.amount);
  match.players[player] = seat;
  match.waiting.erase(player);
}

// What was charged is the price when the charge was asked for; on a page of the provider's it is today's.
void Model::confirm_seat(const std::string& id, Match& match, const Node& event, std::int64_t now) {
  const std::string player = event.text("player"), charge = event.text("charge"), saga = event.text("saga");
  const std::int64_t amount = event.integer("amount");
  payments_.seat_given(id, player, charge);
  if (!seat_charges_.insert(charge).second) fault("two seats for the charge " + charge);
  if (refunded_charges_.contains(charge)) fault("a seat for a charge that was paid back: " + charge);
  if (match.wishes.contains(saga)) fault(player + " is in, and had cancelled that");
  if (match.is_cancelled) fault(player + " is in " + id + ", which is cancelled");
  if (!match.players.contains(player) && !match.sells(now)) fault(player + " is in " + id + " after its sales");
  const auto asked = saga.empty() ? std::pair(match.price, match.currency) : match.prices[saga];
  if (asked != std::pair(amount, match.currency)) fault(player + " has paid another price for " + id);
  dues_.keep(match.payee, 0, amount);
  match.players[player] = {true, "card", charge, amount, 0};
  match.waiting.erase(player);
}

// What isn't told has no value any more; but a match that was made free pays back what it got in its currency.
void Model::change_match(const std::string& id, Match& match, const Node& event) {
  match.seats = event.integer("seats");
  match.price = event.integer("amount");
  match.starts_at = event.integer("starts_at");
  match.is_closed = event.text("sales") == "closed";
  const std::string currency = event.text("currency");
  if (currency.empty() || currency == match.currency) return;
  if (!match.currency.empty() && !match.players.empty()) fault("match " + id + " pays back in another currency");
  match.currency = currency;
}

void Model::apply_match(const std::string& id, const Node& event, std::int64_t now) {
  Match& match = matches_[id];
  const std::string player = event.text("player");
  if (event.name == "opened") {
    match.payee = payee_of(event);
    change_match(id, match, event);
  } else if (event.name == "changed") {
    if (match.is_cancelled) fault("match " + id + " is cancelled, and changes");
    change_match(id, match, event);
  } else if (event.name == "called_off") {
    match.is_cancelled = true;
  } else if (event.name == "attempted") {
    match.attempts[player].push_back(now);
  } else if (event.name == "seat_taken") {
    if (match.players.contains(player)) fault("match " + id + ": two seats for " + player);
    take_seat(id, match, event, now);
  } else if (event.name == "seat_held") {
    if (match.players.contains(player)) fault("match " + id + ": two seats for " + player);
    if (!match.sells(now)) fault("match " + id + " holds a seat, and its sales are closed");
    match.players[player] = {false, "card", {}, 0, event.integer("until")};
    match.prices[event.text("saga")] = {match.price, match.currency};
  } else if (event.name == "seat_confirmed") {
    confirm_seat(id, match, event, now);
  } else if (event.name == "hold_dropped" || event.name == "hold_expired" || event.name == "cancelled" ||
             event.name == "seat_withdrawn") {
    free_seat(match, player);
  } else if (event.name == "waitlisted") {
    if (!match.waiting.insert(player).second) fault("match " + id + ": " + player + " waits twice");
  } else if (event.name == "left_waitlist") {
    match.waiting.erase(player);
  } else if (event.name == "cancel_wished") {
    match.wishes.insert(event.text("saga"));
    match.waiting.erase(player);
  }
}

void Model::apply_refund(const Node& event) {
  payments_.apply_refund(event);
  if (event.name != "enqueued") return;
  const std::string charge = event.text("charge");
  const bool is_of_order = orders_.has_bought(charge);  // in parts, and each of them is that order's
  if (!is_of_order && !refunded_charges_.insert(charge).second) fault("two refunds of the charge " + charge);
  queued_[charge] += event.integer("amount");
  payments_.refund_queued(charge, event.integer("amount"));
  for (const auto& [id, match] : matches_)
    for (const auto& [player, seat] : match.players)
      if (seat.paid_by == "card" && seat.reference == charge) fault("the seat of " + player + " is paid back");
}

void Model::apply_order(const std::string& id, const Node& event) {
  const bool was_confirmed = orders_.orders().contains(id) && orders_.orders().at(id).is_confirmed;
  orders_.apply(id, event);
  if (!was_confirmed && orders_.orders().at(id).is_confirmed) payments_.order_confirmed(id);
}

// Every wallet and every item has what the record's orders, seats, bets and request say, and nothing else moves.
void Model::check_dues(const std::string& where) {
  for (const auto& [id, had] : dues_.before()) {
    const auto due = dues_.due().find(id);
    const std::int64_t wanted = due == dues_.due().end() ? 0 : due->second, moved = in_stock(id) - had;
    if (moved != wanted) fault(where + id + " has got " + std::to_string(moved) + ", not " + std::to_string(wanted));
  }
  for (const auto& [id, amount] : dues_.due())
    if (amount != 0 && !dues_.before().contains(id)) fault(where + id + " hasn't got " + std::to_string(amount));
}

// What seats and orders give back to cards is queued with it, to the last cent.
void Model::check_refunds(const std::string& where) {
  for (const auto& [charge, amount] : orders_.back()) back_[charge] += amount;
  for (const auto& [charge, amount] : back_)
    if (queued_[charge] != amount)
      fault(where + std::to_string(queued_[charge]) + " of " + charge + " goes back, not " + std::to_string(amount));
  for (const auto& [charge, amount] : queued_)
    if (orders_.has_bought(charge) && back_[charge] != amount) fault(where + charge + " goes back, and was an order");
}

void Model::check_books(const std::string& where) {
  for (const auto& [id, wallet] : wallets_) {
    if (wallet.available(0) < 0 && !wallet.is_below)
      fault(where + "wallet " + id + " has " + std::to_string(wallet.available(0)));
  }
  for (const auto& [id, item] : items_) {
    if (item.available(0) < 0) fault(where + "item " + id + " has " + std::to_string(item.available(0)));
  }
  for (const auto& [id, match] : matches_) {
    if (static_cast<std::int64_t>(match.players.size()) > match.seats) fault(where + "match " + id + " is oversold");
  }
}

}  // namespace tote::simulation
