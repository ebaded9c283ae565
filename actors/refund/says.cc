// The table of refunds: the queue itself is in none.
#include "actors/refund/refunds.h"

namespace tote {
namespace {

constexpr Column refund_columns[] = {{"id"},
                                     {"charge"},
                                     {"amount", ColumnType::integer},
                                     {"currency"},
                                     {"status"},
                                     {"attempts", ColumnType::integer},
                                     {"last_error"},
                                     {"created_at", ColumnType::time}};
// An event may set others going than the one that it names: those are told, too, and written where they differ.
constexpr Table refund_tables[] = {{"refunds", refund_columns, 1, RowKind::differs}};

void write_refund(const std::string& id, const Refunds::Refund& refund, RowWriter& out) {
  Fields& row = out.row("refunds");
  row.text("id", id);
  row.text("charge", refund.charge);
  row.integer("amount", refund.amount.minor);
  row.text("currency", refund.currency.text());
  row.text("status", name_of(refund.status));
  row.integer("attempts", refund.attempts);
  if (!refund.last_error.empty()) row.text("last_error", refund.last_error);
  row.time("created_at", refund.created_at);
}

}  // namespace

std::span<const Table> Refunds::tables() { return refund_tables; }

void Refunds::rows(std::string_view, const State& queue, std::span<const Event> events, RowWriter& out) {
  const auto write = [&](const std::string& id) {
    if (const auto found = queue.refunds.find(id); found != queue.refunds.end())
      write_refund(found->first, found->second, out);
  };
  for (const Event& any : events)
    std::visit(
        [&](const auto& event) {
          if constexpr (requires { event.refund; }) write(event.refund);
        },
        any);
  for (const std::uint64_t number : queue.sent) write(queue.by_number.at(number));
}

}  // namespace tote
