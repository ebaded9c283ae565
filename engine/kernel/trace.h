// Which trace of the caller's a request belongs to (W3C Trace Context): kept in its record, told with what came of it.
// Values; any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tote {

struct Trace {
  std::uint64_t id_high = 0, id_low = 0;  // of the trace; both 0: there is none
  std::uint64_t span = 0;                 // of whoever does what is told of
  std::uint8_t flags = 0;                 // 1: the caller records this trace

  static constexpr std::uint8_t sampled = 1;

  bool is_none() const { return id_high == 0 && id_low == 0; }
  bool is_sampled() const { return (flags & sampled) != 0; }
  constexpr auto operator<=>(const Trace&) const = default;
};

// Of a header `traceparent`; nothing when it isn't sound: the standard has such a one ignored.
std::optional<Trace> read_traceparent(std::string_view text);
// "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", of a trace that is one.
std::string traceparent_of(const Trace& trace);
// 16 digits.
std::string hex_of(std::uint64_t number);

}  // namespace tote
