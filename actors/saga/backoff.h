// actors/saga/backoff.h: how long to wait before an outside call is made again. Decisions are pure, so the jitter comes
// from a hash: spread over sagas, the same at every replay.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/kernel/time.h"

namespace tote::saga {

inline constexpr std::int64_t backoff_first_ns = 100 * ns_per_ms;
inline constexpr std::int64_t backoff_max_ns = 60 * ns_per_s;

// After `attempts` calls without an answer: 100 ms, doubled by every further one, at most 60 s; of which the second
// half is jitter.
std::int64_t backoff_ns(std::string_view saga_id, std::string_view step, std::uint32_t attempts);

}  // namespace tote::saga
