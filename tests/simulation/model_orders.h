// What orders have bought and what of it went back, told by the events' names.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "tests/simulation/model_dues.h"
#include "tests/simulation/node.h"

namespace tote::simulation {

class OrdersModel {
 public:
  struct Order {
    std::string wallet{}, charge{};  // who has paid: one of the two
    std::int64_t amount = 0, refunded = 0;
    Payee payee{};
    std::map<std::string, std::int64_t> items{};  // bought and not brought back
    std::set<std::string> refunds{};              // ids
    bool is_confirmed = false, is_cancelled = false, is_wished = false;

    std::int64_t kept() const { return is_confirmed ? amount - refunded : 0; }
    bool is_refundable() const { return is_confirmed && !is_cancelled; }
  };
  using Fault = std::function<void(std::string)>;

  OrdersModel(Dues& dues, Fault fault) : dues_(dues), fault_(std::move(fault)) {}

  void begin_record() { back_.clear(); }
  void apply(const std::string& id, const Node& event);

  const std::map<std::string, Order>& orders() const { return orders_; }
  // By charge: what this record sends back to cards.
  const std::map<std::string, std::int64_t>& back() const { return back_; }
  // What cards have paid, and wasn't given back.
  std::int64_t kept_of_cards() const;
  bool has_bought(const std::string& charge) const;

 private:
  void confirm(Order& order);
  void give_back(const std::string& id, Order& order, const Node& event);

  Dues& dues_;
  Fault fault_;
  std::map<std::string, Order> orders_;
  std::map<std::string, std::int64_t> back_;
};

}  // namespace tote::simulation
