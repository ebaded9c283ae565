// Keeps a log from growing for ever, on a thread beside the loop: seals what nobody needs in the log any more, ships
// it, and takes it from the log.
//
//   limit   the oldest of what a start, finished keys, followers and the operator need (wal/trim_limit.h)
//   seal    whole segments below it
//   ship    each by archive.command, oldest first
//   trim    what is sealed, and shipped where there is a command
//
// What goes wrong is told once, and tried again: the log is whole meanwhile, and grows.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "engine/retention.h"
#include "wal/log.h"
#include "wal/trimmer.h"

namespace tote {

class Trimming {
 public:
  struct Needs {
    std::function<Lsn()> snapshot;     // of the newest one that counts; 0: none, and nothing is taken
    std::function<Lsn()> keys_up_to;   // finished keys up to it are on disk
    std::function<Time()> keys_since;  // older keys are past their retention
    std::function<Time()> now;
  };

  struct Told {
    std::string text{};  // empty: what was told before is over
    bool lasts = true;
    bool is_over() const { return text.empty(); }
  };

  // `alert`: on the thread; the log outlives it.
  Trimming(wal::Log& log, Retention retention, Needs needs, std::function<void(const Told&)> alert);
  Trimming(const Trimming&) = delete;
  Trimming& operator=(const Trimming&) = delete;
  ~Trimming() { stop(); }

  void start();
  void stop();

  // One round, on the calling thread: what the thread does every so often. For tests, too.
  void run_once();

 private:
  static constexpr std::int64_t small_segment_s = 3'600;  // what is older is sealed although it makes a small segment
  static constexpr std::int64_t command_ms_max = 300'000;

  void run();
  wal::TrimLimit limit(std::string& reason) const;
  Lsn keys_from(std::string& reason) const;
  std::string seal(Lsn below);
  std::string ship(Lsn& shipped);
  void tell(const std::string& problem);
  void tell_held(const wal::TrimLimit& limit);

  wal::Trimmer& trimmer_;
  const Retention retention_;
  const Needs needs_;
  const std::function<void(const Told&)> alert_;
  std::string told_;                       // the problem that was told last; empty: all is well
  std::set<std::string> let_go_, warned_;  // followers
  std::int64_t back_off_ms_ = 0;

  std::atomic<bool> stopped_{false};
  std::mutex mutex_;  // to be woken
  std::condition_variable woken_;
  std::thread thread_;
};

}  // namespace tote
