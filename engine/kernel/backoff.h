// How long to wait before an outside call is made again. Decisions are pure, so the jitter comes from a hash: spread
// over callers, the same at every replay.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/kernel/time.h"

namespace tote {

// first_ns, doubled by every further attempt, at most max_ns; of which the second half is jitter.
struct Backoff {
  std::int64_t first_ns = 0;
  std::int64_t max_ns = 0;

  // After `attempts` calls that came to nothing, of this caller and step.
  std::int64_t wait_ns(std::string_view caller, std::string_view step, std::uint32_t attempts) const;
};

}  // namespace tote
