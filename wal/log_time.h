// Where in a log a time is.
#pragma once

#include "engine/kernel/time.h"
#include "wal/log_reader.h"

namespace tote::wal {

struct LsnAt {
  Lsn lsn{};
  Damage damage{};  // none: the LSN is good
};

// The oldest record up to `newest` that isn't older than `time`, also in the archive; behind `newest` when all are. By
// bisection, because the time of records only grows: some dozens of them are read from disk, on the calling thread.
LsnAt first_record_since(const LogReader& log, Time time, Lsn newest);

}  // namespace tote::wal
