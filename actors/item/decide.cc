#include "actors/item/item.h"
#include "engine/kernel/name.h"

namespace tote {
namespace {

using Event = Item::Event;
using State = Item::State;

bool is_quantity(std::int64_t quantity) { return quantity >= 1 && quantity <= Item::quantity_max; }

Refusal out_of_stock(const State& item, std::int64_t requested) {
  return {Code::out_of_stock, {{FactName::available, item.available()}, {FactName::requested, requested}}};
}

// Orders of the first versions named theirs "o-<start>-<line>", as a client might, and reserved for an hour from their
// start, to the nanosecond. No client can have hit that: the log gives each record a time of its own.
bool is_old_order(std::string_view name, const Item::Reservation& reservation) {
  constexpr std::int64_t expires_in_ns = 3'600 * ns_per_s;
  return name.starts_with("o-" + std::to_string(reservation.expires_at.ns - expires_in_ns) + '-');
}

bool is_own(std::string_view name, const Item::Reservation& reservation) {
  return name.starts_with(own_name_mark) || is_old_order(name, reservation);
}

struct Decide {
  const State& item;
  Time now;

  Decision<Event> operator()(const Item::Open& open) const {
    if (open.quantity != 0 && !is_quantity(open.quantity)) return Refusal{Code::invalid_request};
    if (!item.exists) return Decision<Event>(Item::Opened{open.quantity}).as(Code::created);
    return item.initial_quantity == open.quantity ? Decision<Event>(Code::ok) : Refusal{Code::already_exists};
  }

  Decision<Event> operator()(const Item::Restock& restock) const {
    if (!is_quantity(restock.quantity)) return Refusal{Code::invalid_request};
    if (!item.exists) return Refusal{Code::not_found};
    if (restock.quantity > Item::on_hand_max - item.on_hand)
      return Refusal{Code::stock_limit,
                     {{FactName::limit, Item::on_hand_max}, {FactName::requested, restock.quantity}}};
    return Item::Restocked{restock.quantity};
  }

  Decision<Event> operator()(const Item::Pick& pick) const {
    if (!is_quantity(pick.quantity)) return Refusal{Code::invalid_request};
    if (!item.exists) return Refusal{Code::not_found};
    if (pick.quantity > item.available()) return out_of_stock(item, pick.quantity);
    return Item::Picked{pick.quantity};
  }

  Decision<Event> operator()(const Item::Reserve& reserve) const {
    if (!(reserve.own ? is_own_name(reserve.reservation) : is_valid_id(reserve.reservation)))
      return Refusal{Code::invalid_id};
    if (!is_quantity(reserve.quantity) || reserve.expires_in_s < 1 || reserve.expires_in_s > Item::expires_in_s_max)
      return Refusal{Code::invalid_request};
    if (!item.exists) return Refusal{Code::not_found};
    if (item.reservations.contains(reserve.reservation)) return Refusal{Code::reservation_exists};
    if (item.expiries.size() >= Item::reservations_max)
      return Refusal{Code::too_many_reservations, {{FactName::limit, Item::reservations_max}}};
    if (reserve.quantity > item.available()) return out_of_stock(item, reserve.quantity);
    return Decision<Event>(Item::Reserved{reserve.reservation, reserve.quantity, after(now, reserve.expires_in_s)})
        .as(Code::created);
  }

  Decision<Event> operator()(const Item::Commit& commit) const {
    if (const Refusal refusal = why_not_open(commit.reservation, commit.own); refusal.code != Code::ok) return refusal;
    return Item::Committed{commit.reservation};
  }

  Decision<Event> operator()(const Item::Release& release) const {
    if (const Refusal refusal = why_not_open(release.reservation, release.own); refusal.code != Code::ok)
      return refusal;
    return Item::Released{release.reservation};
  }

 private:
  Refusal why_not_open(const std::string& reservation, bool own) const {
    if (!item.exists) return {Code::not_found};
    const auto found = item.reservations.find(reservation);
    if (found == item.reservations.end() || is_own(found->first, found->second) != own)
      return {Code::reservation_not_found, {}, reservation};
    return {found->second.status == Item::ReservationStatus::open ? Code::ok : Code::reservation_closed};
  }
};

}  // namespace

Decision<Event> Item::decide(const State& item, const Command& command, Time now) {
  return std::visit(Decide{item, now}, command);
}

Time Item::next_due(const State& item) { return item.expiries.empty() ? Time::never() : item.expiries.begin()->first; }

Event Item::due(const State& item) { return Expired{item.expiries.begin()->second}; }

}  // namespace tote
