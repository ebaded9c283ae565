// What an engine keeps of its log, and where the rest goes (docs/operations.md).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "wal/trim_limit.h"

namespace tote {

struct Retention {
  std::int64_t log_s = 86'400;                        // records younger than this stay in the log …
  std::uint64_t log_bytes = std::uint64_t{16} << 30;  // … up to this much of it
  std::uint64_t max_bytes = std::uint64_t{64} << 30;  // what one that holds the log up may hold up
  std::string archive_directory{};                    // of sealed segments; empty: `archive` in the log's directory
  std::int64_t archive_keep_s = 0;                    // 0: for ever
  std::string archive_command{};                      // ships a sealed segment: %p path, %f name; empty: none
  std::function<Lsn()> snapshot{};    // a start needs what comes after it; none, or LSN 0: nothing is ever taken
  std::int64_t interval_ms = 10'000;  // between two looks at what may go
  std::function<std::vector<wal::Hold>()> holds{};  // who still reads, from where on. Any thread
};

}  // namespace tote
