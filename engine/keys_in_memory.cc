#include "engine/keys_in_memory.h"

#include <utility>

#include "engine/kernel/invariant.h"

namespace tote {

const KeyEntry* KeysInMemory::find(std::uint64_t hash, Tenant tenant, std::string_view key) const {
  for (auto memtable = memtables_.rbegin(); memtable != memtables_.rend(); ++memtable)
    if (const KeyEntry* entry = (*memtable)->find(hash, tenant, key)) return entry;
  return nullptr;
}

bool KeysInMemory::wants_memtable(Time now) const {
  if (is_sealed_) return true;
  const KeyMemtable& last = *memtables_.back();
  return last.size() >= limits_.keys_max || last.used_bytes() >= limits_.bytes_max ||
         (limits_.span_ns_max != 0 && last.size() > 0 && now.ns - last.oldest().ns > limits_.span_ns_max);
}

void KeysInMemory::begin(std::uint64_t group) {
  memtables_.push_back(std::make_unique<KeyMemtable>(group, pages_));
  is_sealed_ = false;
}

void KeysInMemory::insert(const FinishedKey& finished) {
  TOTE_INVARIANT(finished.lsn > last_);  // what leaves for the disk are the oldest: `keys_up_to` rests on it
  last_ = finished.lsn;
  KeyMemtable& memtable = *memtables_.back();
  const std::size_t before = memtable.used_bytes();
  memtable.insert(finished);
  used_bytes_ += memtable.used_bytes() - before;
  ++size_;
}

std::unique_ptr<KeyMemtable> KeysInMemory::take_oldest() {
  seal_oldest();
  auto memtable = std::move(memtables_.front());
  memtables_.pop_front();
  size_ -= memtable->size();
  used_bytes_ -= memtable->used_bytes();
  return memtable;
}

std::size_t KeysInMemory::bytes() const {
  std::size_t sum = 0;
  for (const auto& memtable : memtables_) sum += memtable->bytes();
  return sum;
}

}  // namespace tote
