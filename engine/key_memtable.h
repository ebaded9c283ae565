// Some finished idempotency keys in memory, which came one after the other: they become one run on disk, or their
// retention ends, and all of them go at once. So nothing is to be done for a single key when it leaves.
//
// Loop thread only, but for each(): once nothing is inserted any more, another thread may read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <vector>

#include "engine/hash_index.h"
#include "engine/key_entry.h"

namespace tote {

class KeyMemtable {
 public:
  // `group`: the number that the filter has of its keys.
  KeyMemtable(std::uint64_t group, HugePages& pages) : group_(group), pages_(pages), index_(pages) {}

  // Asks for the memory that find() or insert() will read.
  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const { index_.prefetch(hash); }
  // The newest entry of this key, or null.
  const KeyEntry* find(std::uint64_t hash, Tenant tenant, std::string_view key) const;
  // In the order of their LSNs.
  void insert(const FinishedKey& finished);
  // Calls `visit(entry)` for each, in that order.
  template <class Visit>
  void each(const Visit& visit) const {
    for (const Block& block : blocks_)
      for (std::size_t at = 0; at < block.used;) {
        const auto& entry = *std::launder(reinterpret_cast<const KeyEntry*>(block.bytes.get() + at));
        visit(entry);
        at += entry.bytes();
      }
  }

  std::uint64_t group() const { return group_; }
  std::size_t size() const { return size_; }
  std::size_t used_bytes() const { return used_bytes_; }  // of the entries
  Time oldest() const { return oldest_; }                 // of one that isn't empty
  Time newest() const { return newest_; }
  Lsn first() const { return first_; }
  // Memory, without the index.
  std::size_t bytes() const;

 private:
  // Entries are laid one after the other in blocks: no malloc per key.
  struct Block {
    LargeBlock<std::byte> bytes;
    std::size_t capacity = 0;
    std::size_t used = 0;
  };
  static constexpr std::size_t block_bytes_min = 4 << 10;  // the first; each next one is eight times as large …
  static constexpr std::size_t block_bytes_max = huge_page_bytes;  // … up to that

  KeyEntry* allocate(std::size_t bytes);
  void add_block(std::size_t bytes);

  const std::uint64_t group_;
  HugePages& pages_;
  HashIndex<KeyEntry> index_;
  std::vector<Block> blocks_;
  std::size_t size_ = 0, used_bytes_ = 0;
  Time oldest_{}, newest_{};
  Lsn first_{};
};

}  // namespace tote
