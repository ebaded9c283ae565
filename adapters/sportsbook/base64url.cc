#include "adapters/sportsbook/base64url.h"

#include <array>
#include <cstdint>

namespace tote::sportsbook {
namespace {

constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr auto values = [] {
  std::array<std::int8_t, 256> all{};
  all.fill(-1);
  for (std::size_t i = 0; i < letters.size(); ++i)
    all[static_cast<unsigned char>(letters[i])] = static_cast<std::int8_t>(i);
  return all;
}();

}  // namespace

std::optional<std::string> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  for (const char c : text) {
    const std::int8_t value = values[static_cast<unsigned char>(c)];
    if (value < 0) return std::nullopt;
    bits = (bits << 6U | static_cast<std::uint32_t>(value)) & 0xffffU;
    bit_count += 6;
    if (bit_count < 8) continue;
    bit_count -= 8;
    bytes += static_cast<char>(bits >> bit_count & 0xffU);
  }
  if ((bits & ((1U << bit_count) - 1)) != 0) return std::nullopt;  // another spelling of the same bytes
  return bytes;
}

std::string to_base64url(std::string_view bytes) {
  std::string text;
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  for (const char byte : bytes) {
    bits = (bits << 8U | static_cast<unsigned char>(byte)) & 0xffffU;
    for (bit_count += 8; bit_count >= 6;) text += letters[bits >> (bit_count -= 6) & 0x3fU];
  }
  if (bit_count > 0) text += letters[bits << (6 - bit_count) & 0x3fU];
  return text;
}

}  // namespace tote::sportsbook
