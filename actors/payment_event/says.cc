// The table of payment events.
#include "actors/payment_event/payment_events.h"

namespace tote {
namespace {

constexpr auto integer = ColumnType::integer;

constexpr Column event_columns[] = {{"id"},         {"event_type"},
                                    {"status"},     {"outcome"},
                                    {"reason"},     {"payment"},
                                    {"match"},      {"player"},
                                    {"order_id"},   {"amount", integer},
                                    {"currency"},   {"attempts", integer},
                                    {"last_error"}, {"created_at", ColumnType::time}};
constexpr Table event_tables[] = {{"payment_events", event_columns, 1}};

void write(const std::string& id, const PaymentEvents::Entry& entry, RowWriter& out) {
  const PaymentNotice& notice = entry.notice;
  Fields& row = out.row("payment_events");
  const auto optional = [&row](std::string_view name, const std::string& text) {
    if (!text.empty()) row.text(name, text);
  };
  row.text("id", id);
  row.text("event_type", notice.type);
  row.text("status", name_of(entry.status));
  if (entry.outcome != PaymentOutcome::none) row.text("outcome", name_of(entry.outcome));
  if (entry.reason != Code::ok) row.text("reason", name_of(entry.reason));
  optional("payment", notice.payment);
  optional("match", notice.match);
  optional("player", notice.player);
  optional("order_id", notice.order);
  if (notice.amount.minor != 0) row.integer("amount", notice.amount.minor);
  if (notice.currency != Currency{}) row.text("currency", notice.currency.text());
  row.integer("attempts", entry.attempts);
  optional("last_error", entry.last_error);
  row.time("created_at", entry.created_at);
}

}  // namespace

std::span<const Table> PaymentEvents::tables() { return event_tables; }

void PaymentEvents::rows(std::string_view, const State& events, std::span<const Event> changes, RowWriter& out) {
  for (const Event& any : changes)
    std::visit(
        [&](const auto& change) {
          if (const Entry* entry = events.events.find(change.event)) write(change.event, *entry, out);
        },
        any);
}

}  // namespace tote
