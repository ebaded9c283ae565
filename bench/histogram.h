// Latencies in buckets that are at most 1/64 wide: a fixed 30 KiB, however many are recorded.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace tote::bench {

class Histogram {
 public:
  void record(std::int64_t ns) {
    const std::uint64_t value = ns < 0 ? 0 : static_cast<std::uint64_t>(ns);
    ++counts_[index_of(value)];
    ++count_;
    max_ = std::max(max_, value);
  }

  std::uint64_t count() const { return count_; }
  double max_us() const { return static_cast<double>(max_) / 1e3; }

  // The latency that `share` of all stay at or below: 0.99 for p99.
  double us_at(double share) const {
    const auto rank = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > rank) return static_cast<double>(std::min(middle_of(i), max_)) / 1e3;
    }
    return max_us();
  }

 private:
  static constexpr int steps_log2 = 6;  // 64 buckets in each power of two

  static std::size_t index_of(std::uint64_t value) {
    const auto width = static_cast<int>(std::bit_width(value));
    const int shift = std::max(0, width - steps_log2 - 1);
    return (static_cast<std::size_t>(shift) << steps_log2) + static_cast<std::size_t>(value >> shift);
  }
  static std::uint64_t middle_of(std::size_t index) {
    constexpr std::size_t exact = std::size_t{2} << steps_log2;
    if (index < exact) return index;
    const std::size_t shift = (index >> steps_log2) - 1;
    const std::uint64_t low = static_cast<std::uint64_t>(index - (shift << steps_log2)) << shift;
    return low + (std::uint64_t{1} << shift) / 2;
  }

  std::array<std::uint64_t, (64 << steps_log2)> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace tote::bench
