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
                                    {"metadata", ColumnType::json}};
constexpr Table order_tables[] = {{"orders", order_columns, 1}};

}  // namespace

std::span<const Table> OrderPlan::tables() { return order_tables; }

void OrderPlan::rows(std::string_view id, const Input& order, const saga::Progress& progress, RowWriter& out) {
  Fields& row = out.row("orders");
  row.text("id", id);
  row.text("status", order_status(progress));
  if (!order.wallet.empty()) row.text("wallet", order.wallet);
  row.integer("amount", order.amount.minor);
  if (order.currency != Currency{}) row.text("currency", order.currency.text());
  describe_lines(order, row);
  if (progress.code != Code::ok) row.text("error", name_of(progress.code));
  labels_of(order.labels).describe(row);
}

}  // namespace tote
