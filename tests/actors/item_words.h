// The words that tests of items share.
#pragma once

#include <string>

#include "actors/item/item.h"
#include "tests/actors/given.h"

namespace tote {

inline constexpr std::int64_t quantity_max = Item::quantity_max;

inline Item::Opened item_opened(std::int64_t quantity = 10) { return {quantity}; }
inline Item::Reserved reserved(std::string id, std::int64_t quantity, Time expires_at = after({1}, 900)) {
  return {std::move(id), quantity, expires_at};
}

inline Item::Reserve reserve(std::string id, std::int64_t quantity, std::int64_t expires_in_s = 900) {
  return {std::move(id), quantity, expires_in_s};
}
inline Item::Reserve own_reserve(std::string name, std::int64_t quantity) {
  return {std::move(name), quantity, 900, true};
}
inline Item::Pick pick(std::int64_t quantity) { return {quantity}; }
inline Item::Restock restock(std::int64_t quantity) { return {quantity}; }

inline Facts out_of(std::int64_t available, std::int64_t requested) {
  return {{FactName::available, available}, {FactName::requested, requested}};
}

}  // namespace tote
