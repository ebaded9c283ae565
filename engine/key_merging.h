// The thread on which runs of keys are merged, so that they stay few. All functions: loop thread only.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "wal/key_merger.h"

namespace tote {

class KeyMerging {
 public:
  // `on_failure` is called on the thread when the disk fails; it must not return (DESIGN D4).
  KeyMerging(wal::KeyStore& store, wal::KeyMerger::Options options, std::function<void(const std::string&)> on_failure);
  KeyMerging(const KeyMerging&) = delete;
  KeyMerging& operator=(const KeyMerging&) = delete;
  ~KeyMerging() { stop(); }

  // Once a turn: begins when there are too many runs.
  void turn() {
    if (store_.count() > runs_max_ && !is_working_.load(std::memory_order_relaxed)) begin();
  }
  // What was begun is given up.
  void stop();

 private:
  void begin();
  void run();
  void work();
  bool rests(std::int64_t rest_ms);  // false: stop() was called

  wal::KeyStore& store_;
  const wal::KeyMerger::Options options_;
  const std::function<void(const std::string&)> on_failure_;
  const std::size_t runs_max_;
  std::atomic<bool> is_working_{false};
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  bool is_wanted_ = false, is_stopped_ = false;
  std::thread thread_;
};

}  // namespace tote
