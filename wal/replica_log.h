// The log of an engine beside a replica: the engine knows nothing of other machines. Its follow() visits records as
// they are committed, wherever they come from, until this machine owns the log and all were visited: meanwhile last()
// is the newest that was, and durable() the newest that may be. What the engine appends then goes to the replica;
// durable() is what came of it.
#pragma once

#include <memory>

#include "wal/frame_store.h"
#include "wal/log.h"
#include "wal/replica_seam.h"

namespace tote::wal {

// `options`: those that the engine gave; what concerns the disk was done with by FrameStore::open().
std::unique_ptr<Log> open_replica_log(LogOptions options, std::shared_ptr<FrameStore> frames,
                                      std::shared_ptr<ReplicaSeam> seam);

}  // namespace tote::wal
