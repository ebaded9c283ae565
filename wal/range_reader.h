// Reads some records of a log that is being written: for those who follow it behind its writer. Each call may come from
// any thread.
#pragma once

#include "wal/log.h"
#include "wal/store.h"

namespace tote::wal {

// Visits the records from `from` to `to` (both are visited), which must be durable. Frames are checked one by one and
// each against the one before it; that the first of them belongs to the chain was proved at the start of the program.
Damage read_range(const Store& store, Lsn from, Lsn to, const Log::Visit& visit, const Log::Ahead& ahead = {});

}  // namespace tote::wal
