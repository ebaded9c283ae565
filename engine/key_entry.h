// A finished idempotency key in memory: what was asked, what was answered (DESIGN D5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/request.h"

namespace tote {

// What a finished request leaves behind.
struct FinishedKey {
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

// As it is kept. Its variable part follows it in the same block: key, entity, answer, facts.
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

  // Of an entry with its variable part.
  static std::size_t bytes_for(const FinishedKey& finished);
  std::size_t bytes() const;
  // `this` is at the beginning of so many bytes.
  void assign(const FinishedKey& finished);

  std::string_view key() const { return {tail(), key_bytes}; }
  std::string_view entity() const { return {tail() + key_bytes, entity_bytes}; }
  std::string_view answer() const { return {tail() + key_bytes + entity_bytes, answer_bytes}; }
  Facts facts() const;
  void fill(Outcome& outcome) const;

 private:
  const char* tail() const { return reinterpret_cast<const char*>(this + 1); }
  char* tail() { return reinterpret_cast<char*>(this + 1); }
};

}  // namespace tote
