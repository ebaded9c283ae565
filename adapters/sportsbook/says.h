// What a provider is told, as JSON. Pure functions of what is recorded, so that a retry gets the same bytes.
#pragma once

#include <optional>
#include <string>

#include "actors/bet/callback.h"
#include "adapters/sportsbook/options.h"
#include "adapters/sportsbook/token.h"
#include "engine/kernel/code.h"

namespace tote::sportsbook {

// Of a callback that was carried out. Refused: declined, or nothing is known of the bet.
struct Said {
  std::string body{};
  bool is_refused = false;
};
Said text_of(const bet::Result& result, const Options& options);
std::string text_of(const Refused& refused);
std::string text_of_balance(std::string_view player, Money balance, Currency currency, const Options& options);

// What the engine refused; nothing: it is for another time (503).
std::optional<Refused> refusal_of(Code code);

void append_quoted(std::string& out, std::string_view text);

}  // namespace tote::sportsbook
