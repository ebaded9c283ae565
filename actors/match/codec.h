// actors/match/codec.h: what the files that write and read a match's bytes share.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include "actors/match/match.h"

namespace tote::match {

// Of one buffer, for its verification. An answer of an older version may show every player.
inline constexpr flatbuffers::uoffset_t tables_max = static_cast<flatbuffers::uoffset_t>(Match::seats_max) + 32;

// Whom a command is about; empty: the match itself.
std::string_view player_of(const Match::Command& command);

}  // namespace tote::match
