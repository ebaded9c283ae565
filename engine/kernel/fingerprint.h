// What a request said, in 128 bits: the same idempotency key with another fingerprint is refused.
#pragma once

#include <compare>
#include <cstdint>

namespace tote {

// XXH3-128 over the request (HTTP: method, path, query, body bytes; embedded: entity, command, expected version).
// Zero means "not given": the engine then computes it from the command.
struct Fingerprint {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  constexpr auto operator<=>(const Fingerprint&) const = default;
};

}  // namespace tote
