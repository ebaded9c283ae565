// The kinds of one program, taken together: which numbers are whose, and what their own codes are called.
#pragma once

#include <string>
#include <string_view>

#include "engine/kernel/any_entity.h"

namespace tote {

// Numbers of kinds below are ours, from here on they are for users.
inline constexpr KindId first_kind_of_users = 1'000;

// Why these kinds can't be used together, in one sentence: two with one number, a user's with one of ours, a code
// outside of the users' range, without a name, or with another meaning in another kind, a table that another has, or
// whose rows can't be told apart. Empty when they can.
std::string problem_of(const Kinds& kinds);

// Ours, or registered by one of the kinds.
bool is_known(const Kinds& kinds, Code code);
// "insufficient_funds", "seat_taken"; "code 40001" when none of the kinds knows it.
std::string name_of(const Kinds& kinds, Code code);
// What its kind says of a users' code; empty for others.
std::string_view sentence_of(const Kinds& kinds, Code code);

}  // namespace tote
