// How long the turns of the loop take: what one of them takes, everybody else waits.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tote::server {

// Loop thread only.
class Turns {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::array<std::int64_t, 8> bounds_ns = {100'000,   250'000,    500'000,     1'000'000,
                                                            5'000'000, 25'000'000, 100'000'000, 1'000'000'000};

  void count(std::int64_t ns) {
    std::size_t bucket = 0;
    while (bucket < bounds_ns.size() && ns > bounds_ns[bucket]) ++bucket;
    ++counts_[bucket];
    sum_ns_ += ns;
    if (ns > max_ns_) max_ns_ = ns;
  }
  std::uint64_t in_bucket(std::size_t bucket) const { return counts_[bucket]; }  // the last: longer than all bounds
  std::int64_t sum_ns() const { return sum_ns_; }
  std::int64_t max_ns() const { return max_ns_; }

 private:
  std::array<std::uint64_t, bounds_ns.size() + 1> counts_{};
  std::int64_t sum_ns_ = 0, max_ns_ = 0;
};

// Counts the time from here to the end of the scope.
class Turn {
 public:
  explicit Turn(Turns& turns) : turns_(turns) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  Turns::Clock::time_point began() const { return began_; }
  ~Turn() { turns_.count(std::chrono::nanoseconds(Turns::Clock::now() - began_).count()); }

 private:
  Turns& turns_;
  const Turns::Clock::time_point began_ = Turns::Clock::now();
};

}  // namespace tote::server
