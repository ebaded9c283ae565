// The writer thread: takes groups of records, makes frames of them, writes and syncs one frame after the other.
//
// Threads: commit, start, close and stop belong to the owner; figures, durable and is_full to anyone.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "wal/frame.h"
#include "wal/log.h"
#include "wal/store.h"

namespace tote::wal {

// Of a buffer of records: all that may be pending and what the last turn adds. Asked for at once (it costs no memory
// until it is used): a buffer that doubles copies all that is in it while the loop waits.
inline std::size_t buffer_bytes(const LogOptions& options) { return options.pending_bytes_max + (8 << 20); }

class Writer {
 public:
  // `options` and `store` must outlive the writer.
  Writer(const LogOptions& options, Store& store);
  ~Writer() { stop(); }

  // `last` and `chain`: where replay ended.
  void start(Lsn last, FrameHash chain);
  // Takes the records (size-prefixed, in LSN order, right after those of the call before) and leaves an empty buffer.
  void commit(std::string& records);
  // Waits until all is durable or a write failed, then ends the thread.
  void close();
  // Ends the thread after its present write; what it has not begun is dropped.
  void stop();

  Lsn durable() const { return {durable_.load(std::memory_order_acquire)}; }
  std::uint64_t written_bytes() const { return written_bytes_.load(std::memory_order_relaxed); }
  bool is_full() const { return full_.load(std::memory_order_relaxed); }
  bool has_disk_for(std::uint64_t bytes) const {
    return disk_free_bytes_.load(std::memory_order_relaxed) >=
           disk_needed_bytes_.load(std::memory_order_relaxed) + bytes;
  }
  Log::Figures figures() const;

 private:
  enum class Order { run, drain, stop };

  void order(Order order);
  void run();
  bool take();
  bool write_group();
  bool write_frame(std::string_view records, std::uint32_t count);
  void fail(const std::string& sentence);
  void check_disk();

  const LogOptions& options_;
  Store& store_;
  std::thread thread_;

  // Shared, under the mutex.
  std::mutex mutex_;
  std::condition_variable wake_;
  std::string committed_;  // records that the writer hasn't taken
  Order order_ = Order::run;
  bool idle_ = false;  // the writer sleeps: only then does commit() wake it

  // Of the writer thread.
  std::string group_;  // records being written; swaps with committed_, so that neither is allocated anew
  FrameBuilder builder_;
  FrameHash chain_;
  std::uint64_t disk_checked_bytes_ = 0;
  std::int64_t disk_checked_ns_ = 0;

  // Written by the writer thread, read by all.
  std::atomic<std::uint64_t> durable_{0};
  std::atomic<std::uint64_t> written_bytes_{0};  // records, before compression
  std::atomic<bool> full_{false};
  std::atomic<std::uint64_t> frames_{0}, stored_bytes_{0}, sync_ns_{0}, disk_free_bytes_{0}, disk_needed_bytes_{0};
};

}  // namespace tote::wal
