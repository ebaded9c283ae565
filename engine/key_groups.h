// What the numbers in the filter mean: each is a group of runs that were written one after the other, a span of the
// log. Small runs share a number, so there are numbers for any number of runs; merging runs changes no span. Loop
// thread only.
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
  static constexpr std::size_t keys_max = 512 << 10;  // of a group of several runs

  // `retention_s`: 0 = for ever.
  explicit KeyGroups(std::int64_t retention_s) : span_ns_max_(retention_s * ns_per_s / 16) {}

  // The number of this run, which is the newest.
  std::uint64_t number_for(const wal::KeyStore::Run& run) {
    ++runs_;
    if (groups_.empty() || !takes_in(groups_.back(), run)) {
      groups_.push_back({run, next_number_++});
    } else {
      wal::KeyStore::Run& all = groups_.back().runs;
      all.span.last = run.span.last;
      all.newest = run.newest;
      all.keys += run.keys;
    }
    return groups_.back().number;
  }
  std::uint64_t runs_ever() const { return runs_; }
  bool empty() const { return groups_.empty(); }
  const wal::KeyStore::Run& oldest() const { return groups_.front().runs; }
  void drop_oldest() { groups_.pop_front(); }
  // Of a number that number_for() gave and that isn't dropped.
  wal::KeyStore::Span span_of(std::uint64_t number) const {
    return groups_[static_cast<std::size_t>(number - groups_.front().number)].runs.span;
  }

 private:
  struct Group {
    wal::KeyStore::Run runs;
    std::uint64_t number;
  };

  // Once all numbers are taken (some thousand million keys) the newest group takes in everything: look-ups get slower,
  // nothing is refused.
  bool takes_in(const Group& group, const wal::KeyStore::Run& run) const {
    const bool is_small = group.runs.keys + run.keys <= keys_max;
    const bool is_short = span_ns_max_ == 0 || run.newest.ns - group.runs.oldest.ns <= span_ns_max_;
    return (is_small && is_short) || groups_.size() == KeyFilter::numbers_max;
  }

  const std::int64_t span_ns_max_;
  std::deque<Group> groups_;  // oldest first, their numbers without gaps
  std::uint64_t next_number_ = 1, runs_ = 0;
};

}  // namespace tote
