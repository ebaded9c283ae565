// A replica's storage over the real log (wal/frame_store.h): what is written shows at once and is read from memory
// until a thread of its own, the disk's, has synced it, in the order in which it was asked for. Several frames that
// wait go in one sync.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/cluster/replica.h"
#include "wal/frame_store.h"

namespace tote::cluster {

replication::Mark mark_of(const wal::FrameEnd& end);
wal::FrameEnd end_of(const replication::Mark& mark);

class LogStorage final : public Storage {
 public:
  // `told`: what an operator should know, on the disk's thread.
  using Told = std::function<void(const std::string& sentence)>;
  explicit LogStorage(std::shared_ptr<wal::FrameStore> frames, Told told = {});
  // At once, as if the process had been killed: what the disk hasn't begun is dropped.
  ~LogStorage() override;
  LogStorage(const LogStorage&) = delete;
  LogStorage& operator=(const LogStorage&) = delete;

  replication::Kept kept() const override;
  void write(const replication::Write& write, std::function<void()> on_synced) override;

  // Any thread.
  replication::Mark begin() const override;
  bool has(const replication::Mark& mark) const override;
  replication::Mark end_after(Lsn lsn) const override;
  std::vector<replication::Frame> page(Lsn lsn, std::size_t bytes_max) const override;
  // When the newest record was made; 0: there is none.
  Time last_time() const;

 private:
  struct Order {
    replication::Write write{};
    std::function<void()> on_synced{};
  };

  void show(const replication::Write& write);
  void run();
  bool carry_out(std::deque<Order>& orders);
  bool append(std::deque<Order>& orders, std::vector<std::function<void()>>& synced);
  void synced(const std::vector<replication::Frame>& frames);

  const std::shared_ptr<wal::FrameStore> frames_;
  const Told told_;
  replication::Mark disk_end_;  // of the disk's thread

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Order> orders_;                 // under the mutex, as what follows
  std::deque<replication::Frame> unsynced_;  // those that show; in order
  std::deque<replication::Mark> marks_;      // the ends of the newest frames, at least of those; never empty
  Lsn on_disk_{};                            // up to here frames are read from the disk
  bool is_stopped_ = false;
  std::thread thread_;
};

}  // namespace tote::cluster
