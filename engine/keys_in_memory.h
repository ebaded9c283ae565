// The newest finished idempotency keys: memtables, the last of which takes new ones. Whole memtables leave, oldest
// first. Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <utility>

#include "engine/key_memtable.h"

namespace tote {

class KeysInMemory {
 public:
  // When a memtable takes no more.
  struct Limits {
    std::size_t keys_max = 0;
    std::size_t bytes_max = 0;
    std::int64_t span_ns_max = 0;  // from its oldest key to its newest; 0: any
  };

  KeysInMemory(Limits limits, HugePages& pages) : limits_(limits), pages_(pages) {}

  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const {
    if (!memtables_.empty()) memtables_.back()->prefetch(hash);
  }
  // The newest of this key, or null.
  const KeyEntry* find(std::uint64_t hash, Tenant tenant, std::string_view key) const;

  // True: begin() comes before insert().
  bool wants_memtable(Time now) const;
  void begin(std::uint64_t group);
  // In the order of their LSNs.
  void insert(const FinishedKey& finished);

  bool empty() const { return memtables_.empty(); }
  // These: of what isn't empty.
  const KeyMemtable& oldest() const { return *memtables_.front(); }
  // Nothing is inserted into the oldest any more.
  void seal_oldest() { is_sealed_ = is_sealed_ || memtables_.size() == 1; }
  std::unique_ptr<KeyMemtable> take_oldest();

  // Of the newest that was ever inserted.
  Lsn last() const { return last_; }

  std::size_t size() const { return size_; }
  std::size_t used_bytes() const { return used_bytes_; }
  std::size_t bytes() const;  // memory of the entries, without the indexes

 private:
  const Limits limits_;
  HugePages& pages_;
  std::deque<std::unique_ptr<KeyMemtable>> memtables_;  // none is empty, but the last may be for a moment
  bool is_sealed_ = true;                               // the last takes no more, or there is none
  std::size_t size_ = 0, used_bytes_ = 0;
  Lsn last_{};
};

}  // namespace tote
