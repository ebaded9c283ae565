// An item's tables, itself and its reservations, and what must be true of it at the end of a log.
#include "actors/item/item.h"
#include "engine/kernel/sum.h"

namespace tote {
namespace {

constexpr Column item_columns[] = {
    {"id"}, {"on_hand", ColumnType::integer}, {"reserved", ColumnType::integer}, {"available", ColumnType::integer}};
constexpr Column reservation_columns[] = {
    {"item"}, {"id"}, {"quantity", ColumnType::integer}, {"status"}, {"expires_at", ColumnType::time}};
constexpr Table item_tables[] = {{"items", item_columns, 1}, {"reservations", reservation_columns, 2}};

void write_reservation(std::string_view id, const std::string& reservation, const Item::Reservation& state,
                       RowWriter& out) {
  static constexpr std::string_view statuses[] = {"open", "committed", "released", "expired"};
  Fields& row = out.row("reservations");
  row.text("item", id);
  row.text("id", reservation);
  row.integer("quantity", state.quantity);
  row.text("status", statuses[static_cast<std::size_t>(state.status)]);
  row.time("expires_at", state.expires_at);
}

}  // namespace

std::span<const Table> Item::tables() { return item_tables; }

void Item::rows(std::string_view id, const State& item, std::span<const Event> events, RowWriter& out) {
  Fields& row = out.row("items");
  row.text("id", id);
  row.integer("on_hand", item.on_hand);
  row.integer("reserved", item.reserved);
  row.integer("available", item.available());
  for (const Event& any : events)
    std::visit(
        [&](const auto& event) {
          if constexpr (requires { event.reservation; })
            if (const auto found = item.reservations.find(event.reservation); found != item.reservations.end())
              write_reservation(id, found->first, found->second, out);
        },
        any);
}

std::string Item::audit(std::string_view, const State& item, const Neighbours&) {
  Sum open = 0;
  for (const auto& [id, reservation] : item.reservations)
    if (reservation.status == ReservationStatus::open) open += reservation.quantity;
  if (open == item.reserved && item.reserved <= item.on_hand) return {};
  return "has " + text_of(item.on_hand) + " on hand, " + text_of(open) + " in its open reservations and " +
         text_of(item.reserved) + " reserved in total";
}

}  // namespace tote
