// Looks for keys on disk, on a thread of its own: the loop never reads the disk. All functions: loop thread only.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/flight.h"
#include "engine/question_thread.h"
#include "wal/key_store.h"

namespace tote {

class KeyLookups {
 public:
  // `wake` is called on the thread when there is something to take().
  explicit KeyLookups(std::function<void()> wake)
      : wake_(std::move(wake)),
        thread_("tote-lookups", waiting_max, [this](Question&& asked) { answer(std::move(asked)); }) {}
  KeyLookups(const KeyLookups&) = delete;
  KeyLookups& operator=(const KeyLookups&) = delete;
  ~KeyLookups() { stop(); }

  struct Answer {
    Flight* flight = nullptr;
    wal::KeyFound found{};
  };

  // False: too many are waiting. `spans`: where the filter says that it may be.
  bool ask(Flight* flight, std::string_view tenant, const wal::KeyStore& store,
           std::vector<wal::KeyStore::Span> spans) {
    if (!thread_.ask({flight, tenant, flight->request.key, flight->hash, &store, std::move(spans)})) return false;
    ++waiting_;
    return true;
  }
  bool has_answers() const { return has_answers_.load(std::memory_order_acquire); }
  std::vector<Answer> take() {
    const std::lock_guard lock(mutex_);
    has_answers_.store(false, std::memory_order_relaxed);
    waiting_ -= answers_.size();
    return std::exchange(answers_, {});
  }
  std::size_t waiting() const { return waiting_; }
  void stop() { thread_.stop(); }

 private:
  static constexpr std::size_t waiting_max = 4'096;

  struct Question {
    Flight* flight;  // not looked into on the thread
    std::string_view tenant;
    std::string key;
    std::uint64_t hash;
    const wal::KeyStore* store;
    std::vector<wal::KeyStore::Span> spans;
  };

  void answer(Question&& asked) {
    wal::KeyFound found = asked.store->find(asked.tenant, asked.key, asked.hash, asked.spans);
    {
      const std::lock_guard lock(mutex_);
      answers_.push_back({asked.flight, std::move(found)});
      has_answers_.store(true, std::memory_order_release);
    }
    wake_();
  }

  std::function<void()> wake_;
  std::mutex mutex_;  // hand-over only
  std::vector<Answer> answers_;
  std::atomic<bool> has_answers_{false};
  std::size_t waiting_ = 0;
  QuestionThread<Question> thread_;  // last: it ends first
};

}  // namespace tote
