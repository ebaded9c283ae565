#include "adapters/events/clean_text.h"

#include <cstdint>
#include <string_view>

namespace tote::events {
namespace {

// The bytes of the character at the beginning; 0: it isn't one. RFC 3629, table of well-formed sequences.
std::size_t character_size(std::string_view text) {
  const auto byte = [text](std::size_t i) { return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0U; };
  const auto is_tail = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  const unsigned first = byte(0), second = byte(1);
  if (first == 0) return 0;
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return is_tail(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool is_overlong = first == 0xe0 && second < 0xa0, is_surrogate = first == 0xed && second > 0x9f;
    return is_tail(1) && is_tail(2) && !is_overlong && !is_surrogate ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool is_overlong = first == 0xf0 && second < 0x90, is_beyond = first == 0xf4 && second > 0x8f;
    return is_tail(1) && is_tail(2) && is_tail(3) && !is_overlong && !is_beyond ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string clean_text(std::string text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t size = character_size(rest);
    if (size == 0) break;
    rest.remove_prefix(size);
  }
  if (rest.empty()) return text;
  std::string clean(text, 0, text.size() - rest.size());
  while (!rest.empty()) {
    const std::size_t size = character_size(rest);
    if (size == 0)
      clean += "\xef\xbf\xbd";
    else
      clean += rest.substr(0, size);
    rest.remove_prefix(size == 0 ? 1 : size);
  }
  return clean;
}

}  // namespace tote::events
