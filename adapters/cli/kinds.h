// The one list of entity kinds: whoever adds a kind adds it here and the whole program knows it.
#pragma once

#include <string>
#include <string_view>

#include "engine/world.h"

namespace tote::cli {

using Kinds = World::Kinds;

Kinds kinds();

// The kind with this number, or null when this version knows none.
const Kind* find_kind(const Kinds& kinds, KindId id);

// "wallet/alice"; a kind that this version doesn't know is "kind 9/alice".
std::string address_of(const Kinds& kinds, KindId kind, std::string_view id);

}  // namespace tote::cli
