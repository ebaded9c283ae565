// Time as the domain sees it: a value that comes in with the command, never a clock that is read.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace tote {

// UTC, nanoseconds since 1970-01-01. Strictly increasing from one record of a log to the next.
struct Time {
  std::int64_t ns = 0;

  constexpr auto operator<=>(const Time&) const = default;
  static constexpr Time never() { return {std::numeric_limits<std::int64_t>::max()}; }
};

inline constexpr std::int64_t ns_per_s = 1'000'000'000;
inline constexpr std::int64_t ns_per_ms = 1'000'000;

// `at` plus a whole number of seconds, never() when the sum doesn't fit.
constexpr Time after(Time at, std::int64_t seconds) {
  std::int64_t ns = 0;
  if (__builtin_mul_overflow(seconds, ns_per_s, &ns) || __builtin_add_overflow(at.ns, ns, &ns)) return Time::never();
  return {ns};
}

}  // namespace tote
