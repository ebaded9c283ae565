// Which runs on disk may hold a key, by the number of their group (key_groups.h): in memory, so that a new key (nearly
// every key) never asks the disk (DESIGN D5). Loop thread only, but for Generation's constructor.
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

// A table of short tags, a cache line a bucket; each tag says its group. A new key meets an equal tag about once in 20
// 000 look-ups a generation. A generation that is full is followed by one of four times as many keys (each is one more
// line of memory a look-up has to read), and goes with the last of its groups.
class KeyFilter {
 public:
  // Numbers are kept modulo this: the newest is less than this above the oldest.
  static constexpr std::uint64_t numbers_max = 1 << 14;

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
      std::uint32_t overflowed;  // 1: keys of this bucket are in the next one, too. Equal to no tag
      std::array<std::uint32_t, slots> tags;
    };

    std::size_t start(std::uint64_t hash) const {
      return static_cast<std::size_t>(((hash >> 32) * std::uint64_t{size_}) >> 32);
    }

    std::size_t capacity_, size_;
    LargeBlock<Bucket> buckets_;
    std::size_t keys_ = 0;                                      // ever added
    std::deque<std::pair<std::uint64_t, std::size_t>> groups_;  // their numbers and how many keys are here
  };

  // How large the generation must be that begin_run() will need; 0: the newest has room.
  // `expected`: so many keys are to come at once.
  std::size_t wanted_capacity(std::size_t keys, std::size_t expected = 0) const {
    if (!generations_.empty() && generations_.back().capacity_ - generations_.back().keys_ >= keys) return 0;
    return std::max(keys, std::min(std::max({size_ * 4, keys * 4, expected}), capacity_max));
  }
  // What follows is of a run of this group, `keys` of them: the newest group, or the next one. `next`: when
  // wanted_capacity() says so.
  void begin_run(std::uint64_t number, std::size_t keys, std::optional<Generation> next) {
    if (next) generations_.push_back(std::move(*next));
    if (groups_ == 0) oldest_ = number;
    if (groups_ == 0 || number != newest_) ++groups_;
    newest_ = number;
    Generation& generation = generations_.back();
    if (generation.groups_.empty() || generation.groups_.back().first != number)
      generation.groups_.emplace_back(number, 0);
    generation.groups_.back().second += keys;
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

  // What add() will write.
  [[gnu::always_inline]] void prefetch_newest(std::uint64_t hash) const {
    const Generation& generation = generations_.back();
    __builtin_prefetch(&generation.buckets_[generation.start(hash)], 1);
  }
  // What may_contain() will read.
  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const {
    for (const Generation& generation : generations_) __builtin_prefetch(&generation.buckets_[generation.start(hash)]);
  }
  // False: the key is in none. Numbers are appended, newest first.
  bool may_contain(std::uint64_t hash, std::vector<std::uint64_t>& numbers) const {
    for (std::size_t i = generations_.size(); i-- > 0;) look(generations_[i], hash, numbers);
    std::sort(numbers.begin(), numbers.end(), std::greater<>());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return !numbers.empty();
  }
  // The oldest group is gone.
  void drop_oldest() {
    for (Generation& generation : generations_) {
      auto& groups = generation.groups_;
      if (groups.empty() || groups.front().first != oldest_) continue;
      size_ -= groups.front().second;
      groups.pop_front();
    }
    while (generations_.size() > 1 && generations_.front().groups_.empty()) generations_.pop_front();
    ++oldest_;
    --groups_;
  }

  std::size_t size() const { return size_; }
  std::size_t groups() const { return groups_; }

 private:
  static constexpr std::size_t capacity_max = 64 << 20;
  static constexpr std::uint32_t number_mask = numbers_max - 1;

  static std::uint32_t tag_of(std::uint64_t hash, std::uint64_t number) {
    const std::uint32_t tag = static_cast<std::uint32_t>(hash) & ~number_mask;
    return (tag == 0 ? number_mask + 1 : tag) | (static_cast<std::uint32_t>(number) & number_mask);
  }
  // The number whose last bits are in a slot, if it is still there.
  std::uint64_t number_of(std::uint32_t slot) const {
    return oldest_ + ((slot - static_cast<std::uint32_t>(oldest_)) & number_mask);
  }
  bool is_live(std::uint32_t slot) const { return groups_ > 0 && number_of(slot) <= newest_; }

  // The whole line at once, four slots an instruction: nearly every look-up ends here.
  static bool has(const Generation::Bucket& bucket, std::uint32_t tag) {
    using Line = std::uint32_t __attribute__((vector_size(16)));
    std::array<Line, 4> line;
    static_assert(sizeof line == sizeof bucket);
    std::memcpy(line.data(), &bucket, sizeof line);
    const auto equal = [tag](Line slots) { return (slots & ~number_mask) == tag; };
    const auto any = equal(line[0]) | equal(line[1]) | equal(line[2]) | equal(line[3]);
    std::array<std::uint64_t, 2> halves;
    std::memcpy(halves.data(), &any, sizeof halves);
    return (halves[0] | halves[1]) != 0;
  }
  void look(const Generation& generation, std::uint64_t hash, std::vector<std::uint64_t>& numbers) const {
    const std::uint32_t tag = tag_of(hash, 0);
    for (std::size_t at = generation.start(hash);; at = at + 1 == generation.size_ ? 0 : at + 1) {
      const auto& bucket = generation.buckets_[at];
      if (has(bucket, tag)) [[unlikely]]
        for (const std::uint32_t slot : bucket.tags)
          if ((slot & ~number_mask) == tag && is_live(slot)) numbers.push_back(number_of(slot));
      if (bucket.overflowed == 0) return;
    }
  }

  std::deque<Generation> generations_;  // oldest first
  std::size_t size_ = 0, groups_ = 0;
  std::uint64_t oldest_ = 0, newest_ = 0;
};

}  // namespace tote
