#include "actors/item/item.h"

namespace tote {
namespace {

struct Apply {
  Item::State& item;

  void operator()(const Item::Opened& opened) const {
    item.exists = true;
    item.initial_quantity = opened.quantity;
    item.on_hand = opened.quantity;
  }
  void operator()(const Item::Restocked& restocked) const { item.on_hand += restocked.quantity; }
  void operator()(const Item::Picked& picked) const { item.on_hand -= picked.quantity; }

  void operator()(const Item::Reserved& reserved) const {
    item.reservations[reserved.reservation] = {reserved.quantity, reserved.expires_at, Item::ReservationStatus::open};
    item.expiries.emplace(reserved.expires_at, reserved.reservation);
    item.reserved += reserved.quantity;
  }
  void operator()(const Item::Committed& committed) const {
    item.on_hand -= close(committed.reservation, Item::ReservationStatus::committed);
  }
  void operator()(const Item::Released& released) const {
    close(released.reservation, Item::ReservationStatus::released);
  }
  void operator()(const Item::Expired& expired) const { close(expired.reservation, Item::ReservationStatus::expired); }

 private:
  // Its quantity.
  std::int64_t close(const std::string& id, Item::ReservationStatus status) const {
    const auto found = item.reservations.find(id);
    TOTE_INVARIANT(found != item.reservations.end() && found->second.status == Item::ReservationStatus::open);
    auto& reservation = found->second;
    reservation.status = status;
    const std::int64_t quantity = reservation.quantity;
    item.reserved -= quantity;
    item.expiries.erase({reservation.expires_at, id});
    item.closed.emplace(item.closed_count++, id);
    if (item.closed.size() > Item::closed_reservations_max) {
      item.reservations.erase(item.closed.begin()->second);
      item.closed.erase(item.closed.begin());
    }
    return quantity;
  }
};

// Whether an event that was read from a log can be applied at all; check() judges what comes out.
struct Fits {
  const Item::State& item;

  bool operator()(const Item::Opened& opened) const {
    return !item.exists && opened.quantity >= 0 && opened.quantity <= Item::quantity_max;
  }
  bool operator()(const Item::Restocked& restocked) const { return is_quantity(restocked.quantity); }
  bool operator()(const Item::Picked& picked) const { return is_quantity(picked.quantity); }
  bool operator()(const Item::Reserved& reserved) const {
    return is_quantity(reserved.quantity) && !item.reservations.contains(reserved.reservation);
  }
  bool operator()(const Item::Committed& committed) const { return is_open(committed.reservation); }
  bool operator()(const Item::Released& released) const { return is_open(released.reservation); }
  bool operator()(const Item::Expired& expired) const { return is_open(expired.reservation); }

 private:
  bool is_quantity(std::int64_t quantity) const {
    return item.exists && quantity >= 1 && quantity <= Item::quantity_max;
  }
  bool is_open(const std::string& id) const {
    const auto found = item.reservations.find(id);
    return found != item.reservations.end() && found->second.status == Item::ReservationStatus::open;
  }
};

}  // namespace

bool Item::fits(const State& item, const Event& event) { return std::visit(Fits{item}, event); }

void Item::apply(State& item, const Event& event) { std::visit(Apply{item}, event); }

// Cheap enough to run after every event: the sum over the reservations is checked by the property tests and by
// `tote verify`.
bool Item::check(const State& item) {
  return item.exists && item.reserved >= 0 && item.on_hand <= on_hand_max && item.available() >= 0 &&
         (item.reserved == 0) == item.expiries.empty() &&
         item.reservations.size() == item.expiries.size() + item.closed.size();
}

}  // namespace tote
