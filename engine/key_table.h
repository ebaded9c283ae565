// The finished idempotency keys that are in memory: what was asked, what was answered (DESIGN D5). Loop thread only.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <new>
#include <span>
#include <string_view>
#include <vector>

#include "engine/hash_index.h"
#include "engine/request.h"

namespace tote {

// One finished key. Its variable part follows it in the same block: key, entity, answer, facts.
struct KeyEntry {
  std::uint64_t hash = 0;
  Time time{};
  Lsn lsn{};
  Version version{};
  Fingerprint fingerprint{};
  std::uint32_t answer_bytes = 0;
  Tenant tenant{};
  KindId kind = 0;
  Code code{};
  std::uint8_t key_bytes = 0;
  std::uint8_t entity_bytes = 0;
  std::uint8_t facts_count = 0;
  bool replaced = false;  // the same key was executed again after its retention

  std::string_view key() const { return {tail(), key_bytes}; }
  std::string_view entity() const { return {tail() + key_bytes, entity_bytes}; }
  std::string_view answer() const { return {tail() + key_bytes + entity_bytes, answer_bytes}; }
  Facts facts() const;
  void fill(Outcome& outcome) const;

  const char* tail() const { return reinterpret_cast<const char*>(this + 1); }
  char* tail() { return reinterpret_cast<char*>(this + 1); }
};

class KeyTable {
 public:
  // What a finished request leaves behind.
  struct Finished {
    std::uint64_t hash;  // of tenant and key
    Tenant tenant;
    std::string_view key;
    std::string_view entity;
    std::string_view answer;
    const Facts& facts;
    Time time;
    Lsn lsn;
    Version version;
    Fingerprint fingerprint;
    KindId kind;
    Code code;
  };

  explicit KeyTable(std::int64_t retention_s, HugePages& pages)
      : pages_(pages), retention_s_(retention_s), index_(pages) {}

  // Asks for the memory that find() or insert() will read.
  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const { index_.prefetch(hash); }
  // Null when the key isn't here, or its retention is over at `now`.
  const KeyEntry* find(std::uint64_t hash, Tenant tenant, std::string_view key, Time now) const;
  // In the order of their LSNs.
  void insert(const Finished& finished);
  // Forgets at most `count_max` of those that are older than the retention at `now`; true when there may be more.
  bool expire(Time now, std::size_t count_max);
  std::size_t size() const { return index_.size(); }
  // What the entries take of it.
  std::size_t used_bytes() const { return used_bytes_; }
  // Memory of the entries, without the index.
  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const Block& block : blocks_) sum += block.capacity;
    return sum;
  }

  // Moving the oldest keys to disk: until release() they stay here and can be found; expire() rests meanwhile.
  // Another thread may read them (all but `replaced`) in the spans, which are in the order of their LSNs.
  using Span = std::span<const std::byte>;
  // About `count` of them; what lies in one block goes together.
  std::vector<Span> pin_oldest(std::size_t count);
  struct Size {
    std::size_t count = 0, bytes = 0;
  };
  // Of what pin_oldest() would take.
  Size size_of_oldest(std::size_t count) const {
    Size size;
    for (auto block = blocks_.begin(); block != blocks_.end() && size.count < count; ++block) {
      size.count += block->count;
      size.bytes += block->used - block->first;
    }
    return size;
  }
  std::size_t pinned() const { return pinned_; }
  // Calls `visit(entry)` for each entry of a span.
  template <class Visit>
  static void each(Span span, const Visit& visit) {
    for (std::size_t at = 0; at < span.size();) {
      const auto* entry = std::launder(reinterpret_cast<const KeyEntry*>(span.data() + at));
      visit(*entry);
      at += bytes_of(*entry);
    }
  }
  // Forgets up to `count_max` of the pinned ones, calling `visit(hash)`; true when none is left. `announce(hash)` comes
  // somewhat earlier, for memory that is far away.
  template <class Announce, class Visit>
  bool release(std::size_t count_max, const Announce& announce, const Visit& visit) {
    while (pinned_ > 0 && count_max > 0) {
      std::array<std::uint64_t, 16> hashes;
      const std::size_t count = hashes_of_oldest(hashes, std::min(pinned_, count_max));
      for (const std::uint64_t hash : std::span(hashes).first(count)) index_.prefetch(hash), announce(hash);
      for (const std::uint64_t hash : std::span(hashes).first(count)) visit(hash), drop_oldest();
      pinned_ -= count;
      count_max -= count;
    }
    return pinned_ == 0;
  }

 private:
  // Entries are laid one after the other in blocks and leave in the order in which they came: no malloc per key.
  struct Block {
    LargeBlock<std::byte> bytes;
    std::size_t capacity = 0;
    std::size_t used = 0;
    std::size_t first = 0;  // offset of the oldest entry that is still there
    std::size_t count = 0;  // of entries that are still there
  };
  static constexpr std::size_t block_bytes_min = 4 << 10;  // the first; each next one is eight times as large …
  static constexpr std::size_t block_bytes_max = huge_page_bytes;  // … up to that

  static std::size_t bytes_of(const KeyEntry& entry);
  KeyEntry* allocate(std::size_t bytes);
  void add_block(std::size_t bytes);
  KeyEntry* oldest();
  // Of the oldest ones that lie in one block, at most `count_max` of them, at least one.
  std::size_t hashes_of_oldest(std::span<std::uint64_t> hashes, std::size_t count_max);
  void drop_oldest();
  bool is_over(const KeyEntry& entry, Time now) const;

  HugePages& pages_;
  std::int64_t retention_s_;
  HashIndex<KeyEntry> index_;
  std::deque<Block> blocks_;
  std::size_t pinned_ = 0;  // at the old end
  std::size_t used_bytes_ = 0;
  Lsn last_{};
};

}  // namespace tote
