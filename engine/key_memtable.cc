#include "engine/key_memtable.h"

#include <algorithm>

namespace tote {

const KeyEntry* KeyMemtable::find(std::uint64_t hash, Tenant tenant, std::string_view key) const {
  return index_.find(hash, [&](const KeyEntry& other) { return other.key() == key && other.tenant == tenant; });
}

void KeyMemtable::insert(const FinishedKey& finished) {
  KeyEntry* old = index_.find(finished.hash, [&](const KeyEntry& other) {
    return other.key() == finished.key && other.tenant == finished.tenant;
  });
  KeyEntry* entry = allocate(KeyEntry::bytes_for(finished));
  entry->assign(finished);
  if (size_++ == 0) oldest_ = finished.time, first_ = finished.lsn;
  newest_ = std::max(newest_, finished.time);
  old == nullptr ? index_.insert(entry) : index_.replace(old, entry);
}

std::size_t KeyMemtable::bytes() const {
  std::size_t sum = 0;
  for (const Block& block : blocks_) sum += block.capacity;
  return sum;
}

KeyEntry* KeyMemtable::allocate(std::size_t bytes) {
  if (blocks_.empty() || blocks_.back().capacity - blocks_.back().used < bytes) add_block(bytes);
  Block& block = blocks_.back();
  auto* entry = new (block.bytes.get() + block.used) KeyEntry;
  block.used += bytes;
  used_bytes_ += bytes;
  return entry;
}

void KeyMemtable::add_block(std::size_t bytes) {
  std::size_t capacity = block_bytes_min;
  if (!blocks_.empty()) capacity = std::clamp(blocks_.back().capacity * 8, block_bytes_min, block_bytes_max);
  capacity = std::max(capacity, bytes);
  if (capacity == block_bytes_max) return void(blocks_.push_back({pages_.take<std::byte>(), capacity}));
  if (capacity * 8 >= block_bytes_max) pages_.prepare();
  blocks_.push_back({make_large_block<std::byte>(capacity), capacity});
}

}  // namespace tote
