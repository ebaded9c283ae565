// ISO 4217: which currencies there are and how many decimals their minor unit has.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tote {

// Three letters, packed; Currency{} is none.
struct Currency {
  char letters[3] = {0, 0, 0};

  constexpr auto operator<=>(const Currency&) const = default;
  constexpr std::string_view text() const { return {letters, 3}; }
  // Upper case, an active ISO 4217 code of a currency; otherwise nothing.
  static std::optional<Currency> of(std::string_view code);
};

inline std::optional<Currency> currency_of(std::string_view code) { return Currency::of(code); }

// Digits after the decimal point: 2 for EUR, 0 for JPY, 3 for KWD.
int exponent_of(Currency currency);

}  // namespace tote
