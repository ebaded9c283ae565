// Reads the rows of entities that are at rest (engine/tiers.h), many at a time, beside the loop: what is asked for in
// one turn goes to the threads together. States are decoded there, too, and large ones destroyed: both take as long as
// the state is large. Without threads (tests, the simulation) send() does it.
//
// Threads: the loop's, but what says otherwise.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/slot_table.h"
#include "wal/state_store.h"

namespace tote {

class RowFetcher {
 public:
  struct Answer {
    Slot* slot = nullptr;
    std::unique_ptr<AnyEntity> entity;  // null: it has no row, or that is damaged
    std::size_t state_bytes = 0;
    wal::Damage damage{};
  };

  // `wake` is called on a thread when there is something to take(). `store` may be null: then nothing is ever asked.
  RowFetcher(const wal::StateStore* store, bool has_threads, std::function<void()> wake)
      : store_(store), has_threads_(has_threads), wake_(std::move(wake)) {}
  RowFetcher(const RowFetcher&) = delete;
  RowFetcher& operator=(const RowFetcher&) = delete;
  ~RowFetcher() { stop(); }

  // The slot stays where it is until it is answered. `key`: of its row (wal/state_row.h).
  void ask(Slot* slot, std::string key) { asked_.push_back({slot, std::move(key), nullptr}); }
  void destroy(std::unique_ptr<AnyEntity> entity) { asked_.push_back({nullptr, {}, std::move(entity)}); }
  // Hands over what was asked since the last time.
  void send();
  bool has_answers() const { return has_answers_.load(std::memory_order_acquire); }
  // At most so many.
  std::vector<Answer> take(std::size_t count_max);
  // Returns when the threads have ended; what isn't answered by now never is.
  void stop();

  // One row, now: for who may wait for the disk.
  Answer read(Slot* slot, std::string key) const;
  // Many rows, now, on this thread and one more. In any order.
  std::vector<Answer> read(std::vector<Slot*> slots, const std::function<std::string(const Slot&)>& key_of) const;

 private:
  static constexpr std::size_t threads_max = 4;
  static constexpr std::size_t together_max = 128;  // rows of one reading

  struct Question {
    Slot* slot;  // the thread reads its kind, which never changes
    std::string key;
    std::unique_ptr<AnyEntity> doomed;  // instead
  };

  void run();
  std::vector<Answer> answer(const std::vector<Question>& questions) const;

  const wal::StateStore* const store_;
  const bool has_threads_;
  const std::function<void()> wake_;
  std::vector<Question> asked_;  // in this turn

  std::mutex mutex_;  // hand-over only
  std::condition_variable changed_;
  std::deque<Question> waiting_;
  std::deque<Answer> answers_;
  std::atomic<bool> has_answers_{false};
  std::size_t idle_ = 0;  // threads
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tote
