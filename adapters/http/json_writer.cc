#include "adapters/http/json_writer.h"

#include <charconv>

namespace tote::http {
namespace {

template <class Integer>
void append_number(std::string& out, Integer value) {
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  static_cast<void>(error);  // 24 characters hold every 64-bit integer
  out.append(digits, end);
}

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && c != '"' && c != '\\' && byte != 0x7f;
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "\\u00";
  out += hex[byte >> 4];
  out += hex[byte & 15];
}

void append_padded(std::string& out, std::int64_t value, int width) {
  char digits[20];
  for (int i = width; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
  out.append(digits, static_cast<std::size_t>(width));
}

struct Date {
  std::int64_t year, month, day;
};

// Days since 1970-01-01 to a date of the proleptic Gregorian calendar: years start in March, so that the leap day is
// the last of its year and every 400-year era has the same length.
Date date_of(std::int64_t days) {
  constexpr std::int64_t days_of_era = 146'097, days_to_epoch = 719'468;
  days += days_to_epoch;
  const std::int64_t era = (days >= 0 ? days : days - (days_of_era - 1)) / days_of_era;
  const std::int64_t day_of_era = days - era * days_of_era;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153;  // 0 = March
  const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day_of_year - (153 * shifted + 2) / 5 + 1};
}

}  // namespace

void append_integer(std::string& out, std::int64_t value) { append_number(out, value); }

void append_unsigned(std::string& out, std::uint64_t value) { append_number(out, value); }

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_plain(text[end])) ++end;
    out.append(text.substr(at, end - at));
    if (end < text.size()) append_escaped(out, text[end]);
    at = end + 1;
  }
  out += '"';
}

void append_time(std::string& out, Time time) {
  constexpr std::int64_t ms_per_day = 86'400'000;
  const std::int64_t ms = time.ns / ns_per_ms - (time.ns % ns_per_ms < 0 ? 1 : 0);
  const std::int64_t days = ms / ms_per_day - (ms % ms_per_day < 0 ? 1 : 0);
  const std::int64_t rest = ms - days * ms_per_day;
  const Date date = date_of(days);
  append_padded(out, date.year, 4);
  out += '-';
  append_padded(out, date.month, 2);
  out += '-';
  append_padded(out, date.day, 2);
  out += 'T';
  append_padded(out, rest / 3'600'000, 2);
  out += ':';
  append_padded(out, rest / 60'000 % 60, 2);
  out += ':';
  append_padded(out, rest / 1'000 % 60, 2);
  out += '.';
  append_padded(out, rest % 1'000, 3);
  out += 'Z';
}

void append_time_member(std::string& out, std::string_view name, Time time) {
  append_string(out += ',', name);
  append_time(out += ":\"", time);
  out += '"';
}

void JsonFields::member(std::string_view name) {
  if (!first_) out_ += ',';
  first_ = false;
  if (name.empty()) return;  // an element of a list
  append_string(out_, name);
  out_ += ':';
}

void JsonFields::integer(std::string_view name, std::int64_t value) {
  member(name);
  append_integer(out_, value);
}

void JsonFields::text(std::string_view name, std::string_view value) {
  member(name);
  append_string(out_, value);
}

void JsonFields::time(std::string_view name, Time value) {
  member(name);
  out_ += '"';
  append_time(out_, value);
  out_ += '"';
}

void JsonFields::none(std::string_view name) {
  member(name);
  out_ += "null";
}

void JsonFields::begin(std::string_view name) {
  finish();
  member(name);
  out_ += '{';
  first_ = true;
}

void JsonFields::end() {
  out_ += '}';
  first_ = false;
}

void JsonFields::begin_list(std::string_view name) {
  finish();
  member(name);
  out_ += '[';
  first_ = true;
}

void JsonFields::end_list() {
  out_ += ']';
  first_ = false;
}

void JsonFields::finish() {
  if (tail_written_) return;
  tail_written_ = true;
  out_ += tail_;
}

}  // namespace tote::http
