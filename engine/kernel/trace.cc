#include "engine/kernel/trace.h"

#include <algorithm>
#include <charconv>

#include "engine/kernel/hex.h"

namespace tote {
namespace {

// Small letters only, says the standard.
template <class Number>
bool read_hex(std::string_view text, Number& number) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (!std::all_of(text.begin(), text.end(), is_digit)) return false;
  return std::from_chars(text.data(), text.data() + text.size(), number, 16).ec == std::errc{};
}

}  // namespace

std::optional<Trace> read_traceparent(std::string_view text) {
  constexpr std::size_t size = 55;  // version 00; later ones may have more behind it
  constexpr std::uint8_t no_version = 0xff;
  if (text.size() < size || text[2] != '-' || text[35] != '-' || text[52] != '-') return {};
  Trace trace;
  std::uint8_t version = no_version;
  const bool is_hex = read_hex(text.substr(0, 2), version) && read_hex(text.substr(3, 16), trace.id_high) &&
                      read_hex(text.substr(19, 16), trace.id_low) && read_hex(text.substr(36, 16), trace.span) &&
                      read_hex(text.substr(53, 2), trace.flags);
  if (!is_hex || version == no_version || trace.is_none() || trace.span == 0) return {};
  if (text.size() > size && (version == 0 || text[size] != '-')) return {};
  trace.flags &= Trace::sampled;  // of others nothing is known
  return trace;
}

std::string hex_of(std::uint64_t number) {
  std::array<unsigned char, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(number >> (8 * (7 - i)));
  return hex_of(bytes);
}

std::string traceparent_of(const Trace& trace) {
  return "00-" + hex_of(trace.id_high) + hex_of(trace.id_low) + '-' + hex_of(trace.span) +
         (trace.is_sampled() ? "-01" : "-00");
}

}  // namespace tote
