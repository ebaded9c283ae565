// A match's tables, itself and its bookings, and what must be true of it at the end of a log.
#include "actors/match/give_seat.h"
#include "engine/kernel/sum.h"

namespace tote {
namespace {

constexpr auto integer = ColumnType::integer;

constexpr Column match_columns[] = {{"id"},
                                    {"seats", integer},
                                    {"taken", integer},
                                    {"waitlist", integer},
                                    {"price", integer},
                                    {"currency"},
                                    {"starts_at", ColumnType::time},
                                    {"status"},
                                    {"sales"},
                                    {"status_reason"},
                                    {"payee"}};
constexpr Column booking_columns[] = {{"match"},
                                      {"player"},
                                      {"status"},
                                      {"paid_by"},
                                      {"reference"},
                                      {"amount", integer},
                                      {"booking_reference"},
                                      {"metadata", ColumnType::json}};
constexpr Table match_tables[] = {{"matches", match_columns, 1}, {"bookings", booking_columns, 2}};

// A player who is nothing to the match any more has cancelled.
void write_booking(std::string_view id, const Match::State& match, const std::string& player, RowWriter& out) {
  static constexpr std::string_view statuses[] = {"in", "pending", "cancelling"};
  Fields& row = out.row("bookings");
  row.text("match", id);
  row.text("player", player);
  if (const Match::Player* found = match.players.find(player)) {
    row.text("status", statuses[static_cast<std::size_t>(found->status)]);
    row.text("paid_by", name_of(found->payment.method));
    if (found->is_in() && !found->payment.reference.empty()) row.text("reference", found->payment.reference);
    if (found->is_in()) row.integer("amount", found->payment.amount.minor);
    labels_of(found->labels).describe(row, "booking_reference");
  } else if (const WaitingList::Waiting* waiting = match.waiting.find(player)) {
    row.text("status", "waitlisted");
    row.text("paid_by", name_of(waiting->payment.method));
    labels_of(waiting->labels).describe(row, "booking_reference");
  } else {
    row.text("status", "cancelled");
  }
}

}  // namespace

std::span<const Table> Match::tables() { return match_tables; }

void Match::rows(std::string_view id, const State& match, std::span<const Event> events, RowWriter& out) {
  Fields& row = out.row("matches");
  row.text("id", id);
  row.integer("seats", match.seats);
  row.integer("taken", match.taken());
  row.integer("waitlist", static_cast<std::int64_t>(match.waiting.size()));
  row.integer("price", match.price.minor);
  if (match.currency != Currency{}) row.text("currency", match.currency.text());
  row.time("starts_at", match.starts_at);
  row.text("status", match.is_cancelled ? "cancelled" : "open");
  row.text("sales", match.sales_closed ? "closed" : "open");
  if (!match.reason.empty()) row.text("status_reason", match.reason);
  if (match.payee.exists()) row.text("payee", match.payee.wallet);
  for (const Event& any : events)
    std::visit(
        [&](const auto& event) {
          if constexpr (requires { event.player; }) write_booking(id, match, event.player, out);
        },
        any);
}

std::string Match::audit(std::string_view, const State& match, const Neighbours&) {
  if (match.taken() > match.seats)
    return "has given " + text_of(match.taken()) + " of " + text_of(match.seats) + " seats";
  for (const auto& [player, seat] : match.players)
    if (seat.status == PlayerStatus::in && !is_payment(seat.payment)) return "has let in " + player + " unpaid";
  return {};
}

}  // namespace tote
