// Which runs on disk may hold a key: in memory, so that a new key (nearly every key) never asks the disk (DESIGN D5).
// Loop thread only, but for Generation's constructor.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "engine/large_block.h"

namespace tote {

// A table of short tags, a cache line a bucket; each tag says its run. A new key meets an equal tag about once in 20
// 000 look-ups a generation. A generation that is full is followed by a larger one, and goes with the last of its runs.
class KeyFilter {
 public:
  // Numbers of runs are kept modulo this: the newest is less than this above the oldest (crashes leave gaps).
  static constexpr std::uint64_t runs_max = 1 << 14;

  class Generation {
   public:
    // Touches all its memory: for large ones not on the loop.
    explicit Generation(std::size_t capacity)
        : capacity_(capacity), size_(capacity / keys_per_bucket + 1), buckets_(make_large_block<Bucket>(size_)) {
      std::memset(static_cast<void*>(buckets_.get()), 0, size_ * sizeof(Bucket));
    }

   private:
    friend class KeyFilter;
    static constexpr std::size_t slots = 15;
    static constexpr std::size_t keys_per_bucket = 12;
    struct alignas(64) Bucket {
      std::uint32_t overflowed;  // keys of this bucket are in the next one, too
      std::array<std::uint32_t, slots> tags;
    };

    std::size_t start(std::uint64_t hash) const {
      return static_cast<std::size_t>(((hash >> 32) * std::uint64_t{size_}) >> 32);
    }

    std::size_t capacity_, size_;
    LargeBlock<Bucket> buckets_;
    std::size_t keys_ = 0;                                    // ever added
    std::deque<std::pair<std::uint64_t, std::size_t>> runs_;  // their numbers and how many keys are here
  };

  // How large the generation must be that begin_run() will need; 0: the newest has room.
  // `expected`: so many keys are to come at once.
  std::size_t wanted_capacity(std::size_t keys, std::size_t expected = 0) const {
    if (!generations_.empty() && generations_.back().capacity_ - generations_.back().keys_ >= keys) return 0;
    return std::max(keys, std::min(std::max({size_ * 2, keys * 4, expected}), capacity_max));
  }
  // False: a tag couldn't tell a run of this number from one that is here, and its keys would be looked for there.
  bool has_room_for(std::uint64_t number) const { return runs_ == 0 || number - oldest_ < runs_max; }
  // What follows is of this run, `keys` of them; `next`: when wanted_capacity() says so.
  void begin_run(std::uint64_t number, std::size_t keys, std::optional<Generation> next) {
    if (next) generations_.push_back(std::move(*next));
    if (runs_ == 0) oldest_ = number;
    newest_ = number;
    ++runs_;
    Generation& generation = generations_.back();
    generation.runs_.emplace_back(number, keys);
    generation.keys_ += keys;
    size_ += keys;
  }
  void add(std::uint64_t hash) {
    Generation& generation = generations_.back();
    const std::uint32_t tag = tag_of(hash, newest_);
    for (std::size_t at = generation.start(hash);; at = at + 1 == generation.size_ ? 0 : at + 1) {
      auto& bucket = generation.buckets_[at];
      for (std::uint32_t& slot : bucket.tags)
        if (slot == 0) return void(slot = tag);
      bucket.overflowed = 1;
    }
  }

  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const {
    for (const Generation& generation : generations_) __builtin_prefetch(&generation.buckets_[generation.start(hash)]);
  }
  // False: the key is in none. Numbers of runs are appended to `runs`, newest first.
  bool may_contain(std::uint64_t hash, std::vector<std::uint64_t>& runs) const {
    for (auto generation = generations_.rbegin(); generation != generations_.rend(); ++generation)
      look(*generation, hash, runs);
    std::sort(runs.begin(), runs.end(), std::greater<>());
    runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
    return !runs.empty();
  }
  // The oldest run is gone.
  void drop_oldest_run() {
    while (generations_.front().runs_.empty()) generations_.pop_front();
    Generation& generation = generations_.front();
    const std::size_t keys = generation.runs_.front().second;
    generation.runs_.pop_front();
    size_ -= keys;
    --runs_;
    if (generation.runs_.empty() && generations_.size() > 1) generations_.pop_front();
    for (const Generation& next : generations_)
      if (!next.runs_.empty()) return void(oldest_ = next.runs_.front().first);
  }

  std::size_t size() const { return size_; }
  std::size_t runs() const { return runs_; }

 private:
  static constexpr std::size_t capacity_max = 32 << 20;
  static constexpr std::uint32_t run_mask = runs_max - 1;

  static std::uint32_t tag_of(std::uint64_t hash, std::uint64_t run) {
    const std::uint32_t tag = static_cast<std::uint32_t>(hash) & ~run_mask;
    return (tag == 0 ? run_mask + 1 : tag) | (static_cast<std::uint32_t>(run) & run_mask);
  }
  // The number of the run whose last bits are in a slot, if it is still there.
  std::uint64_t run_of(std::uint32_t slot) const {
    return oldest_ + ((slot - static_cast<std::uint32_t>(oldest_)) & run_mask);
  }
  bool is_live(std::uint32_t slot) const { return runs_ > 0 && run_of(slot) <= newest_; }

  void look(const Generation& generation, std::uint64_t hash, std::vector<std::uint64_t>& runs) const {
    const std::uint32_t tag = tag_of(hash, 0);
    for (std::size_t at = generation.start(hash);; at = at + 1 == generation.size_ ? 0 : at + 1) {
      const auto& bucket = generation.buckets_[at];
      for (const std::uint32_t slot : bucket.tags)
        if ((slot & ~run_mask) == tag && is_live(slot)) runs.push_back(run_of(slot));
      if (bucket.overflowed == 0) return;
    }
  }

  std::deque<Generation> generations_;  // oldest first
  std::size_t size_ = 0, runs_ = 0;
  std::uint64_t oldest_ = 0, newest_ = 0;
};

}  // namespace tote
