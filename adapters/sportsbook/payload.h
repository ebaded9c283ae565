// What a callback's payload asks, as the script that does it. Pure: a fuzzer can call it.
//
// Ids may be numbers or texts: 12 and "12" are one. Unknown members are ignored. What is asked is also its content: two
// payloads that say the same, in whichever order and whether by numbers or by texts, have the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "actors/bet/callback.h"
#include "adapters/sportsbook/json.h"
#include "adapters/sportsbook/options.h"
#include "adapters/sportsbook/token.h"

namespace tote::sportsbook {

enum class Action : std::uint8_t { make, commit, settlement, win, lost, refund, discard, rollback, balance };

// "/bet/make" …, "/balance".
std::optional<Action> action_of(std::string_view path);

struct Asked {
  std::string entity{};  // the bet; of a balance request the wallet
  ScriptPtr script{};    // null: a balance request
  std::string player{};
  Currency currency{};  // of a balance request, none where it doesn't say
};
using Read = std::variant<Asked, Refused>;
Read read_payload(Action action, const Json& payload, const Options& options);

Bet::Content content_of(Action action, const Json& payload);

}  // namespace tote::sportsbook
