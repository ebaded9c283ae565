// The parts of a body that the checker compares.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace tests {

struct Answer {
  // Of a wallet.
  std::string id{}, currency{};
  std::int64_t balance = 0, held = 0, available = 0, overdraft_limit = 0;
  std::uint64_t version = 0, lsn = 0;
  std::string hold{}, hold_status{};
  std::int64_t hold_amount = 0, hold_captured = 0, hold_expires_at_ms = 0;
  // Of a problem.
  std::string code{}, outcome{};
  std::map<std::string, std::int64_t> facts{};  // every other number
};

std::optional<Answer> parse_answer(const std::string& body);

// "2024-05-01T12:00:00.123Z" in milliseconds since 1970.
std::int64_t ms_of(const std::string& time);

}  // namespace tests
