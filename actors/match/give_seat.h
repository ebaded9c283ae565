// The one rule by which seats are given.
#pragma once

#include <string_view>

#include "actors/match/match.h"

namespace tote {

// Code::ok: this player may have a seat now. sales_closed, already_booked, match_full. `saga`: of a card booking that
// may hold a seat for this player already.
Code why_no_seat(const Match::State& match, std::string_view player, Time now, std::string_view saga = {});

// A seat that this player asked for would be taken from somebody who waits and hasn't been asked. `with_cards`: cards
// can be charged now.
bool is_passing(const Match::State& match, std::string_view player, bool with_cards);

// The player's card is charged for a seat that isn't wanted any more.
bool has_wished(const Match::State& match, const std::string& player);

// The attempts that count at `now`: those at most a window old.
std::int64_t attempts_at(const Match::State& match, std::string_view player, Time now);
// Code::ok, or too_many_attempts with retry_after_s: then nothing is executed, and it doesn't count itself.
Refusal why_no_attempt(const Match::State& match, std::string_view player, Time now);

// A payment that went through: who paid, from where.
bool is_payment(const Match::Payment& payment);

}  // namespace tote
