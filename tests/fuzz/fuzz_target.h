// What every fuzz target is: a function that takes any bytes and comes back. A broken promise aborts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/kernel/invariant.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace tote::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Takes the text up to `end` from the front; all of it when there is no `end`.
inline std::string_view take_until(std::string_view& rest, char end) {
  const std::string_view taken = rest.substr(0, rest.find(end));
  rest.remove_prefix(taken.size() < rest.size() ? taken.size() + 1 : rest.size());
  return taken;
}

}  // namespace tote::fuzz
