// A thread each for the two sides of a fill (fill_giver.h, fill_taker.h): they read and write a disk. What comes while
// one is busy waits, a little of it; the rest is dropped, as if lost.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "adapters/cluster/fill_giver.h"
#include "adapters/cluster/fill_taker.h"

namespace tote::cluster {

class FillGiverThread {
 public:
  // `say` is called on the thread of this object.
  FillGiverThread(std::shared_ptr<wal::FrameStore> frames, FillGiver::Say say);
  ~FillGiverThread();  // the image goes
  FillGiverThread(const FillGiverThread&) = delete;
  FillGiverThread& operator=(const FillGiverThread&) = delete;

  // -- any thread
  void take(const replication::NodeId& from, const FillAsk& ask);  // answered soon
  // Of the node that is given an image now.
  std::optional<FillProgress> progress(const replication::NodeId& of) const;

  static constexpr std::size_t asks_max = 8;

 private:
  void run();

  FillGiver giver_;  // of the thread

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::pair<replication::NodeId, FillAsk>> asks_;  // under the mutex, as what follows
  replication::NodeId shown_to_{};
  FillProgress shown_{};
  bool is_stopped_ = false;
  std::thread thread_;
};

class FillTakerThread {
 public:
  // `told` is called on the thread of this object.
  FillTakerThread(wal::LogOptions options, std::string id, FillTaker::Told told);
  ~FillTakerThread();  // what has come is there for the next one
  FillTakerThread(const FillTakerThread&) = delete;
  FillTakerThread& operator=(const FillTakerThread&) = delete;

  // -- any thread
  void want(const replication::NodeId& owner, const replication::Mark& end);
  void take(const replication::NodeId& from, FillMessage said);
  void drop_rest();
  std::optional<FillProgress> progress() const;  // nothing: it isn't being filled

  static constexpr std::size_t said_max = 4;

 private:
  void run();

  FillTaker taker_;  // of the thread

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<std::pair<replication::NodeId, replication::Mark>> wanted_;  // under the mutex, as what follows
  std::deque<std::pair<replication::NodeId, FillMessage>> said_;
  std::optional<FillProgress> shown_;
  bool is_to_drop_rest_ = false, is_stopped_ = false;
  std::thread thread_;
};

}  // namespace tote::cluster
