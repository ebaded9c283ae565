// The one list of entity kinds: whoever adds a kind adds it here and the whole program knows it.
#pragma once

#include <memory>
#include <vector>

#include "engine/kernel/any_entity.h"

namespace tote::cli {

using Kinds = std::vector<std::shared_ptr<const Kind>>;

Kinds kinds();

// The kind with this number, or null when this version knows none.
const Kind* find_kind(const Kinds& kinds, KindId id);

}  // namespace tote::cli
