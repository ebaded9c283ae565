// Makes the outside calls that entities want (Options::on_effect) on threads of its own, and reports what they came to.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "actors/payment/gateway.h"
#include "engine/tote.h"

namespace tote::payments {

// Outlives the engine that it serves: stop() it first, then close the engine.
class EffectWorker {
 public:
  static constexpr std::size_t waiting_max = 1'024;

  explicit EffectWorker(payment::Gateway& gateway, std::size_t threads = 8);
  EffectWorker(const EffectWorker&) = delete;
  EffectWorker& operator=(const EffectWorker&) = delete;
  ~EffectWorker() { stop(); }

  // For Options::on_effect, on the loop thread. False: too many are waiting.
  bool offer(EffectCall& call);
  // Calls are made once there is somebody to report to.
  void attach(Engine& engine);
  // Calls that haven't begun are left to the next start of the engine. Returns when those that have begun are done.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Task {
    EffectCall call;
    payment::Result result{};
    bool is_called = false;  // only the report is left
    Clock::time_point not_before{};
  };

  void run();
  bool next(Task& task);
  void report(Task task);
  void again(Task task);

  payment::Gateway& gateway_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  Engine* engine_ = nullptr;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tote::payments
