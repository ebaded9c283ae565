// One request on a wallet as a test means it, and the bytes that say it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tests {

struct Operation {
  enum class Kind : std::uint8_t { open, credit, debit, hold, capture, release, read };

  Kind kind = Kind::read;
  std::string wallet{};
  std::string hold{};
  std::int64_t amount = 0;           // capture: 0 = all of it
  std::int64_t expires_in_s = 0;     // hold
  std::int64_t overdraft_limit = 0;  // open
  std::string currency = "EUR";      // open
  std::optional<std::uint64_t> if_match{};
  std::string key{};             // Idempotency-Key, empty = none
  std::int64_t deadline_ms = 0;  // 0 = none
  std::uint64_t min_lsn = 0;     // read; 0 = none
};

// What a server compares when a key comes again. Headers are no part of it.
struct Wire {
  std::string method, target, body;

  bool operator==(const Wire&) const = default;
};

Wire wire_of(const Operation& operation);
std::vector<std::pair<std::string, std::string>> headers_of(const Operation& operation);

// The same key with another meaning: what must be refused when the first came before.
Operation altered(Operation operation);

std::string text_of(const Operation& operation);  // for people

}  // namespace tests
