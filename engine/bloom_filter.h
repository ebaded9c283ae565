// Which keys may be on disk: a filter in memory, so that a new key (nearly every key) never asks the disk (DESIGN D5).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/kernel/time.h"
#include "engine/large_block.h"

namespace tote {

// A split-block Bloom filter: a look-up touches one cache line. About 1 % false positives at its capacity.
class BloomFilter {
 public:
  explicit BloomFilter(std::size_t capacity)
      : size_(capacity * bits_per_key / block_bits + 1), blocks_(make_large_block<Block>(size_)) {}

  void add(std::uint64_t hash) {
    Block& block = blocks_[index(hash)];
    for (std::size_t i = 0; i < block.size(); ++i) block[i] |= bit(hash, i);
  }
  bool may_contain(std::uint64_t hash) const {
    const Block& block = blocks_[index(hash)];
    std::uint32_t missing = 0;
    for (std::size_t i = 0; i < block.size(); ++i) missing |= bit(hash, i) & ~block[i];
    return missing == 0;
  }

 private:
  static constexpr std::size_t bits_per_key = 12;
  static constexpr std::size_t block_bits = 256;
  using Block = std::array<std::uint32_t, 8>;

  std::size_t index(std::uint64_t hash) const {
    return static_cast<std::size_t>(((hash >> 32) * std::uint64_t{size_}) >> 32);
  }
  static std::uint32_t bit(std::uint64_t hash, std::size_t i) {
    // Odd constants, as in the split-block filter of Apache Parquet's format.
    constexpr std::array<std::uint32_t, 8> salts{0x47b6137bU, 0x44974d91U, 0x8824ad5bU, 0xa2b7289dU,
                                                 0x705495c7U, 0x2df1424bU, 0x9efc4947U, 0x5c6bfb31U};
    return 1U << ((static_cast<std::uint32_t>(hash) * salts[i]) >> 27);
  }

  std::size_t size_;
  LargeBlock<Block> blocks_;
};

// Filters for keys that go to disk in the order of their time: each next one twice as large, and dropped whole once all
// its keys are past their retention.
class KeyFilter {
 public:
  explicit KeyFilter(std::int64_t retention_s) : retention_s_(retention_s) {}

  void add(std::uint64_t hash, Time time) {
    if (generations_.empty() || generations_.back().size == generations_.back().capacity) grow();
    Generation& newest = generations_.back();
    newest.filter.add(hash);
    newest.newest = time;
    ++newest.size;
    ++size_;
  }
  bool may_contain(std::uint64_t hash) const {
    for (const Generation& generation : generations_)
      if (generation.filter.may_contain(hash)) return true;
    return false;
  }
  void expire(Time now) {
    while (retention_s_ != 0 && !generations_.empty() && after(generations_.front().newest, retention_s_) <= now) {
      size_ -= generations_.front().size;
      generations_.erase(generations_.begin());
    }
  }
  std::size_t size() const { return size_; }

 private:
  struct Generation {
    BloomFilter filter;
    std::size_t capacity;
    std::size_t size = 0;
    Time newest{};
  };
  static constexpr std::size_t first_capacity = 1 << 20;
  static constexpr std::size_t last_capacity = 1 << 28;

  void grow() {
    const std::size_t capacity =
        generations_.empty() ? first_capacity : std::min(generations_.back().capacity * 2, last_capacity);
    generations_.push_back({BloomFilter(capacity), capacity});
  }

  std::int64_t retention_s_;
  std::vector<Generation> generations_;
  std::size_t size_ = 0;
};

}  // namespace tote
