// Which runs of keys are made into one, so that there are never many (FORMAT.md, "Runs of keys"). Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/kernel/time.h"

namespace tote::wal {

struct KeyMergeLimits {
  std::size_t runs_max = 64;     // so many are left alone: what isn't merged costs nothing
  std::size_t at_once_max = 12;  // 2 or more become one
  std::int64_t span_ns_max =
      0;  // from its oldest to its newest key, so that runs still go with their retention; 0: any
};

// What the plan sees of a run.
struct KeyRunSize {
  std::uint64_t bytes = 0;
  Time oldest{}, newest{};
  bool is_free = true;  // false: it is being merged, or can't be
};

struct Neighbours {
  std::size_t first = 0, count = 0;  // count 0: there is nothing to do
};

// `runs`: in the order of their LSNs. Of neighbours it takes those with which one run fewer costs least, and none that
// would hardly grow by it, so a key is seldom written again. `coming`: so many runs those that aren't free will be
// fewer.
Neighbours choose_runs(std::span<const KeyRunSize> runs, std::size_t coming, const KeyMergeLimits& limits);

}  // namespace tote::wal
