// Strong integers for positions: an Lsn can't be passed where a Version is meant.
#pragma once

#include <compare>
#include <cstdint>

namespace tote {

template <class Tag>
struct Ordinal {
  std::uint64_t value = 0;

  constexpr auto operator<=>(const Ordinal&) const = default;
  constexpr Ordinal next() const { return {value + 1}; }
};

// Position of a record in the log: 1 for the first record ever written, without gaps. 0 = before all.
using Lsn = Ordinal<struct LsnTag>;

// Number of committed changes of one entity: 1 at its creation. 0 = does not exist.
using Version = Ordinal<struct VersionTag>;

}  // namespace tote
