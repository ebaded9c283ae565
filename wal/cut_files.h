// What cuts have saved (FORMAT.md, "A cut") is for operators, and for as long as somebody may look for it: the newest
// stay.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "wal/log.h"

namespace tote::wal {

struct CutFilesKept {
  std::size_t files = 64;
  std::uint64_t bytes = 1 << 30;  // of all; the newest stays, whatever its size
};

// Removes those beyond it, oldest epoch first, and what crashes left of some that were never whole. A sentence for
// each, and for what couldn't be removed or looked at. While none is being written.
std::vector<std::string> drop_old_cut_files(const LogOptions& options, const CutFilesKept& kept = {});

}  // namespace tote::wal
