// An order's table.
#include "actors/order/order.h"

namespace tote {
namespace {

constexpr Column order_columns[] = {{"id"},
                                    {"status"},
                                    {"wallet"},
                                    {"amount", ColumnType::integer},
                                    {"currency"},
                                    {"lines", ColumnType::json},
                                    {"error"},
                                    {"reference"},
                                    {"metadata", ColumnType::json},
                                    {"payee"},
                                    {"refunded", ColumnType::integer},
                                    {"status_reason"}};
constexpr Column refund_columns[] = {
    {"order_id"}, {"refund"}, {"amount", ColumnType::integer}, {"lines", ColumnType::json}, {"reason"}};
constexpr Table order_tables[] = {{"orders", order_columns, 1}, {"order_refunds", refund_columns, 2}};

// Of its cancellation: "".
void write_refund(std::string_view id, const OrderReturns::Refund& refund, RowWriter& out) {
  Fields& row = out.row("order_refunds");
  row.text("order_id", id);
  row.text("refund", refund.refund);
  row.integer("amount", refund.amount.minor);
  describe_lines(refund.lines, row);
  if (!refund.reason.empty()) row.text("reason", refund.reason);
}

}  // namespace

std::span<const Table> OrderPlan::tables() { return order_tables; }

void OrderPlan::rows(std::string_view id, const Input& order, const saga::Progress& progress,
                     const OrderReturns::State& returns, RowWriter& out) {
  if (!returns.refunds.empty()) write_refund(id, returns.refunds.back(), out);
  Fields& row = out.row("orders");
  row.text("id", id);
  row.text("status", order_status(progress, returns));
  if (!order.wallet.empty()) row.text("wallet", order.wallet);
  row.integer("amount", order.amount.minor);
  if (order.currency != Currency{}) row.text("currency", order.currency.text());
  describe_lines(order.lines, row);
  if (progress.code != Code::ok) row.text("error", name_of(progress.code));
  labels_of(order.labels).describe(row);
  if (order.payee.exists()) row.text("payee", order.payee.wallet);
  row.integer("refunded", returns.refunded.minor);
  if (!returns.reason.empty()) row.text("status_reason", returns.reason);
}

}  // namespace tote
