// The one list of entity kinds: whoever adds a kind adds it here and the whole program knows it.
#pragma once

#include <string>
#include <string_view>

#include "engine/kernel/any_entity.h"

namespace tote::cli {

Kinds kinds();

// "wallet/alice"; a kind that this version doesn't know is "kind 9/alice".
std::string address_of(const Kinds& kinds, KindId kind, std::string_view id);

}  // namespace tote::cli
