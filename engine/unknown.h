// What a record names that a program's kinds don't know: a log of a newer program, or of one with kinds of its own. It
// isn't damage.
#pragma once

#include <string>

#include "engine/kernel/any_entity.h"
#include "wal/record.h"

namespace tote {

// "an entity of the kind 1042, which this program doesn't know: g1"; empty when everything is known.
std::string unknown_in(const Kinds& kinds, const wal::Record& record);

}  // namespace tote
