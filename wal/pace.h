// So many bytes a second and no more: what is done beside the loop must leave the disk to those who wait for it.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

namespace tote::wal {

// One thread.
class Pace {
 public:
  explicit Pace(std::uint64_t bytes_per_s, const std::atomic<bool>* stopped = nullptr)
      : bytes_per_s_(std::max<std::uint64_t>(bytes_per_s, 1)), stopped_(stopped) {}

  // Sleeps for as long as it takes. False: stopped.
  bool take(std::size_t bytes) {
    bytes_ += bytes;
    const auto due = began_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                                  static_cast<double>(bytes_) / static_cast<double>(bytes_per_s_)));
    while (!is_stopped() && Clock::now() < due)
      std::this_thread::sleep_for(std::min<Clock::duration>(due - Clock::now(), std::chrono::milliseconds(50)));
    return !is_stopped();
  }

 private:
  using Clock = std::chrono::steady_clock;
  bool is_stopped() const { return stopped_ != nullptr && stopped_->load(std::memory_order_relaxed); }

  const std::uint64_t bytes_per_s_;
  const std::atomic<bool>* const stopped_;
  const Clock::time_point began_ = Clock::now();
  std::uint64_t bytes_ = 0;
};

}  // namespace tote::wal
