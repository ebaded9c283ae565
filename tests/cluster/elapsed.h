// How long something took.
#pragma once

#include <chrono>
#include <cstdint>

namespace tests {

inline std::int64_t ms_since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun).count();
}

}  // namespace tests
