// What the log keeps of a batch of requests that came under one idempotency key. Its lines are requests with keys of
// their own; records without changes stand around them: that it began, under the batch's key, and what was answered,
// under keys derived from it. A crash between them leaves the first: sent again, the batch goes on.
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
  std::string_view packed{};  // the text as its writer packed it, or a piece of that
  std::uint32_t pieces = 0;   // the packed text is in so many records, this one is the first; 0: in this one
  std::uint64_t hash = 0;     // of several pieces: of the packed text
  bool own_keys = false;      // keys derived from its key can't be a client's; false: of earlier programs
};

// Encodes; `packed` has at most batch_packed_bytes_max.
void write_batch(const BatchRecord& batch, std::string& out);
// Views into `answer`; nothing when it isn't a batch's.
std::optional<BatchRecord> read_batch(std::string_view answer);

// To be submitted under kind_id: succeeds, changes nothing, and its answer is the record.
Command batch_command(const BatchRecord& batch);

}  // namespace tote::transaction
