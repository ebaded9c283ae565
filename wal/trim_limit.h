// How much of the log may go: below the oldest of what a start, finished keys, followers and the operator need. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/kernel/ordinal.h"

namespace tote::wal {

// Who reads the log for somebody else: it needs its records from here on.
struct Hold {
  std::string name;
  Lsn from{};
};

struct TrimNeeds {
  Lsn snapshot{};   // a start needs its record and what comes after it; 0: there is none, and nothing may go
  Lsn keys_from{};  // finished keys that are in memory only are in records from here on
  Lsn kept_from{};  // of retention.log_s and log_bytes: the operator wants them
  std::vector<Hold> holds{};
  Lsn held_from{};  // of retention.max_bytes: who holds up more than this is let go
};

struct TrimLimit {
  Lsn below{};                        // all before this record may go; 0 and 1: nothing
  std::string held_by{};              // the follower that keeps it from being more; empty: none
  std::vector<std::string> let_go{};  // followers that need what goes now
};

TrimLimit trim_limit(const TrimNeeds& needs);

}  // namespace tote::wal
