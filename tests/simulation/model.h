// Plain maps beside the engine: what the records in the log add up to, told by the events' names, and what must be true
// after each of them. It knows nothing of the code that decided.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/kernel/kind_of.h"
#include "tests/simulation/model_bets.h"
#include "tests/simulation/model_dues.h"
#include "tests/simulation/model_orders.h"
#include "tests/simulation/model_payments.h"
#include "tests/simulation/node.h"
#include "wal/record.h"

namespace tote::simulation {

struct Wallet {
  std::int64_t balance = 0, debt = 0, overdraft = 0;
  std::string currency, status = "open";
  bool is_below = false;                                               // its limit, by a reversal
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> holds;  // amount, expires at

  std::int64_t held(std::int64_t now) const;
  std::int64_t available(std::int64_t now) const { return balance + overdraft - held(now); }
  std::int64_t worth() const { return balance - debt; }
  bool is_open() const { return status == "open"; }
  bool is_closed() const { return status == "closed"; }
  bool is_empty() const { return balance == 0 && debt == 0 && holds.empty(); }
};

struct Item {
  std::int64_t on_hand = 0;
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> reservations;  // quantity, expires at

  std::int64_t reserved(std::int64_t now) const;
  std::int64_t available(std::int64_t now) const { return on_hand - reserved(now); }
};

struct Seat {
  bool is_in = false;
  std::string paid_by, reference;
  std::int64_t amount = 0, held_until = 0;
};

struct Match {
  std::int64_t seats = 0, price = 0, starts_at = 0;
  std::string currency;
  Payee payee;
  bool is_closed = false, is_cancelled = false;  // its sales; all of it
  std::map<std::string, Seat> players;
  std::map<std::string, std::pair<std::int64_t, std::string>> prices;  // that cards are charged, by saga
  std::map<std::string, std::vector<std::int64_t>> attempts;
  std::set<std::string> waiting, wishes;  // players; sagas whose seat isn't wanted any more

  std::int64_t taken(std::int64_t now) const;
  bool has(const std::string& player, std::int64_t now) const;
  bool sells(std::int64_t now) const { return !is_closed && !is_cancelled && (starts_at == 0 || now < starts_at); }
};

class Model {
 public:
  // What a request should come to, asked right before its record is applied; and what it brings into wallets and items
  // by itself when it succeeds (negative: takes out of them). What orders, seats and bets move, their events tell.
  struct Expected {
    std::function<std::optional<Code>(const Model&, std::int64_t now)> code{};  // empty, or nothing: whatever it says
    Dues::Amounts moves{};
    Payee payee{};  // of what is captured
  };
  using Expect = std::function<const Expected*(std::string_view key)>;

  Model(Kinds kinds, Expect expect);

  void apply(Lsn lsn, const wal::Record& record);
  // Everything that was found wrong.
  const std::vector<std::string>& faults() const { return faults_; }
  void fault(std::string text) { faults_.push_back(std::move(text)); }

  const Wallet* wallet(const std::string& id) const { return find(wallets_, id); }
  const Item* item(const std::string& id) const { return find(items_, id); }
  const Match* match(const std::string& id) const { return find(matches_, id); }
  const std::map<std::string, Wallet>& wallets() const { return wallets_; }
  const std::map<std::string, Item>& items() const { return items_; }
  const std::map<std::string, Match>& matches() const { return matches_; }
  const BetsModel& bets() const { return bets_; }
  const PaymentsModel& payments() const { return payments_; }
  const OrdersModel& orders() const { return orders_; }
  // The wallet's balance as of a version; -1: no such version.
  std::int64_t balance_at(const std::string& wallet, std::uint64_t version) const;
  // How the log answers a key; null: it doesn't.
  const Code* code_of(const std::string& key) const { return find(codes_, key); }
  // Money that cards have paid for seats that are taken.
  std::int64_t in_seats_by_card() const;
  // "match.seat_taken", "match_full": every event and code that has come.
  const std::set<std::string>& come() const { return come_; }
  // Some record has changed this entity.
  bool knows(KindId kind, const std::string& id) const { return known_.contains({kind, id}); }
  void answered(Code code) { come_.emplace(name_of(code)); }

 private:
  template <class Map>
  static const typename Map::mapped_type* find(const Map& map, const std::string& id) {
    const auto found = map.find(id);
    return found == map.end() ? nullptr : &found->second;
  }
  void apply_wallet(const std::string& id, const Node& event, const Expected* expected);
  void check_event(const std::string& id, const Wallet& wallet, const Node& event);
  void apply_item(const std::string& id, const Node& event);
  void apply_match(const std::string& id, const Node& event, std::int64_t now);
  void take_seat(const std::string& id, Match& match, const Node& event, std::int64_t now);
  void confirm_seat(const std::string& id, Match& match, const Node& event, std::int64_t now);
  void change_match(const std::string& id, Match& match, const Node& event);
  void apply_refund(const Node& event);
  void apply_order(const std::string& id, const Node& event);
  void free_seat(Match& match, const std::string& player);
  void check_dues(const std::string& where);
  void check_refunds(const std::string& where);
  void check_books(const std::string& where);
  std::int64_t in_stock(const std::string& id) const;  // of a wallet: what it is worth

  std::map<KindId, std::shared_ptr<const Kind>> kinds_;
  Expect expect_;
  std::map<std::string, Wallet> wallets_;
  std::map<std::string, Item> items_;
  std::map<std::string, Match> matches_;
  std::map<std::string, Code> codes_;  // by key
  std::map<std::string, std::vector<std::int64_t>> balances_;
  std::set<std::string> seat_charges_, refunded_charges_;
  // By charge, of this record: what seats give back to cards, and what is queued for them.
  std::map<std::string, std::int64_t> back_, queued_;
  Dues dues_;
  OrdersModel orders_{dues_, [this](std::string text) { fault(std::move(text)); }};
  BetsModel bets_{[this](std::string text) { fault(std::move(text)); }};
  PaymentsModel payments_{[this](std::string text) { fault(std::move(text)); }};
  std::set<std::string> come_;
  std::set<std::pair<KindId, std::string>> known_;
  std::vector<std::string> faults_;
};

}  // namespace tote::simulation
