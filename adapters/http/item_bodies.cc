// Bodies of the item's requests (API.md, Items).
#include "actors/item/item.h"
#include "adapters/http/amounts.h"
#include "adapters/http/resources.h"

namespace tote::http {
namespace {

constexpr std::int64_t reservation_expires_in_s = 900;  // when a reservation doesn't say it

void set(Reading& reading, Item::Command command) { reading.request.command = Command(std::move(command)); }

}  // namespace

void read_item_open(Reading& reading) { set(reading, Item::Open{read_quantity(reading.body, "quantity")}); }

void read_item_restock(Reading& reading) { set(reading, Item::Restock{read_quantity(reading.body, "quantity")}); }

void read_item_pick(Reading& reading) { set(reading, Item::Pick{read_quantity(reading.body, "quantity")}); }

void read_item_reserve(Reading& reading) {
  std::string reservation(reading.body.id("reservation"));
  const std::int64_t quantity = read_quantity(reading.body, "quantity");
  set(reading,
      Item::Reserve{std::move(reservation), quantity,
                    reading.body.integer_or("expires_in_s", 1, Item::expires_in_s_max, reservation_expires_in_s)});
}

void read_item_commit(Reading& reading) { set(reading, Item::Commit{std::move(reading.second)}); }

void read_item_release(Reading& reading) { set(reading, Item::Release{std::move(reading.second)}); }

}  // namespace tote::http
