// Is the answer that a record tells of an entity what the log itself leads to? Before a script's record is written, and
// in `tote verify`.
#pragma once

#include <string>
#include <string_view>

#include "engine/kernel/any_entity.h"

namespace tote {

// What is wrong with the answer to a success, beginning with a verb; empty when nothing is. `entity` is as of after the
// record; null: there is none. Only plain kinds are compared: the answers of active ones are views (of a booking, a
// saga).
std::string problem_of_answer(const Kind& kind, std::string_view id, const AnyEntity* entity, std::string_view answer);

}  // namespace tote
