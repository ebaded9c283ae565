#include "engine/key_table.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace tote {
namespace {

constexpr std::size_t fact_bytes = 1 + sizeof(std::int64_t);

std::size_t aligned(std::size_t bytes) {
  return (bytes + alignof(KeyEntry) - 1) / alignof(KeyEntry) * alignof(KeyEntry);
}

std::size_t tail_bytes(const KeyEntry& entry) {
  return entry.key_bytes + entry.entity_bytes + entry.answer_bytes + entry.facts_count * fact_bytes;
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

const KeyEntry* KeyTable::find(std::uint64_t hash, std::string_view key, Time now) const {
  const KeyEntry* entry = index_.find(hash, [key](const KeyEntry& other) { return other.key() == key; });
  return entry == nullptr || is_over(*entry, now) ? nullptr : entry;
}

void KeyTable::insert(const Finished& finished) {
  KeyEntry* old = index_.find(finished.hash, [&](const KeyEntry& other) { return other.key() == finished.key; });
  KeyEntry* entry = allocate(finished.key.size() + finished.entity.size() + finished.answer.size() +
                             finished.facts.size() * fact_bytes);
  entry->hash = finished.hash;
  entry->time = finished.time;
  entry->lsn = finished.lsn;
  entry->version = finished.version;
  entry->fingerprint = finished.fingerprint;
  entry->answer_bytes = static_cast<std::uint32_t>(finished.answer.size());
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

void KeyTable::expire(Time now) {
  if (pinned_ > 0) return;
  for (KeyEntry* entry = oldest(); entry != nullptr && (entry->replaced || is_over(*entry, now)); entry = oldest())
    drop_oldest();
}

void KeyTable::pin_oldest(std::size_t count_max, std::vector<const KeyEntry*>& oldest) {
  for (const Block& block : blocks_)
    for (std::size_t at = block.first; at < block.used && oldest.size() < count_max;) {
      const auto* entry = std::launder(reinterpret_cast<const KeyEntry*>(block.bytes.get() + at));
      oldest.push_back(entry);
      at += aligned(sizeof(KeyEntry) + tail_bytes(*entry));
    }
  pinned_ = oldest.size();
}

KeyEntry* KeyTable::allocate(std::size_t tail) {
  const std::size_t bytes = aligned(sizeof(KeyEntry) + tail);
  if (blocks_.empty() || blocks_.back().capacity - blocks_.back().used < bytes) {
    const std::size_t capacity = std::max(block_bytes, bytes);
    blocks_.push_back({make_large_block<std::byte>(capacity), capacity});
  }
  Block& block = blocks_.back();
  auto* entry = new (block.bytes.get() + block.used) KeyEntry;
  block.used += bytes;
  return entry;
}

KeyEntry* KeyTable::oldest() {
  while (!blocks_.empty() && blocks_.front().first == blocks_.front().used) blocks_.pop_front();
  return blocks_.empty()
             ? nullptr
             : std::launder(reinterpret_cast<KeyEntry*>(blocks_.front().bytes.get() + blocks_.front().first));
}

void KeyTable::drop_oldest() {
  KeyEntry* entry = oldest();
  if (!entry->replaced) index_.erase(entry);
  blocks_.front().first += aligned(sizeof(KeyEntry) + tail_bytes(*entry));
}

}  // namespace tote
