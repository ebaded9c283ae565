#include "tests/simulation/model_orders.h"

namespace tote::simulation {

namespace {

OrdersModel::Order placed(const Node& event) {
  OrdersModel::Order order;
  order.payee = payee_of(event);
  for (const Node& part : event.children) {
    if (part.name == "pay") order.wallet = part.text("wallet"), order.amount = part.integer("amount");
    if (part.name != "lines") continue;
    for (const Node& line : part.children) order.items[line.text("item")] += line.integer("quantity");
  }
  return order;
}

}  // namespace

void OrdersModel::apply(const std::string& id, const Node& event) {
  Order& order = orders_[id];
  if (event.name == "started") order = placed(event);
  if (event.name == "cancel_wished") order.is_wished = true;
  if (event.name == "refunded" || event.name == "cancelled") give_back(id, order, event);
  for (const Node& list : event.children) {
    if (list.name != "changes") continue;
    for (const Node& step : list.children) {
      if (step.text("change") != "completed") continue;
      if (step.text("step") == "charge" && order.wallet.empty()) order.charge = step.text("text");
      if (step.text("step") == "confirm") confirm(order);
    }
  }
}

// It is paid, and the goods leave the shop.
void OrdersModel::confirm(Order& order) {
  order.is_confirmed = true;
  if (!order.wallet.empty()) dues_.add(order.wallet, -order.amount);
  dues_.keep(order.payee, 0, order.amount);
  for (const auto& [item, quantity] : order.items) dues_.add(item, -quantity);
}

void OrdersModel::give_back(const std::string& id, Order& order, const Node& event) {
  const std::int64_t amount = event.integer("amount"), kept = order.kept();
  if (!order.is_refundable()) fault_("the order " + id + " gives back what it hasn't");
  if (amount < 0 || amount > kept) fault_("the order " + id + " gives back more than was paid");
  if (event.name == "refunded" && !order.refunds.insert(event.text("refund")).second)
    fault_("the order " + id + " gives " + event.text("refund") + " back twice");
  order.is_cancelled = event.name == "cancelled";
  order.refunded += amount;
  if (order.is_cancelled && order.kept() != 0) fault_("the order " + id + " is cancelled, and keeps money");
  dues_.keep(order.payee, kept, order.kept());
  if (!order.wallet.empty())
    dues_.add(order.wallet, amount);
  else if (amount > 0)
    back_[order.charge] += amount;
  for (const Node& list : event.children) {
    if (list.name != "lines") continue;
    for (const Node& line : list.children) {
      const std::string item = line.text("item");
      dues_.add(item, line.integer("quantity"));
      if ((order.items[item] -= line.integer("quantity")) < 0) fault_("the order " + id + " brings too much back");
    }
  }
  for (const auto& [item, quantity] : order.items)
    if (order.is_cancelled && quantity != 0) fault_("the order " + id + " is cancelled, and keeps " + item);
}

std::int64_t OrdersModel::kept_of_cards() const {
  std::int64_t sum = 0;
  for (const auto& [id, order] : orders_) sum += order.wallet.empty() ? order.kept() : 0;
  return sum;
}

bool OrdersModel::has_bought(const std::string& charge) const {
  for (const auto& [id, order] : orders_)
    if (order.is_confirmed && order.charge == charge) return true;
  return false;
}

}  // namespace tote::simulation
