#include "engine/key_entry.h"

#include <algorithm>
#include <cstring>

namespace tote {
namespace {

constexpr std::size_t fact_bytes = 1 + sizeof(std::int64_t);

std::size_t bytes_with(std::size_t key, std::size_t entity, std::size_t answer, std::size_t facts) {
  const std::size_t bytes = sizeof(KeyEntry) + key + entity + answer + facts * fact_bytes;
  return (bytes + alignof(KeyEntry) - 1) / alignof(KeyEntry) * alignof(KeyEntry);
}

char* put(char* at, std::string_view bytes) { return std::copy(bytes.begin(), bytes.end(), at); }

}  // namespace

std::size_t KeyEntry::bytes_for(const FinishedKey& finished) {
  return bytes_with(finished.key.size(), finished.entity.size(), finished.answer.size(), finished.facts.size());
}

std::size_t KeyEntry::bytes() const { return bytes_with(key_bytes, entity_bytes, answer_bytes, facts_count); }

void KeyEntry::assign(const FinishedKey& finished) {
  hash = finished.hash;
  time = finished.time;
  lsn = finished.lsn;
  version = finished.version;
  fingerprint = finished.fingerprint;
  answer_bytes = static_cast<std::uint32_t>(finished.answer.size());
  tenant = finished.tenant;
  kind = finished.kind;
  code = finished.code;
  key_bytes = static_cast<std::uint8_t>(finished.key.size());
  entity_bytes = static_cast<std::uint8_t>(finished.entity.size());
  facts_count = static_cast<std::uint8_t>(finished.facts.size());
  char* at = put(put(put(tail(), finished.key), finished.entity), finished.answer);
  for (const Fact& fact : finished.facts) {
    *at++ = static_cast<char>(fact.name);
    std::memcpy(at, &fact.value, sizeof fact.value);
    at += sizeof fact.value;
  }
}

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

}  // namespace tote
