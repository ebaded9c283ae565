// Places in a log that is kept on several nodes, and the frames between them. Values; no errors, any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/kernel/ordinal.h"

namespace tote::replication {

// One ownership of the log: 1 for the first owner, higher for each later one, never given twice, not even to the same
// process started again. 0: the log of one machine. At most 2^32 - 1: what a frame's header has room for.
using Epoch = Ordinal<struct EpochTag>;

// XXH3-128 of a whole frame, or of the log's id before the first one (wal/FORMAT.md, "The chain").
struct ChainHash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  constexpr auto operator<=>(const ChainHash&) const = default;
};

// The end of a frame. Each frame's hash covers that of the frame before it: equal marks, equal logs up to there.
struct Mark {
  Lsn lsn{};  // of the frame's last record; 0: before the first one
  ChainHash hash{};

  constexpr auto operator<=>(const Mark&) const = default;
};

// A frame on its way: its header's fields that the protocol needs, and its bytes as they are on disk.
struct Frame {
  Epoch epoch{};  // whose owner made it
  Lsn first{}, last{};
  ChainHash previous{}, hash{};
  std::shared_ptr<const std::string> bytes{};  // never null

  Mark end() const { return {last, hash}; }
  bool follows(const Mark& mark) const { return first == mark.lsn.next() && previous == mark.hash; }
};

}  // namespace tote::replication
