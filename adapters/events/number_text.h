// Numbers in the texts of cursors.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace tote::events {

// Nothing when the whole text isn't one number in range, as std::to_string() writes it.
template <class Integer>
std::optional<Integer> number_of(std::string_view text) {
  Integer number = 0;
  const char* const end = text.data() + text.size();
  const auto [read_to, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || read_to != end || std::to_string(number) != text) return std::nullopt;
  return number;
}

}  // namespace tote::events
