// Every bound of the engine in one place. A bound that isn't checked somewhere is a defect.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tote::limits {

inline constexpr std::size_t id_bytes_max = 128;                    // entity, part of one, reference
inline constexpr std::size_t idempotency_key_bytes_max = 255;       // of a client, ASCII
inline constexpr std::int64_t amount_max = 1'000'000'000'000'000;   // 10^15 minor units in one command
inline constexpr std::int64_t balance_max = 9'000'000'000'000'000;  // 9 * 10^15: stays exact in every JSON reader
inline constexpr std::size_t actor_bytes_max = 128;                 // the name of who gave a command
inline constexpr std::size_t tenants_max = 4'096;
inline constexpr std::int64_t waiting_read_s_max = 30;     // a read that waits for an LSN
inline constexpr std::size_t batch_requests_max = 65'536;  // requests in one batch of the embedding API
inline constexpr std::size_t script_steps_max = 65'536;    // commands and looks of one run of a script
inline constexpr std::size_t script_entities_max = 4'096;  // that it meets; 200 of them may change

}  // namespace tote::limits
