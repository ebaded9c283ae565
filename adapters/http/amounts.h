// Members that several bodies have.
#pragma once

#include <string_view>

#include "actors/wallet/currency.h"
#include "adapters/http/json_reader.h"
#include "engine/kernel/limits.h"
#include "engine/kernel/money.h"

namespace tote::http {

// "amount": 1 to 10^15 minor units.
inline Money read_amount(JsonObject& body) { return {body.integer("amount", 1, limits::amount_max)}; }

inline std::int64_t read_quantity(JsonObject& body, std::string_view name) {
  return body.integer(name, 1, limits::amount_max);
}

inline Currency read_currency(JsonObject& body, std::string_view name) {
  const auto currency = currency_of(body.text(name));
  if (!currency) body.refuse(name, "must be a currency of ISO 4217, in capitals, such as EUR");
  return currency.value_or(Currency{});
}

}  // namespace tote::http
