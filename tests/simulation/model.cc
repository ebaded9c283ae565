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

std::int64_t Model::in_wallets() const {
  std::int64_t sum = 0;
  for (const auto& [id, wallet] : wallets_) sum += wallet.worth();
  return sum;
}

std::int64_t Model::in_seats_by_wallet() const {
  std::int64_t sum = 0;
  for (const auto& [id, match] : matches_)
    for (const auto& [player, seat] : match.players) sum += seat.is_in && seat.paid_by == "wallet" ? seat.amount : 0;
  return sum;
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
  money_before_ = in_wallets() + in_seats_by_wallet();
  worth_before_.clear();
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
      if (change.kind == tote::Wallet::kind_id) apply_wallet(id, event);
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
  check_record(where, record.code, expected);
  check_books(where);
  check_bets(where);
  payments_.check_record(where);
}

void Model::apply_wallet(const std::string& id, const Node& event) {
  Wallet& wallet = wallets_[id];
  const std::int64_t amount = event.integer("amount"), before = wallet.available(0);
  worth_before_.emplace(id, wallet.worth());
  const std::string hold = event.text("hold");
  if (event.name == "credited") wallet.balance += amount;
  if (event.name == "debited" || event.name == "captured") wallet.balance -= amount;
  if (event.name == "held") wallet.holds[hold] = {amount, event.integer("expires_at")};
  if (event.name == "captured" || event.name == "released" || event.name == "expired")
    if (wallet.holds.erase(hold) != 1) fault("wallet " + id + ": no hold " + hold + " to be " + event.name);
  if (event.name == "status_set") wallet.is_frozen = event.text("status") == "frozen";
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
  if (event.name == "opened" || event.name == "restocked") item.on_hand += quantity;
  if (event.name == "picked") item.on_hand -= quantity;
  if (event.name == "reserved") item.reservations[reservation] = {quantity, event.integer("expires_at")};
  if (event.name == "committed") item.on_hand -= item.reservations[reservation].first;
  if (event.name == "committed" || event.name == "released" || event.name == "expired")
    if (item.reservations.erase(reservation) != 1) fault("item " + id + ": no " + reservation + " to be " + event.name);
}

void Model::free_seat(Match& match, const std::string& player) {
  const auto found = match.players.find(player);
  if (found == match.players.end()) return fault("a seat of " + player + " is freed that is free");
  if (found->second.is_in && found->second.paid_by == "card") awaited_refunds_.insert(found->second.reference);
  match.players.erase(found);
}

void Model::apply_match(const std::string& id, const Node& event, std::int64_t now) {
  Match& match = matches_[id];
  const std::string player = event.text("player");
  if (event.name == "opened") {
    match.seats = event.integer("seats");
    match.price = event.integer("amount");
    match.starts_at = event.integer("starts_at");
  } else if (event.name == "attempted") {
    match.attempts[player].push_back(now);
  } else if (event.name == "seat_taken") {
    if (match.players.contains(player)) fault("match " + id + ": two seats for " + player);
    match.players[player] = {true, event.text("paid_by"), event.text("reference"), event.integer("amount"), 0};
    match.waiting.erase(player);
  } else if (event.name == "seat_held") {
    if (match.players.contains(player)) fault("match " + id + ": two seats for " + player);
    match.players[player] = {false, "card", {}, 0, event.integer("until")};
  } else if (event.name == "seat_confirmed") {
    const std::string charge = event.text("charge");
    payments_.seat_given(id, player, charge);
    if (!seat_charges_.insert(charge).second) fault("two seats for the charge " + charge);
    if (refunded_charges_.contains(charge)) fault("a seat for a charge that was paid back: " + charge);
    if (match.wishes.contains(event.text("saga"))) fault(player + " is in, and had cancelled that");
    match.players[player] = {true, "card", charge, event.integer("amount"), 0};
    match.waiting.erase(player);
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
  if (event.name != "enqueued") return;
  const std::string charge = event.text("charge");
  if (!refunded_charges_.insert(charge).second) fault("two refunds of the charge " + charge);
  awaited_refunds_.erase(charge);
  payments_.refund_queued(charge, event.integer("amount"));
  for (const auto& [id, match] : matches_)
    for (const auto& [player, seat] : match.players)
      if (seat.paid_by == "card" && seat.reference == charge) fault("the seat of " + player + " is paid back");
}

void Model::apply_order(const std::string& id, const Node& event) {
  for (const Node& list : event.children)
    for (const Node& step : list.children)
      if (list.name == "changes" && step.text("step") == "confirm" && step.text("change") == "completed")
        payments_.order_confirmed(id);
}

// Money comes in and goes out by what was asked, and by nothing else.
void Model::check_record(const std::string& where, const Code code, const Expected* expected) {
  const std::int64_t asked = expected != nullptr && is_success(code) ? expected->money : 0;
  const std::int64_t wanted = asked + bets_.sum_moved();
  const std::int64_t moved = in_wallets() + in_seats_by_wallet() - money_before_;
  if (moved != wanted) fault(where + std::to_string(moved) + " has come in, not " + std::to_string(wanted));
  for (const std::string& charge : awaited_refunds_) fault(where + "nobody pays back " + charge);
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
    for (const auto& [player, seat] : match.players) {
      const bool is_paid = seat.paid_by == "pass" ? !seat.reference.empty() : seat.amount == match.price;
      if (seat.is_in && !is_paid) fault(where + player + " is in " + id + " and hasn't paid");
    }
  }
}

// Stakes less payouts are what each player's wallet has lost, in every record.
void Model::check_bets(const std::string& where) {
  for (const auto& [id, amount] : bets_.moved()) {
    const auto before = worth_before_.find(id);
    const std::int64_t moved = before == worth_before_.end() ? 0 : wallets_[id].worth() - before->second;
    if (moved != amount)
      fault(where + id + " has got " + std::to_string(moved) + " of bets that say " + std::to_string(amount));
  }
  bets_.check_record(*this, where);
}

}  // namespace tote::simulation
