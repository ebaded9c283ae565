#include "engine/key_merging.h"

#include <pthread.h>

#include <chrono>
#include <utility>

namespace tote {

KeyMerging::KeyMerging(wal::KeyStore& store, wal::KeyMerger::Options options,
                       std::function<void(const std::string&)> on_failure)
    : store_(store),
      options_(std::move(options)),
      on_failure_(std::move(on_failure)),
      runs_max_(options_.limits.runs_max) {}

void KeyMerging::begin() {
  is_working_.store(true, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  is_wanted_ = true;
  if (!thread_.joinable() && !is_stopped_) thread_ = std::thread([this] { run(); });
  changed_.notify_one();
}

void KeyMerging::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void KeyMerging::run() {
  pthread_setname_np(pthread_self(), "tote-key-merge");
  for (std::unique_lock lock(mutex_);;) {
    changed_.wait(lock, [this] { return is_stopped_ || is_wanted_; });
    if (is_stopped_) return;
    is_wanted_ = false;
    lock.unlock();
    work();
    is_working_.store(false, std::memory_order_relaxed);
    lock.lock();
  }
}

void KeyMerging::work() {
  // When there are many runs and none can be merged (a full disk, a short retention) it is tried again then.
  constexpr std::int64_t idle_ms = 500;
  wal::KeyMerger merger(store_, options_);
  for (;;) {
    switch (merger.step()) {
      case wal::KeyMerger::Step::more: break;
      case wal::KeyMerger::Step::idle: return void(rests(idle_ms));
      case wal::KeyMerger::Step::failed:
        on_failure_("idempotency keys can't be merged: " + merger.failure());
        return void(rests(idle_ms));
    }
    if (!rests(merger.rest_ms())) return;
  }
}

bool KeyMerging::rests(std::int64_t rest_ms) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(rest_ms), [this] { return is_stopped_; });
  return !is_stopped_;
}

}  // namespace tote
