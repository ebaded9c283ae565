// What the numbers in the filter mean: each is a group of keys that finished one after the other. They are in memory
// first; then the group is a span of the log, which runs on disk have. Few keys share a number, so there are numbers
// for any number of them; merging runs changes no span. Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "engine/kernel/time.h"
#include "engine/key_filter.h"
#include "wal/key_store.h"

namespace tote {

class KeyGroups {
 public:
  static constexpr std::size_t keys_max = 512 << 10;  // of a group of several memtables or runs

  // `retention_s`: 0 = for ever. What begins is no longer than a 32nd of it, so a group is no longer than a 16th.
  explicit KeyGroups(std::int64_t retention_s) : span_ns_max_(retention_s * ns_per_s / 32) {}

  // The number of at most so many keys, newer than all before, the oldest of which finished then.
  std::uint64_t begin(Time oldest, std::size_t keys) {
    if (groups_.empty() || !takes_in(groups_.back(), oldest, keys)) groups_.push_back({next_number_++, oldest});
    groups_.back().keys += keys;
    return groups_.back().number;
  }
  // Of this number a run was written, newer than those before.
  void wrote(std::uint64_t number, const wal::KeyStore::Run& run) {
    ++runs_;
    keys_on_disk_ += run.keys;
    wal::KeyStore::Run& all = at(number).runs;
    if (all.keys == 0) return void(all = run);
    all.span.last = run.span.last;
    all.newest = run.newest;
    all.keys += run.keys;
  }
  std::uint64_t runs_ever() const { return runs_; }
  std::size_t keys_on_disk() const { return keys_on_disk_; }

  // Of a number that begin() gave and that isn't dropped. Without keys: none of it was written.
  const wal::KeyStore::Run& runs_of(std::uint64_t number) const {
    return groups_[static_cast<std::size_t>(number - groups_.front().number)].runs;
  }

  bool empty() const { return groups_.empty(); }
  std::uint64_t oldest() const { return groups_.front().number; }
  void drop_oldest() {
    keys_on_disk_ -= groups_.front().runs.keys;
    groups_.pop_front();
  }

 private:
  struct Group {
    std::uint64_t number;
    Time oldest;
    std::size_t keys = 0;
    wal::KeyStore::Run runs{};
  };

  Group& at(std::uint64_t number) { return groups_[static_cast<std::size_t>(number - groups_.front().number)]; }
  // Once all numbers are taken (some thousand million keys) the newest group takes in everything: look-ups get slower,
  // nothing is refused.
  bool takes_in(const Group& group, Time oldest, std::size_t keys) const {
    const bool is_small = group.keys + keys <= keys_max;
    const bool is_short = span_ns_max_ == 0 || oldest.ns - group.oldest.ns <= span_ns_max_;
    return (is_small && is_short) || groups_.size() == KeyFilter::numbers_max;
  }

  const std::int64_t span_ns_max_;
  std::deque<Group> groups_;  // oldest first, their numbers without gaps
  std::uint64_t next_number_ = 1, runs_ = 0;
  std::size_t keys_on_disk_ = 0;
};

}  // namespace tote
