// The words that tests of orders share: a shop with items "sku1" and "sku2", a wallet "ann", and card payments whose
// provider answers when the test says so.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "actors/item/item.h"
#include "actors/order/place.h"
#include "actors/payment/gateway.h"
#include "actors/refund/refunds.h"
#include "actors/wallet/wallet.h"
#include "tests/actors/saga_words.h"

namespace tote {

inline constexpr std::int64_t hour_ns = 3'600 * ns_per_s;

using Lines = std::vector<OrderPlan::Line>;

OrderPlan::Input by_wallet(Lines lines, std::int64_t amount, std::string wallet = "ann");
OrderPlan::Input by_card(Lines lines, std::int64_t amount, std::string token = "tok_ok");

inline payment::Result charge_succeeded(std::string id = "ch_1") {
  return {payment::Status::succeeded, std::move(id), {}};
}
inline payment::Result charge_declined() { return {payment::Status::declined, {}, "no money"}; }
inline payment::Result charge_lost() { return {payment::Status::unreachable, {}, "timed out"}; }

class Shop {
 public:
  // sku1 and sku2: 10 each. ann: 1000 EUR.
  Shop();

  Verdict place(std::string id, OrderPlan::Input order) {
    return world.run(PlaceOrder(std::move(id), std::move(order)));
  }
  void stock(std::string_view item, std::int64_t quantity);
  // The provider's answer to a call of this order.
  Verdict report(std::string_view order, std::string_view effect, const payment::Result& result) {
    return world.report(Order::kind_id, order, effect, CommandRef::to(result));
  }
  Verdict operate(std::string_view order, saga::Remedy remedy) {
    return world.run(*saga::operate_script<Order>(order, remedy, "because"));
  }
  // The effect id that the order waits for, or nothing.
  std::string waits_for(std::string_view order);
  payment::Charge charge(std::string_view order);

  // The refund queue: refunds of other charges, for which the provider has no money.
  void pause_payments();
  void wait_for_funds(int refunds_count = 1);
  bool is_refunding();  // the provider is asked for a refund now
  // The provider makes all the refunds that it is asked for; how many it ever made.
  std::size_t refunds();

  const saga::Progress& progress(std::string_view order) { return world.state<Order>(order).progress; }
  std::string text(std::string_view order);
  std::string_view status(std::string_view order) { return order_status(progress(order)); }
  std::int64_t on_hand(std::string_view item) { return world.state<Item>(item).on_hand; }
  std::int64_t reserved(std::string_view item) { return world.state<Item>(item).reserved; }
  std::int64_t balance() { return world.state<Wallet>("ann").balance.minor; }
  // As the door would render it: "name=value;", lists and objects in brackets.
  std::string described(std::string_view order);
  std::string described_saga(std::string_view order);

  SagaWorld world;

 private:
  void answer_refunds(const payment::Result& result);

  std::set<std::string> refunds_;  // by key: the provider executes equal keys once
};

// Writes down what is described.
class OrderText final : public Fields {
 public:
  void integer(std::string_view name, std::int64_t value) override { text(name, std::to_string(value)); }
  void text(std::string_view name, std::string_view value) override {
    out.append(name).append("=").append(value) += ';';
  }
  void time(std::string_view name, Time value) override { integer(name, value.ns); }
  void begin(std::string_view name) override { out.append(name) += '{', ++depth; }
  void end() override { out += '}', --depth; }

  std::string out;
  int depth = 0;
};

}  // namespace tote
