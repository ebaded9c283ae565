// How long things took: four buckets for each doubling, from 8 microseconds to two minutes, so that what it tells is
// off by an eighth at most. It has one size, however much was counted.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace tote {

// `Count` holds the number of things that are counted.
template <class Count>
class LatencyHistogram {
 public:
  void add(std::int64_t ns, Count times = 1) {
    counts_[bucket_of(ns)] += times;
    total_ += times;
  }
  // `parts` of `whole` of what the other one has.
  void add(const LatencyHistogram& other, std::uint64_t parts = 1, std::uint64_t whole = 1) {
    for (std::size_t i = 0; i < buckets; ++i) {
      const auto share = static_cast<Count>(std::uint64_t{other.counts_[i]} * parts / whole);
      counts_[i] += share;
      total_ += share;
    }
  }
  void clear() { *this = {}; }

  Count total() const { return total_; }
  // `permille` of a thousand took no longer, as the middle of their bucket; 0: nothing was counted.
  std::int64_t quantile_ns(std::uint64_t permille) const {
    if (total_ == 0) return 0;
    const std::uint64_t wanted = (std::uint64_t{total_} * permille + 999) / 1'000;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets; ++i)
      if ((seen += counts_[i]) >= std::max<std::uint64_t>(wanted, 1)) return middle_ns(i);
    return middle_ns(buckets - 1);
  }

 private:
  static constexpr int first_bit = 13, bits = 24;  // 8 microseconds; two minutes
  static constexpr std::size_t buckets = 1 + 4 * bits;

  static std::size_t bucket_of(std::int64_t ns) {
    if (ns < (std::int64_t{1} << first_bit)) return 0;
    const auto value = static_cast<std::uint64_t>(ns);
    const int top = static_cast<int>(std::bit_width(value)) - 1;
    const std::size_t quarter = (value >> (top - 2)) & 3;
    return std::min(1 + 4 * static_cast<std::size_t>(top - first_bit) + quarter, buckets - 1);
  }
  static std::int64_t middle_ns(std::size_t bucket) {
    if (bucket == 0) return std::int64_t{1} << (first_bit - 1);
    const int top = first_bit + static_cast<int>((bucket - 1) / 4);
    return static_cast<std::int64_t>(9 + 2 * ((bucket - 1) % 4)) << (top - 3);
  }

  std::array<Count, buckets> counts_{};
  Count total_ = 0;
};

}  // namespace tote
