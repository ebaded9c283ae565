#include "engine/key_table.h"

#include <algorithm>
#include <cstring>

#include "engine/kernel/invariant.h"

namespace tote {
namespace {

constexpr std::size_t fact_bytes = 1 + sizeof(std::int64_t);

std::size_t aligned(std::size_t bytes) {
  return (bytes + alignof(KeyEntry) - 1) / alignof(KeyEntry) * alignof(KeyEntry);
}

char* put(char* at, std::string_view bytes) { return std::copy(bytes.begin(), bytes.end(), at); }

}  // namespace

Facts KeyEntry::facts() const {
  Facts facts;
  const char* at = answer().data() + answer_bytes;
  for (std::size_t i = 0; i < facts_count; ++i, at += fact_bytes) {
    Fact fact{static_cast<FactName>(*at), 0};
    std::memcpy(&fact.value, at + 1, sizeof fact.value);
    facts.add(fact);
  }
  return facts;
}

void KeyEntry::fill(Outcome& outcome) const {
  outcome.code = code;
  outcome.version = version;
  outcome.lsn = lsn;
  outcome.kind = kind;
  outcome.entity = entity();
  outcome.answer = answer();
  outcome.facts = facts();
}

bool KeyTable::is_over(const KeyEntry& entry, Time now) const {
  return retention_s_ != 0 && after(entry.time, retention_s_) <= now;
}

std::size_t KeyTable::bytes_of(const KeyEntry& entry) {
  return aligned(sizeof(KeyEntry) + entry.key_bytes + entry.entity_bytes + entry.answer_bytes +
                 entry.facts_count * fact_bytes);
}

const KeyEntry* KeyTable::find(std::uint64_t hash, Tenant tenant, std::string_view key, Time now) const {
  const KeyEntry* entry =
      index_.find(hash, [&](const KeyEntry& other) { return other.key() == key && other.tenant == tenant; });
  return entry == nullptr || is_over(*entry, now) ? nullptr : entry;
}

void KeyTable::insert(const Finished& finished) {
  TOTE_INVARIANT(finished.lsn > last_);  // what leaves for the disk are the oldest: `keys_up_to` rests on it
  last_ = finished.lsn;
  KeyEntry* old = index_.find(finished.hash, [&](const KeyEntry& other) {
    return other.key() == finished.key && other.tenant == finished.tenant;
  });
  KeyEntry* entry = allocate(aligned(sizeof(KeyEntry) + finished.key.size() + finished.entity.size() +
                                     finished.answer.size() + finished.facts.size() * fact_bytes));
  entry->hash = finished.hash;
  entry->time = finished.time;
  entry->lsn = finished.lsn;
  entry->version = finished.version;
  entry->fingerprint = finished.fingerprint;
  entry->answer_bytes = static_cast<std::uint32_t>(finished.answer.size());
  entry->tenant = finished.tenant;
  entry->kind = finished.kind;
  entry->code = finished.code;
  entry->key_bytes = static_cast<std::uint8_t>(finished.key.size());
  entry->entity_bytes = static_cast<std::uint8_t>(finished.entity.size());
  entry->facts_count = static_cast<std::uint8_t>(finished.facts.size());
  char* at = put(put(put(entry->tail(), finished.key), finished.entity), finished.answer);
  for (const Fact& fact : finished.facts) {
    *at++ = static_cast<char>(fact.name);
    std::memcpy(at, &fact.value, sizeof fact.value);
    at += sizeof fact.value;
  }
  if (old == nullptr) return index_.insert(entry);
  index_.replace(old, entry);
  old->replaced = true;
}

bool KeyTable::expire(Time now, std::size_t count_max) {
  if (pinned_ > 0) return false;
  for (KeyEntry* entry = oldest(); entry != nullptr && (entry->replaced || is_over(*entry, now)); entry = oldest()) {
    if (count_max-- == 0) return true;
    drop_oldest();
  }
  return false;
}

std::vector<KeyTable::Span> KeyTable::pin_oldest(std::size_t count) {
  std::vector<Span> spans;
  for (auto block = blocks_.begin(); block != blocks_.end() && pinned_ < count; ++block) {
    if (block->count == 0) continue;
    spans.emplace_back(block->bytes.get() + block->first, block->used - block->first);
    pinned_ += block->count;
  }
  return spans;
}

KeyEntry* KeyTable::allocate(std::size_t bytes) {
  if (blocks_.empty() || blocks_.back().capacity - blocks_.back().used < bytes) add_block(bytes);
  Block& block = blocks_.back();
  auto* entry = new (block.bytes.get() + block.used) KeyEntry;
  block.used += bytes;
  used_bytes_ += bytes;
  ++block.count;
  return entry;
}

void KeyTable::add_block(std::size_t bytes) {
  std::size_t capacity = block_bytes_min;
  if (!blocks_.empty()) capacity = std::clamp(blocks_.back().capacity * 8, block_bytes_min, block_bytes_max);
  capacity = std::max(capacity, bytes);
  if (capacity == block_bytes_max) return void(blocks_.push_back({pages_.take<std::byte>(), capacity}));
  if (capacity * 8 >= block_bytes_max) pages_.prepare();
  blocks_.push_back({make_large_block<std::byte>(capacity), capacity});
}

KeyEntry* KeyTable::oldest() {
  while (!blocks_.empty() && blocks_.front().count == 0) blocks_.pop_front();
  return blocks_.empty()
             ? nullptr
             : std::launder(reinterpret_cast<KeyEntry*>(blocks_.front().bytes.get() + blocks_.front().first));
}

std::size_t KeyTable::hashes_of_oldest(std::span<std::uint64_t> hashes, std::size_t count_max) {
  const KeyEntry* entry = oldest();
  const std::size_t count = std::min({hashes.size(), count_max, blocks_.front().count});
  for (std::uint64_t& hash : hashes.first(count)) {
    hash = entry->hash;
    entry =
        std::launder(reinterpret_cast<const KeyEntry*>(reinterpret_cast<const std::byte*>(entry) + bytes_of(*entry)));
  }
  return count;
}

void KeyTable::drop_oldest() {
  KeyEntry* entry = oldest();
  if (!entry->replaced) index_.erase(entry);
  blocks_.front().first += bytes_of(*entry);
  used_bytes_ -= bytes_of(*entry);
  --blocks_.front().count;
}

}  // namespace tote
