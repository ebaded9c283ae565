// The one list of Tote's own entity kinds: whoever adds a kind adds it here and the whole program knows it.
#pragma once

#include <string>
#include <string_view>

#include "engine/kernel/any_entity.h"

namespace tote::cli {

Kinds kinds();
// Tote's own and these; one that is among them already counts once. Throws UsageError when they can't be used together.
Kinds kinds_with(const Kinds& more);

// "wallet/alice"; a kind that this version doesn't know is "kind 9/alice".
std::string address_of(const Kinds& kinds, KindId kind, std::string_view id);

}  // namespace tote::cli
