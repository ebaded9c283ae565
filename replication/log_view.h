// A node's own log as the protocol sees it: all frames that were written, synced or not. Called on the thread of the
// node, which may read a disk, and isn't the engine's loop. What can't be read ends the process (wal/guarded_disk.h).
#pragma once

#include <cstddef>
#include <vector>

#include "replication/mark.h"

namespace tote::replication {

class LogView {
 public:
  virtual ~LogView() = default;

  virtual Mark begin() const = 0;                // what the first frame that is kept follows
  virtual bool has(const Mark& mark) const = 0;  // a frame ends there, or the first one begins
  // The end of the frame that holds the record after `lsn`, which is there.
  virtual Mark end_after(Lsn lsn) const = 0;
  // The frames after `lsn`, a frame's end: as many as fit into bytes_max, at least one if there is one.
  virtual std::vector<Frame> page(Lsn lsn, std::size_t bytes_max) const = 0;
};

}  // namespace tote::replication
