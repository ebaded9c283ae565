// The frames of a log on this machine's disk when several machines keep it: frames come in from whoever owns the log,
// and those that the owner's log doesn't have are cut. Which frames count is decided by others (adapters/cluster); here
// they are proved, written and read.
//
// What was made of records never runs ahead of what all machines have: a snapshot's rows are written once the log is
// durable up to them, keys go into runs when they were answered, which is then too, or were replayed by an engine that
// stands by (engine/snapshot_writer.cc, engine/idempotency.cc, engine/standing_by.cc); and durable() of such a log is
// what everybody in sync has synced. None of that is ever cut,
// so a cut takes frames alone; one that would reach below a snapshot or a run of keys is a broken promise of somebody,
// and stops the process before anything is changed.
//
// Threads: promise, append, cut and look_at_disk belong to one, the disk's; the rest is for any. A write that fails
// ends the process (LogOptions::on_failure), as does a frame of the log that can't be read.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "wal/frame.h"
#include "wal/log.h"

namespace tote::wal {

class Store;

// The end of a frame, or where the first one begins.
struct FrameEnd {
  Lsn last{};
  FrameHash hash{};

  constexpr bool operator==(const FrameEnd&) const = default;
};

class FrameStore {
 public:
  using Opened = std::variant<std::shared_ptr<FrameStore>, Damage>;

  // Opens or creates the log, proves it as a start does (with a snapshot: from there on), and opens it to be written.
  // With damage nothing was changed.
  static Opened open(LogOptions options);
  ~FrameStore();
  FrameStore(const FrameStore&) = delete;
  FrameStore& operator=(const FrameStore&) = delete;

  const LogOptions& options() const { return options_; }
  Store& store() { return *store_; }
  const Store& store() const { return *store_; }
  const std::string& id() const;
  std::uint64_t promised() const { return promised_; }  // as found by open()
  FrameEnd end() const { return end_; }                 // likewise
  // No record was ever written and no epoch promised: it may still become a part of another log.
  bool is_blank() const { return promised_ == 0 && end_.last == Lsn{}; }
  // Of a blank one, before anything is written. Empty, or what went wrong.
  std::string change_id(const std::string& id);

  // Before anything else is written: whose disk this is (Store::disk_of). Empty, or what went wrong.
  std::string disk_of(const std::string& node, std::string& disk);

  // -- the disk's thread: on the disk when they return true; false: it has failed, and nothing is written any more
  bool promise(std::uint64_t epoch);
  // Whole frames (open_frame) that follow each other, and `end`, the log's end: proved again here.
  bool append(std::span<const std::string_view> frames, const FrameEnd& end);
  // Frames after `end` go, into the file `cut-<epoch>-<LSN of end>` first.
  bool cut(const FrameEnd& end, std::uint64_t epoch);
  void look_at_disk(std::size_t bytes_to_write);

  // -- frames, in the log and in the archive that joins it. What can't be read there isn't there
  FrameEnd begin() const;
  bool has(const FrameEnd& end) const;
  FrameEnd end_after(Lsn lsn) const;  // of the frame that has the record after `lsn`, or begin() if that is later
  // The frames that have records after `lsn`, in order, until `visit` says false.
  void each_after(Lsn lsn, const std::function<bool(std::string_view frame)>& visit) const;

  bool is_full() const { return is_full_.load(std::memory_order_relaxed); }
  bool has_disk_for(std::uint64_t bytes) const;
  Log::Figures figures() const;

 private:
  FrameStore(LogOptions options, std::unique_ptr<Store> store);
  Damage prove();
  bool judge(const char* what, const std::string& reason);
  std::string why_not_cut(const FrameEnd& end) const;

  const LogOptions options_;
  const std::unique_ptr<Store> store_;
  std::uint64_t promised_ = 0;
  FrameEnd end_;

  // Of the disk's thread.
  bool has_failed_ = false;
  std::uint64_t disk_checked_bytes_ = 0;
  std::int64_t disk_checked_ns_ = 0;

  std::atomic<bool> is_full_{false};
  std::atomic<std::uint64_t> frames_{0}, syncs_{0}, bytes_{0}, sync_ns_{0}, disk_free_bytes_{0}, disk_needed_bytes_{0};
};

// When the last record of a whole frame was made; 0: its records can't be read.
Time last_time_of(std::string_view frame);

}  // namespace tote::wal
