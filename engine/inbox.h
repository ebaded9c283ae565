// The hand-over from the threads that submit to the loop's thread, and the loop's alarm clock. Any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/request.h"

namespace tote {

// One request, or a batch whose requests have the tags 0, 1, 2 …
struct Submission {
  Request request{};
  std::vector<Request> batch{};
  Sink* sink = nullptr;
  std::uint64_t tag = 0;
  std::int64_t arrived_ns = 0;  // monotonic; set when there is a deadline
  bool finds_outcome = false;
  std::function<void()> task{};  // instead of a request: run on the loop
};

class Inbox {
 public:
  // Room for so many is asked for at once (it costs no memory until it is used): a vector that grows moves all that is
  // in it, for milliseconds when it is large.
  static constexpr std::size_t reserved = 65'536;

  // `alarm` is rung, once until the next take(), instead of waking wait(), from when ring_alarm() was called.
  explicit Inbox(std::function<void()> alarm) : alarm_(std::move(alarm)) { submissions_.reserve(reserved); }

  // From now on somebody answers to the alarm.
  void ring_alarm() {
    if (!alarm_) return;
    rings_.store(true, std::memory_order_seq_cst);
    if (rung_.load(std::memory_order_seq_cst)) alarm_();
  }

  void put(Submission submission) {
    {
      const std::lock_guard lock(mutex_);
      submissions_.push_back(std::move(submission));
    }
    wake();
  }
  // Costs a fence and a load while the loop is busy anyway; a system call only when it sleeps.
  void wake() {
    if (rung_.exchange(true, std::memory_order_seq_cst)) return;
    if (rings_.load(std::memory_order_seq_cst)) return alarm_();
    const std::lock_guard lock(mutex_);
    awake_.notify_one();
  }

  // The loop: swaps what was put in with the (empty) vector given.
  void take(std::vector<Submission>& out) {
    rung_.store(false, std::memory_order_seq_cst);
    const std::lock_guard lock(mutex_);
    out.swap(submissions_);
  }

  // The loop: since the last take() something was put in, or wake() was called; the alarm doesn't ring again before it.
  bool is_rung() const { return rung_.load(std::memory_order_acquire); }

  // The loop: sleeps until wake() or the time-out.
  void wait(std::int64_t timeout_ms) {
    std::unique_lock lock(mutex_);
    awake_.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                    [this] { return rung_.load(std::memory_order_acquire); });
  }

 private:
  std::function<void()> alarm_;
  std::mutex mutex_;  // guards the hand-over, no domain state
  std::condition_variable awake_;
  std::vector<Submission> submissions_;
  std::atomic<bool> rung_{false}, rings_{false};
};

}  // namespace tote
