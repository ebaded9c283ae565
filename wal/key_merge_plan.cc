#include "wal/key_merge_plan.h"

#include <algorithm>
#include <utility>

namespace tote::wal {
namespace {

// Of some neighbours that become one.
struct Together {
  std::uint64_t bytes = 0, largest_bytes = 0;

  void add(const KeyRunSize& run) {
    bytes += run.bytes;
    largest_bytes = std::max(largest_bytes, run.bytes);
  }
  // First, how little the largest of them grows: what is written again and again for little comes last. Then what it
  // costs to have one run fewer.
  std::pair<int, std::uint64_t> price(std::size_t count) const {
    const int growth_lack = bytes >= 4 * largest_bytes ? 0 : bytes >= 2 * largest_bytes ? 1 : 2;
    return {growth_lack, bytes / (count - 1)};
  }
};

}  // namespace

Neighbours choose_runs(std::span<const KeyRunSize> runs, std::size_t coming, const KeyMergeLimits& limits) {
  if (runs.size() <= limits.runs_max + coming) return {};
  Neighbours best;
  std::pair<int, std::uint64_t> best_price;
  for (std::size_t first = 0; first < runs.size(); ++first) {
    Together together;
    const std::size_t end = std::min(first + limits.at_once_max, runs.size());
    for (std::size_t next = first; next < end && runs[next].is_free; ++next) {
      const std::int64_t span_ns = runs[next].newest.ns - runs[first].oldest.ns;
      if (limits.span_ns_max != 0 && span_ns > limits.span_ns_max) break;
      together.add(runs[next]);
      const std::size_t count = next - first + 1;
      if (count < 2 || (best.count != 0 && together.price(count) >= best_price)) continue;
      best = {first, count};
      best_price = together.price(count);
    }
  }
  return best;
}

}  // namespace tote::wal
