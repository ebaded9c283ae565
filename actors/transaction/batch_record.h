// What the log keeps of a batch of requests that came under one idempotency key. Its lines are requests with keys of
// their own; two records without changes stand around them: that it began, under the batch's key, and what was
// answered, under a key derived from it. A crash between them leaves the first: sent again, the batch goes on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/kernel/command.h"

namespace tote::transaction {

inline constexpr std::size_t batch_packed_bytes_max = std::size_t{768} << 10;  // of one record

struct BatchRecord {
  std::uint32_t lines = 0;
  std::uint32_t bytes = 0;    // of the answers' text; 0: it began
  std::string_view packed{};  // the text as its writer packed it
};

// Encodes; `packed` has at most batch_packed_bytes_max.
void write_batch(const BatchRecord& batch, std::string& out);
// Views into `answer`; nothing when it isn't a batch's.
std::optional<BatchRecord> read_batch(std::string_view answer);

// To be submitted under kind_id: succeeds, changes nothing, and its answer is the record.
Command batch_command(const BatchRecord& batch);

}  // namespace tote::transaction
