#include "actors/order/outside_payment.h"

#include "actors/order/order.h"

namespace tote {
namespace {

bool is_calling(const Order::State& order) {
  return order.progress.status == saga::Status::running && order.progress.is_calling;
}

bool is_awaited(const Order::State& order) {
  return order.exists() && order.input->is_by_webhook() && is_calling(order) &&
         saga::current(order.progress) == OrderPlan::charge_step;
}

bool is_paid_with(const Order::State& order, const PaidOrder& paid) {
  const std::string_view charge = order.progress.result(OrderPlan::charge_step);
  const bool is_this = !charge.empty() && (charge == paid.payment || charge == paid.charge);
  return is_this && order.progress.status == saga::Status::completed;
}

// What the wait for the payment came to.
Verdict report(Transaction& on, std::string_view order, const saga::Reply& reply) {
  return saga::drive<Order>(on, order, [&reply](saga::Driver& driver) {
    driver.report(reply);
    return Verdict{};
  });
}

}  // namespace

Verdict pay_order(Transaction& on, const PaidOrder& paid) {
  const auto* order = look<Order>(on, paid.order);
  if (order == nullptr) return {Code::not_found};
  if (is_paid_with(*order, paid)) return {};
  if (order->input->is_by_card() && is_calling(*order)) return {Code::accepted};
  if (!is_awaited(*order)) return {Code::not_awaited};
  if (order->input->currency != paid.currency) return {Code::currency_mismatch};
  if (order->input->amount != paid.amount) return {Code::wrong_amount};
  if (Verdict driven = report(on, paid.order, {saga::Reply::Answer::done, Code::ok, paid.payment}); driven.refused())
    return driven;
  const auto& progress = look<Order>(on, paid.order)->progress;
  return progress.status == saga::Status::completed ? Verdict{} : Verdict{progress.code};
}

Verdict fail_order(Transaction& on, std::string_view id, std::string_view why) {
  const auto* order = look<Order>(on, id);
  if (order == nullptr) return {Code::not_found};
  if (!is_awaited(*order)) return {Code::not_awaited};
  return report(on, id, {saga::Reply::Answer::refused, Code::payment_declined, std::string(why)});
}

}  // namespace tote
