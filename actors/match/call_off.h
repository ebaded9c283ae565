// A match that was cancelled: everybody is paid back, a few at a time, whoever dies meanwhile.
#pragma once

#include <string_view>

#include "actors/match/match.h"

namespace tote {

// The engine's own, until nobody is in and nobody waits; null then. Who can't be paid back now (the wallet was closed)
// keeps the seat, an operator is told, and it is tried again every 300 s.
ScriptPtr clear_up(const Match::State& match, std::string_view id);

}  // namespace tote
