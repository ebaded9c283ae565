// A thread that takes the log to somewhere outside, behind the engine, which it never holds up. Each follower has a
// thread, a cursor and a lag of its own: one whose destination is away stands still alone.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "adapters/events/follower_status.h"
#include "adapters/events/log_checks.h"

namespace tote::events {

// The destination isn't there now, or breaks off: tried again, with back-off.
class Away : public std::runtime_error {
 public:
  // `reason`: the same for whoever may not know hosts (FollowerStatus).
  explicit Away(const std::string& what, std::string reason = "disconnected")
      : std::runtime_error(what), reason_(std::move(reason)) {}
  const std::string& reason() const { return reason_; }

 private:
  std::string reason_;
};

class Follower {
 public:
  // `name` begins its lines in the program's log; `thread` has at most 15 characters, as the kernel has it. The log
  // outlives it.
  Follower(const wal::LogReader& log, std::string name, const char* thread);
  virtual ~Follower() = default;  // of what is stopped: derived classes call stop() in theirs
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  void start();
  void begin_stop();  // doesn't wait: for several, each would wait for its own destination
  void stop();        // before the engine is closed
  // Waits for the end, for followers that end by themselves. What went wrong, empty when nothing did.
  std::string join();
  FollowerStatus status() const;  // any thread
  const std::string& name() const { return name_; }

  // Who follows otherwise says so (followers.h).
  static constexpr Role role = Role::destination;
  // What it takes the log to, for people.
  virtual std::string destination() const { return name_; }
  // Asks before start(), on the calling thread: why the program must not go on, empty when it may.
  virtual std::string check() { return {}; }

 protected:
  using Clock = std::chrono::steady_clock;

  // Until stopped(), or the end if it has one. Away: called again after a while. Anything else: it stands still until
  // the next start of the program.
  virtual void follow() = 0;
  virtual void lost() {}                           // after each Away, before it is called again
  virtual bool gives_up() const { return false; }  // instead of trying for ever

  const wal::LogReader& log() const { return log_; }
  bool stopped() const { return stopped_; }
  const std::atomic<bool>& stop_flag() const { return stopped_; }
  bool pause(std::chrono::milliseconds time);  // false: stopped
  bool wait_for_more() { return pause(poll_every); }

  void arrived(Lsn cursor);                    // connected, and everything up to `cursor` is there
  void moved(Lsn cursor, std::uint64_t told);  // some more is there
  void caught_up();                            // there is nothing new
  void set_problem(std::string problem, std::string reason);
  void failed();                             // one more try
  void set_put_aside(std::uint64_t events);  // all of them

  // How long to rest after work that began at `began_at`, when the log ended at `durable`: while the engine is busy, a
  // destination gets no more than a bound, because it would take the processor from those who wait for answers. It
  // falls behind and catches up afterwards; when the engine is quiet, as fast as it goes.
  std::chrono::milliseconds rest_after(Clock::time_point began_at, Lsn durable, std::uint64_t told) const;
  void make_way(Clock::time_point began_at, Lsn durable, std::uint64_t told) {
    if (const auto rest = rest_after(began_at, durable, told); rest.count() > 0) pause(rest);
  }

 private:
  static constexpr std::chrono::milliseconds poll_every{10};  // the log, when there was nothing new

  void run();

  const wal::LogReader& log_;
  const std::string name_;
  const char* const thread_name_;
  std::atomic<bool> stopped_{false};
  std::chrono::milliseconds backoff_{0};

  mutable std::mutex mutex_;  // status, and to be woken
  std::condition_variable woken_;
  FollowerStatus status_;
  // At `caught_up_at_` everything was there; the log ended at `ahead_` at `ahead_at_`.
  Clock::time_point caught_up_at_ = Clock::now(), ahead_at_ = caught_up_at_;
  Lsn ahead_{};
  std::thread thread_;
};

}  // namespace tote::events
