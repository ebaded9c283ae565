#include "actors/order/order.h"

namespace tote {

void describe_lines(const std::vector<OrderLine>& lines, Fields& fields) {
  fields.begin_list("lines");
  for (const OrderLine& line : lines) {
    fields.begin({});
    fields.text("item", line.item);
    fields.integer("quantity", line.quantity);
    fields.end();
  }
  fields.end_list();
}

namespace {

// As the order was asked for, but for the card's token: who reads orders needn't be able to charge cards.
void describe_pay(const OrderPlan::Input& order, Fields& fields) {
  fields.begin("pay");
  if (order.is_by_card())
    fields.text("method", "card");
  else if (order.is_by_webhook())
    fields.text("webhook", order.webhook);
  else
    fields.text("wallet", order.wallet);
  fields.integer("amount", order.amount.minor);
  if (order.wallet.empty()) fields.text("currency", order.currency.text());
  fields.end();
}

}  // namespace

std::string_view order_status(const saga::Progress& progress, const OrderReturns::State& returns) {
  const bool was_wanted = !returns.is_wished || progress.status != saga::Status::compensated;
  if (returns.is_cancelled || !was_wanted) return "cancelled";
  if (progress.status == saga::Status::completed) return "confirmed";
  return progress.status == saga::Status::compensated ? "failed" : "pending";
}

void OrderPlan::describe(const Input& order, Fields& fields) {
  describe_lines(order.lines, fields);
  describe_pay(order, fields);
  tote::describe(order.payee, fields);
  labels_of(order.labels).describe(fields);
}

void OrderPlan::describe_told(const Input& order, Fields& fields) {
  describe_lines(order.lines, fields);
  describe_pay(order, fields);
  fields.integer("amount", order.amount.minor);
  if (order.currency != Currency{}) fields.text("currency", order.currency.text());
  fields.text("payer", order.wallet.empty() ? std::string_view("card") : order.wallet);
  tote::describe(order.payee, fields);
  labels_of(order.labels).describe(fields);
}

std::string_view OrderPlan::told(const saga::Change& change) {
  using saga::ChangeType;
  if (change.step == notify_step && change.type == ChangeType::completed) return "order.confirmed";
  const bool is_undone =
      change.type == ChangeType::failed || change.type == ChangeType::compensated || change.type == ChangeType::skipped;
  return change.step == reserve_step && is_undone ? "order.failed" : std::string_view{};
}

void OrderPlan::describe_answer(std::string_view id, const Input& order, const saga::Progress& progress,
                                const OrderReturns::State& returns, Fields& fields) {
  fields.text("order", id);
  fields.text("status", order_status(progress, returns));
  describe(order, fields);
  fields.text("saga", saga::public_id(kind, id));
  if (progress.code != Code::ok) fields.text("error", name_of(progress.code));
  OrderReturns::describe(returns, fields);
}

}  // namespace tote
