// What the owner of a log has appended and not yet handed on, and how far that is: the same for whoever writes it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/kernel/invariant.h"
#include "wal/codec.h"

namespace tote::wal {

// append, commit and set_… belong to the owner; the const functions to anyone.
class RecordGroup {
 public:
  // Where the records end that are there already.
  void set_last(Lsn last) { last_.store(last.value, std::memory_order_relaxed); }
  void set_last_time(Time time) { last_time_.store(time.ns, std::memory_order_relaxed); }
  void reserve(std::size_t bytes) { filling_.reserve(bytes); }

  Lsn append(const Record& record) {
    TOTE_INVARIANT(record.time > last_time());
    encoder_.append(record, filling_);
    const Lsn lsn = last().next();
    set_last(lsn);
    set_last_time(record.time);
    filling_bytes_.store(filling_.size(), std::memory_order_relaxed);
    return lsn;
  }
  // Those since the last commit, to be taken at once: whoever takes them leaves an empty buffer.
  std::string& commit() {
    committed_bytes_.store(committed_bytes_.load(std::memory_order_relaxed) + filling_.size(),
                           std::memory_order_relaxed);
    filling_bytes_.store(0, std::memory_order_relaxed);
    return filling_;
  }

  Lsn last() const { return {last_.load(std::memory_order_relaxed)}; }
  Time last_time() const { return {last_time_.load(std::memory_order_relaxed)}; }
  // Of records, when so many of those that were committed have gone further.
  std::uint64_t pending_bytes(std::uint64_t gone) const {
    return committed_bytes_.load(std::memory_order_relaxed) - gone + filling_bytes_.load(std::memory_order_relaxed);
  }

 private:
  // Of the owner.
  RecordEncoder encoder_;
  std::string filling_;

  // Written by the owner, read by all.
  std::atomic<std::uint64_t> last_{0};
  std::atomic<std::int64_t> last_time_{0};
  std::atomic<std::uint64_t> filling_bytes_{0}, committed_bytes_{0};
};

}  // namespace tote::wal
