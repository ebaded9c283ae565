// The owner's side of a fill: an image of its log (wal/fill_image.h) for one node at a time, read a page an answer on a
// thread of its own. The image goes when nobody has asked for a page of it for a while.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "adapters/cluster/wire.h"
#include "wal/fill_image.h"

namespace tote::cluster {

struct FillProgress {
  std::uint64_t bytes = 0, bytes_max = 0;
};

class FillGiver {
 public:
  // Called on the thread of this object.
  using Say = std::function<void(const replication::NodeId& to, FillMessage said)>;

  FillGiver(std::shared_ptr<wal::FrameStore> frames, Say say,
            std::chrono::milliseconds idle_max = std::chrono::seconds(15));
  ~FillGiver();  // the image goes
  FillGiver(const FillGiver&) = delete;
  FillGiver& operator=(const FillGiver&) = delete;

  // -- any thread
  // Answered soon. More than asks_max that wait: dropped, as if lost.
  void take(const replication::NodeId& from, const FillAsk& ask);
  // Of the node that is given an image now.
  std::optional<FillProgress> progress(const replication::NodeId& of) const;

  static constexpr std::size_t asks_max = 8;

 private:
  using Clock = std::chrono::steady_clock;

  void run();
  void answer(const replication::NodeId& from, const FillAsk& ask);
  void give_up();
  void show(const replication::NodeId& to, FillProgress progress);

  const std::shared_ptr<wal::FrameStore> frames_;
  const Say say_;
  const std::chrono::milliseconds idle_max_;

  // Of the thread.
  std::unique_ptr<wal::FillImage> image_;
  std::uint64_t number_ = 0;  // the image's
  replication::NodeId to_{};
  FillAsk newest_{};
  std::uint64_t sent_bytes_ = 0;
  Clock::time_point asked_at_{};

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::pair<replication::NodeId, FillAsk>> asks_;  // under the mutex, as what follows
  replication::NodeId shown_to_{};
  FillProgress shown_{};
  bool is_stopped_ = false;
  std::thread thread_;
};

}  // namespace tote::cluster
