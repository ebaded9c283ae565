// Bounds of the log (DESIGN D12). The writer stops on them as broken invariants, the reader refuses them as damage.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/kernel/limits.h"

namespace tote::wal::limits {

using tote::limits::actor_bytes_max;                        // actor
using tote::limits::id_bytes_max;                           // tenant and entity
using tote::limits::idempotency_key_bytes_max;              // key
inline constexpr std::size_t changes_max = 200;             // of one record
inline constexpr std::size_t events_bytes_max = 1 << 20;    // of one change
inline constexpr std::size_t answer_bytes_max = 1 << 20;    // of one record
inline constexpr std::size_t record_bytes_max = 208 << 20;  // more than every bound above can add up to
inline constexpr std::size_t raw_bytes_max = 256 << 20;     // of one frame, checked before memory is asked for
inline constexpr std::size_t compress_bytes_min = 4 << 10;  // a smaller frame is stored as it is

}  // namespace tote::wal::limits
