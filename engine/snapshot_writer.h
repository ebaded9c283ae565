// Writes the rows of entities (wal/state_store.h) on a thread of its own, at a bounded rate, each only when the record
// that it is as of is durable. Without a thread (tests, the simulation) step() does it.
//
// Threads: the loop's, but what says otherwise.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/snapshot_batch.h"
#include "wal/log.h"

namespace tote {

class SnapshotWriter {
 public:
  struct Options {
    bool has_thread = true;
    std::function<void(const std::string&)> on_failure{};  // the disk failed; must not return. The thread
    std::function<void()> wake{};                          // there is something to take back. The thread
  };

  SnapshotWriter(wal::StateStore& store, const wal::Log& log, Options options);
  SnapshotWriter(const SnapshotWriter&) = delete;
  SnapshotWriter& operator=(const SnapshotWriter&) = delete;
  ~SnapshotWriter() { stop(); }

  // Bytes a second, from now on; never less than the least.
  void set_pace(std::uint64_t bytes_per_s) { pace_.store(std::max(bytes_per_s, pace_min)); }

  // Null: as many as may be are on their way.
  std::unique_ptr<SnapshotBatch> empty_batch();
  bool has_empty_batch() const { return !empty_.empty(); }
  void put(std::unique_ptr<SnapshotBatch> batch);
  bool has_done() const { return done_count_.load(std::memory_order_acquire) > 0; }
  // What was written, oldest first; calls `each` of it, and keeps it for empty_batch().
  void take_back(const std::function<void(SnapshotBatch&)>& each);
  // Writes the oldest batch, if it may be by now. False: it mustn't yet, or there is none. Only without a thread.
  bool step();
  // What isn't written by now never is. Returns when the thread has ended.
  void stop();

 private:
  static constexpr std::uint64_t pace_min = 16 << 20;

  void run();
  SnapshotBatch* next();
  bool may_write(const SnapshotBatch& batch) const;
  bool has_room_for(const SnapshotBatch& batch) const;
  void write(SnapshotBatch& batch);
  std::string write_rows(SnapshotBatch& batch);
  void done();
  bool sleep(std::chrono::nanoseconds time);

  wal::StateStore& store_;
  const wal::Log& log_;
  const Options options_;
  std::vector<std::unique_ptr<SnapshotBatch>> empty_;
  std::atomic<std::uint64_t> pace_{pace_min};

  // Of the writing thread.
  std::vector<wal::StateRow> rows_;
  std::string state_;

  std::mutex mutex_;  // hand-over only
  std::condition_variable changed_;
  std::deque<std::unique_ptr<SnapshotBatch>> full_, done_;
  std::atomic<std::size_t> done_count_{0};
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace tote
