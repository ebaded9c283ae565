// What is said to etcd, and what it says: the JSON form of its API (its "gRPC gateway"), in which keys and values are
// base64 and 64-bit numbers are texts. Pure text, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "replication/register.h"

namespace tote::cluster {

// POST /v3/kv/range: one key, by a quorum's word.
std::string range_request(std::string_view key);
// POST /v3/kv/txn: the key becomes `value` if its revision is `expected` (0: if there is none). Either way the answer
// has what is there afterwards.
std::string swap_request(std::string_view key, std::int64_t expected, std::string_view value);

// POST /v3/kv/range: the keys that begin with `prefix`, at most pairs_max of them.
inline constexpr std::size_t pairs_max = 64;
std::string list_request(std::string_view prefix);

// The register in an answer to either, or a sentence that says what is wrong with it.
using Answer = std::variant<replication::Registered, std::string>;
Answer read_answer(std::string_view body);

// The keys in an answer to any of these.
struct Pair {
  std::string key{}, value{};
  std::int64_t revision = 0;
};
using Pairs = std::variant<std::vector<Pair>, std::string>;
Pairs read_pairs(std::string_view body);

}  // namespace tote::cluster
