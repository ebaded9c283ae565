#include "adapters/webhooks/pace.h"

#include <algorithm>

namespace tote::webhooks {

void Pace::failed(TimePoint now, Milliseconds asked) {
  ++failures_in_row_;
  if (!is_away()) return;
  if (probes_failed_ > 0 && now < probe_at_) return;  // sent before it counted as away
  probe_at_ = now + std::max(gap_within(++probes_failed_, probe_gap_max), asked);
}

// Four times as long after each failure, and a fifth more or less, so that what failed together isn't tried together.
Pace::Milliseconds Pace::gap_within(std::int64_t failures, Milliseconds max) {
  Milliseconds gap = retry_first_;
  for (std::int64_t i = 1; i < failures && gap < max; ++i) gap *= 4;
  std::uniform_int_distribution<std::int64_t> per_mille(800, 1'200);
  return std::min(gap, max) * per_mille(random_) / 1'000;
}

}  // namespace tote::webhooks
