// Keeps a bounded number of requests in flight at an embedded engine, from one thread. Must outlive the engine, which
// calls into it, and be drained before the engine is closed.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <semaphore>
#include <string>
#include <vector>

#include "bench/histogram.h"
#include "engine/tote.h"

namespace tote::bench {

class Driver final : public Sink {
 public:
  // batch 1: single submits into this sink. More: submitted as a batch when so many are there.
  Driver(Engine& engine, std::size_t batch, std::size_t in_flight_max);
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  // Called on the engine's thread for each outcome, before it counts. Only while nothing is in flight.
  void inspect(std::function<void(Outcome&)> inspect) { inspect_ = std::move(inspect); }

  void send(Request request);  // waits while too many are in flight
  void drain();                // sends what is left and waits for every answer

  // Latencies are kept while this is on.
  void measure(bool on) { measuring_.store(on, std::memory_order_relaxed); }

  std::uint64_t answered() const { return answered_.load(std::memory_order_acquire); }

  // After drain().
  std::uint64_t succeeded() const { return succeeded_; }
  std::uint64_t replayed() const { return replayed_; }
  Code first_failure() const { return first_failure_; }
  const Histogram& latency() const { return latency_; }

  void done(std::uint64_t tag, Outcome& outcome) override;

 private:
  void flush();
  void wait_for_room(std::size_t requests);
  void wait_until_answered(std::uint64_t count);
  void see(Outcome& outcome);
  void count(std::uint64_t outcomes);

  Engine& engine_;
  const std::size_t batch_;
  const std::uint64_t in_flight_max_;

  // Of the sending thread.
  std::vector<Request> pending_;
  std::uint64_t sent_ = 0;

  // Of the engine's thread; the sender reads them after drain().
  std::function<void(Outcome&)> inspect_;
  Histogram latency_;
  std::uint64_t succeeded_ = 0;
  std::uint64_t replayed_ = 0;
  Code first_failure_ = Code::ok;

  // Of both. The engine's thread wakes the sender once per quarter of a window, not once per answer: a wake-up costs
  // more than a transaction.
  static constexpr std::uint64_t nobody_waits = ~std::uint64_t{0};
  std::atomic<bool> measuring_ = false;
  std::atomic<std::uint64_t> answered_ = 0;
  std::atomic<std::uint64_t> wake_at_ = nobody_waits;
  std::binary_semaphore woken_{0};
};

}  // namespace tote::bench
