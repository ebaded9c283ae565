#include "engine/kernel/backoff.h"

#include <algorithm>

namespace tote {
namespace {

// FNV-1a, then mixed: its low bits alone would hardly differ between neighbours. Not on disk.
std::uint64_t add(std::uint64_t hash, std::string_view bytes) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return (hash ^ 0xffU) * 0x100000001b3U;
}

std::uint64_t mixed(std::uint64_t hash) {
  hash = (hash ^ (hash >> 33U)) * 0xff51afd7ed558ccdU;
  hash = (hash ^ (hash >> 33U)) * 0xc4ceb9fe1a85ec53U;
  return hash ^ (hash >> 33U);
}

}  // namespace

std::int64_t Backoff::wait_ns(std::string_view caller, std::string_view step, std::uint32_t attempts) const {
  constexpr std::uint32_t doublings_max = 10;
  const std::uint32_t doublings = std::min(attempts == 0 ? 0 : attempts - 1, doublings_max);
  const std::int64_t longest = std::min(first_ns << doublings, max_ns);
  const std::uint64_t hash = mixed(add(add(0xcbf29ce484222325U, caller), step) + attempts);
  return longest / 2 + static_cast<std::int64_t>(hash % (static_cast<std::uint64_t>(longest) / 2 + 1));
}

}  // namespace tote
