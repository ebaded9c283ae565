// What is wrong with a log, and where.
#pragma once

#include <string>

#include "engine/kernel/ordinal.h"

namespace tote::wal {

// Why a log can't be opened, replayed or read. When opening, nothing was changed on disk.
struct Damage {
  Lsn lsn{};  // the first LSN that can't be read; 0 when the damage is not at a record (a lock, a missing file)
  std::string detail;  // one sentence for the operator, ends without a full stop; empty: nothing is wrong

  bool is_none() const { return detail.empty(); }
};

}  // namespace tote::wal
