#include "adapters/http/json_time.h"

namespace tote::http {
namespace {

// Takes exactly `digits` digits from the front.
bool take_number(std::string_view& rest, std::size_t digits, std::int64_t& number) {
  if (rest.size() < digits) return false;
  number = 0;
  for (const char c : rest.substr(0, digits)) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + (c - '0');
  }
  rest.remove_prefix(digits);
  return true;
}

bool take(std::string_view& rest, char wanted) {
  if (!rest.starts_with(wanted)) return false;
  rest.remove_prefix(1);
  return true;
}

constexpr bool is_leap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

std::int64_t days_of_month(std::int64_t year, std::int64_t month) {
  constexpr std::int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

std::int64_t days_since_1970(std::int64_t year, std::int64_t month, std::int64_t day) {
  std::int64_t days = day - 1;
  for (std::int64_t y = 1970; y < year; ++y) days += is_leap(y) ? 366 : 365;
  for (std::int64_t m = 1; m < month; ++m) days += days_of_month(year, m);
  return days;
}

bool take_fraction(std::string_view& rest, std::int64_t& ns) {
  ns = 0;
  if (!take(rest, '.')) return true;
  constexpr std::size_t digits_max = 9;
  std::size_t digits = 0;
  std::int64_t digit = 0;
  while (digits < digits_max && take_number(rest, 1, digit)) {
    ns = ns * 10 + digit;
    ++digits;
  }
  for (std::size_t i = digits; i < digits_max; ++i) ns *= 10;
  return digits > 0;
}

}  // namespace

std::optional<Time> read_time(std::string_view rest) {
  std::int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ns = 0;
  const bool is_written_right = take_number(rest, 4, year) && take(rest, '-') && take_number(rest, 2, month) &&
                                take(rest, '-') && take_number(rest, 2, day) && take(rest, 'T') &&
                                take_number(rest, 2, hour) && take(rest, ':') && take_number(rest, 2, minute) &&
                                take(rest, ':') && take_number(rest, 2, second) && take_fraction(rest, ns) &&
                                take(rest, 'Z') && rest.empty();
  if (!is_written_right || year < 1970 || year > 2261 || month < 1 || month > 12) return std::nullopt;
  if (day < 1 || day > days_of_month(year, month) || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::int64_t seconds = days_since_1970(year, month, day) * 86'400 + hour * 3'600 + minute * 60 + second;
  return Time{seconds * ns_per_s + ns};
}

}  // namespace tote::http
