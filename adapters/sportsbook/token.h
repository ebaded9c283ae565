// From the body of a callback to what it says: {"payload":"<JWS>"}, its signature, its times, its claims.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/sportsbook/json.h"
#include "adapters/sportsbook/jws.h"
#include "adapters/sportsbook/options.h"

namespace tote::sportsbook {

// What a callback is told when it is refused.
struct Refused {
  int code = 0;  // 2004, 2005 …
  std::string message{};
};

inline constexpr int blocked_code = 1005, unknown_player_code = 1006, session_code = 1007, no_money_code = 2001,
                     currency_code = 2002, parent_code = 2003, request_code = 2004, token_code = 2005,
                     unavailable_code = 5000;

// The object `payload` of the claims.
using Opened = std::variant<Json, Refused>;
Opened open_token(std::string_view body, const Options& options, const KeySetPtr& keys, Verifier& verifier,
                  std::int64_t now_ms);

// NumericDate, to milliseconds: fractions are allowed, doubles aren't. Nothing when it isn't one.
std::optional<std::int64_t> read_numeric_date(std::string_view text);

}  // namespace tote::sportsbook
