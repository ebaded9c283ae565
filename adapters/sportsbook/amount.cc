#include "adapters/sportsbook/amount.h"

#include <algorithm>
#include <charconv>

#include "engine/kernel/limits.h"

namespace tote::sportsbook {
namespace {

constexpr int places_x100000 = 5;  // of a major unit
constexpr std::size_t digits_max = 24;

// Whole minor units of a decimal number whose value is in units of 10^-places_in; nothing when it isn't whole.
std::optional<Money> scaled(std::string_view text, int shift) {
  const auto point = text.find('.');
  std::string digits(text.substr(0, point));
  std::string fraction(point == std::string_view::npos ? std::string_view{} : text.substr(point + 1));
  if (digits.empty() || (point != std::string_view::npos && fraction.empty())) return std::nullopt;
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!std::ranges::all_of(digits, is_digit) || !std::ranges::all_of(fraction, is_digit)) return std::nullopt;
  for (; shift > 0; --shift) {
    digits += fraction.empty() ? '0' : fraction.front();
    if (!fraction.empty()) fraction.erase(0, 1);
  }
  for (; shift < 0; ++shift) {
    fraction.insert(fraction.begin(), digits.empty() ? '0' : digits.back());
    if (!digits.empty()) digits.pop_back();
  }
  if (std::ranges::any_of(fraction, [](char c) { return c != '0'; })) return std::nullopt;
  std::int64_t minor = 0;
  if (digits.empty()) return Money{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), minor);
  if (error != std::errc{} || end != digits.data() + digits.size() || minor > limits::amount_max) return std::nullopt;
  return Money{minor};
}

// How many powers of ten a minor unit is in the door's unit; negative: it is smaller than a minor unit.
int shift_of(Unit unit, Currency currency) {
  switch (unit) {
    case Unit::subunits: return 0;
    case Unit::x100000: return exponent_of(currency) - places_x100000;
    case Unit::decimal: return exponent_of(currency);
  }
  return 0;
}

}  // namespace

std::optional<Money> read_amount(std::string_view text, Unit unit, Currency currency) {
  if (text.size() > digits_max) return std::nullopt;
  if (unit != Unit::decimal && text.find('.') != std::string_view::npos) return std::nullopt;
  return scaled(text, shift_of(unit, currency));
}

std::string write_amount(Money amount, Unit unit, Currency currency) {
  std::string digits = std::to_string(amount.minor);
  if (unit == Unit::subunits || amount.minor == 0) {
    if (unit != Unit::decimal) return digits;
  }
  const std::string sign = amount.minor < 0 ? "-" : "";
  if (!sign.empty()) digits.erase(0, 1);
  const auto places = static_cast<std::size_t>(exponent_of(currency));
  if (unit == Unit::x100000) return sign + digits + std::string(static_cast<std::size_t>(places_x100000) - places, '0');
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return '"' + sign + digits + '"';
}

}  // namespace tote::sportsbook
