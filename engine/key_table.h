// The finished idempotency keys of one tenant: what was asked, what was answered (DESIGN D5). Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/hash_index.h"
#include "engine/request.h"
#include "wal/key_store.h"

namespace tote {

// The same as the order of keys on disk, so that a run of them is sorted without touching the keys.
inline std::uint64_t hash_of_key(std::string_view key) { return wal::key_row_hash(key); }

// One finished key. Its variable part follows it in the same block: key, entity, answer, facts.
struct KeyEntry {
  std::uint64_t hash = 0;
  Time time{};
  Lsn lsn{};
  Version version{};
  Fingerprint fingerprint{};
  std::uint32_t answer_bytes = 0;
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
    std::uint64_t hash;
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

  explicit KeyTable(std::int64_t retention_s) : retention_s_(retention_s) {}

  // Asks for the memory that find() or insert() will read.
  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const { index_.prefetch(hash); }
  // Null when the key was never finished, or so long ago that its retention is over at `now`.
  const KeyEntry* find(std::uint64_t hash, std::string_view key, Time now) const;
  void insert(const Finished& finished);
  // Forgets what is older than the retention at `now`.
  void expire(Time now);
  std::size_t size() const { return index_.size(); }

  // Moving the oldest keys to disk: until release() they stay here and can be found; expire() rests meanwhile.
  void pin_oldest(std::size_t count_max, std::vector<const KeyEntry*>& oldest);
  // Forgets up to `count_max` of the pinned ones, calling `each(hash, time)`; true when none is left.
  template <class Each>
  bool release(std::size_t count_max, const Each& each) {
    for (; pinned_ > 0 && count_max > 0; --pinned_, --count_max) {
      const KeyEntry* entry = oldest();
      if (!entry->replaced) each(entry->hash, entry->time);
      drop_oldest();
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
  };
  static constexpr std::size_t block_bytes = 2 << 20;  // a huge page

  KeyEntry* allocate(std::size_t tail_bytes);
  KeyEntry* oldest();
  void drop_oldest();
  bool is_over(const KeyEntry& entry, Time now) const;

  std::int64_t retention_s_;
  HashIndex<KeyEntry> index_;
  std::deque<Block> blocks_;
  std::size_t pinned_ = 0;  // at the old end
};

}  // namespace tote
