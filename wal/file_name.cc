#include "wal/file_name.h"

#include <algorithm>
#include <charconv>

namespace tote::wal {
namespace {

constexpr std::string_view log_ending = ".log", table_ending = ".sst", manifest_beginning = "MANIFEST-";
constexpr std::size_t digits_min = 6;                          // filled up with zeros
constexpr std::uint64_t number_max = std::uint64_t{1} << 56U;  // a million files a second for two thousand years

std::optional<std::uint64_t> number_in(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  const bool is_canonical = digits.size() == digits_min || (digits.size() > digits_min && digits.front() != '0');
  return is_canonical ? std::optional(number) : std::nullopt;
}

std::optional<std::uint64_t> number_before(std::string_view ending, std::string_view name) {
  if (!name.ends_with(ending)) return std::nullopt;
  return number_in(name.substr(0, name.size() - ending.size()));
}

}  // namespace

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::optional<std::uint64_t> log_number(std::string_view name) { return number_before(log_ending, name); }

std::optional<std::uint64_t> table_number(std::string_view name) { return number_before(table_ending, name); }

std::optional<std::uint64_t> manifest_number(std::string_view name) {
  if (!name.starts_with(manifest_beginning)) return std::nullopt;
  return number_in(name.substr(manifest_beginning.size()));
}

bool has_absurd_number(std::string_view name) {
  const auto begin = std::ranges::find_if(name, [](char c) { return c >= '0' && c <= '9'; });
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(begin, name.end(), number);
  return begin != name.end() && (error == std::errc::result_out_of_range || number > number_max);
}

}  // namespace tote::wal
