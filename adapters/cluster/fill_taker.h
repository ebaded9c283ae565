// The side of a node that is filled: asks the owner for an image of its log, a page at a time, and takes it beside the
// log that there is (wal/fill_target.h), on a thread of its own. What is lost is asked for again; when nothing comes,
// or another node owns the log, all begins again.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "adapters/cluster/fill_giver.h"
#include "adapters/cluster/wire.h"
#include "wal/fill_target.h"

namespace tote::cluster {

class FillTaker {
 public:
  // Called on the thread of this object.
  struct Told {
    std::function<void(const replication::NodeId& to, FillMessage said)> say;
    std::function<void()> done;  // once: the next start of the log begins with the image
    std::function<void(const std::string& sentence)> problem;
  };

  // Of the log that there is, and its id.
  FillTaker(wal::LogOptions options, std::string id, Told told);
  ~FillTaker();  // what has come goes with the next start
  FillTaker(const FillTaker&) = delete;
  FillTaker& operator=(const FillTaker&) = delete;

  // -- any thread
  // The log, which ends there, is to be filled by this owner: said again and again, or it is given up.
  void want(const replication::NodeId& owner, const replication::Mark& end);
  void take(const replication::NodeId& from, FillMessage said);
  std::optional<FillProgress> progress() const;  // nothing: it isn't being filled

 private:
  using Clock = std::chrono::steady_clock;
  struct Wanted {
    replication::NodeId owner{};
    replication::Mark end{};
    Clock::time_point at{};
  };

  void run();
  void turn(const Wanted& wanted, std::optional<FillMessage> said);
  void begin(const Wanted& wanted);
  void ask();
  void take(const FillPage& page);
  void fail(const std::string& why);
  void give_up(std::chrono::milliseconds pause);

  const wal::LogOptions options_;
  const std::string id_;
  const Told told_;

  // Of the thread.
  std::unique_ptr<wal::FillTarget> target_;  // while it is filled
  replication::NodeId owner_{};
  replication::Mark end_{};
  FillAsk asked_{};
  Clock::time_point asked_at_{}, progressed_at_{}, not_before_{};
  bool is_done_ = false;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Wanted wanted_;                    // under the mutex, as what follows
  std::optional<FillMessage> said_;  // the answer to asked_, by owner_
  FillAsk awaited_{};
  replication::NodeId awaited_from_{};
  std::optional<FillProgress> shown_;
  bool is_stopped_ = false;
  std::thread thread_;
};

}  // namespace tote::cluster
