// Between the log of an engine and the replica beside it (adapters/cluster): records go one way, what became of them
// comes back. Neither knows the other.
//
// Threads: "of the replica" is one thread, "of the engine" another; both at once. stop() and the rest: any.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "engine/kernel/ordinal.h"

namespace tote::wal {

class ReplicaSeam {
 public:
  // -- of the replica
  // Records up to here count, are on this machine's disk, and may be applied by an engine that stands by. Rises.
  void may_apply(Lsn lsn);
  // This machine owns the log, of which all that there is is durable; the engine's records follow.
  void open();
  bool is_open() const { return is_open_.load(std::memory_order_acquire); }
  // Acknowledged up to here. Rises.
  void durable(Lsn lsn);
  // What was asked for up to this number was asked while nobody else owned the log.
  void confirmed(std::uint64_t number);
  void set_enough(bool has_enough) { has_enough_.store(has_enough, std::memory_order_relaxed); }
  // The engine is to append a record that says nothing, when it has no other.
  void want_record();

  struct Group {
    std::string_view records{};  // until the next one is taken
    std::uint32_t count = 0;
  };
  // The engine's oldest records, as many as fit, at least one; none: `woken` is called when there are some.
  Group take_group(std::size_t bytes_max);
  std::uint64_t asked() const { return asked_.load(std::memory_order_acquire); }

  // Called when there is something for the replica; on the engine's thread. What was given before isn't called any
  // more when this returns.
  void wake_replica_with(std::function<void()> woken);

  // Nothing comes to anything any more. Any thread; the first reason counts.
  void stop(const std::string& why);

  // -- of the engine
  struct Next {
    Lsn up_to{};            // may be applied
    bool is_open = false;   // and is all there will be
    std::string stopped{};  // why, if it is
  };
  Next next() const;
  // The engine, which stands by, has come to here.
  void applied(Lsn lsn) { applied_.store(lsn.value, std::memory_order_release); }
  // `woken` is called, on the replica's thread, when there is something new of what is the replica's, or it is stopped;
  // null: nobody.
  void wake_engine_with(std::function<void(Lsn)> woken);
  // Takes the records (size-prefixed, in LSN order, right after those of the call before), leaves an empty buffer.
  void commit(std::string& records);
  std::uint64_t ask();  // its number
  bool takes_wanted_record() { return wants_record_.load(std::memory_order_relaxed) && wants_record_.exchange(false); }
  bool wants_record() const { return wants_record_.load(std::memory_order_relaxed); }
  // Until all up to there is durable, or stopped.
  void wait_durable(Lsn lsn);

  // -- any thread
  Lsn applied() const { return {applied_.load(std::memory_order_acquire)}; }
  Lsn durable() const { return {durable_.load(std::memory_order_acquire)}; }
  std::uint64_t confirmed() const { return confirmed_.load(std::memory_order_acquire); }
  std::uint64_t taken_bytes() const { return taken_bytes_.load(std::memory_order_relaxed); }  // of records
  bool has_enough() const { return has_enough_.load(std::memory_order_relaxed); }
  bool is_stopped() const { return is_stopped_.load(std::memory_order_acquire); }

 private:
  void tell_engine(Lsn lsn);
  void wake_replica();

  std::mutex replica_mutex_;
  std::function<void()> wake_replica_;  // under that

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Lsn may_apply_{};  // under the mutex, as what follows
  std::string stopped_;
  std::string committed_;  // records that the replica hasn't taken
  bool is_idle_ = true;    // the replica found none: only then does commit() wake it
  std::mutex engine_mutex_;
  std::function<void(Lsn)> wake_engine_;  // under that

  // Of the replica.
  std::string group_;  // being taken; swaps with committed_, so that neither is allocated anew
  std::size_t group_taken_ = 0;

  std::atomic<bool> is_open_{false}, has_enough_{false}, wants_record_{false}, is_stopped_{false};
  std::atomic<std::uint64_t> durable_{0}, confirmed_{0}, asked_{0}, taken_bytes_{0}, applied_{0};
};

}  // namespace tote::wal
