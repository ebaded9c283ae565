// The log of an engine beside a replica: the engine knows nothing of other machines. Its replay() stands by: it visits
// records as they are committed, wherever they come from, and returns when this machine owns the log, having visited
// all. What the engine appends then goes to the replica; durable() is what came of it.
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
