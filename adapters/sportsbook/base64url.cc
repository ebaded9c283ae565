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
  std::string bytes(text.size() / 4 * 3, '\0');
  bytes.reserve(bytes.size() + 2);
  const auto value_at = [text](std::size_t i) { return int{values[static_cast<unsigned char>(text[i])]}; };
  std::size_t at = 0;
  for (std::size_t i = 0; i + 4 <= text.size(); i += 4) {
    const int four = value_at(i) << 18 | value_at(i + 1) << 12 | value_at(i + 2) << 6 | value_at(i + 3);
    if (four < 0) return std::nullopt;  // one of them isn't a letter
    bytes[at++] = static_cast<char>(four >> 16 & 0xff);
    bytes[at++] = static_cast<char>(four >> 8 & 0xff);
    bytes[at++] = static_cast<char>(four & 0xff);
  }
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  for (const char c : text.substr(text.size() / 4 * 4)) {
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
