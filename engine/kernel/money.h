// Money in minor units (cents of EUR, yen of JPY): signed 64 bit, overflow refused, no floating point.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

namespace tote {

struct Money {
  std::int64_t minor = 0;

  constexpr auto operator<=>(const Money&) const = default;
};

// Sum and difference; nothing when the result doesn't fit 64 bit. decide() turns that into a refusal.
constexpr std::optional<Money> plus(Money a, Money b) {
  Money sum;
  if (__builtin_add_overflow(a.minor, b.minor, &sum.minor)) return std::nullopt;
  return sum;
}

constexpr std::optional<Money> minus(Money a, Money b) {
  Money difference;
  if (__builtin_sub_overflow(a.minor, b.minor, &difference.minor)) return std::nullopt;
  return difference;
}

}  // namespace tote
