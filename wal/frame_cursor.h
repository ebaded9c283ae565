// Walks over frames in the order of their LSNs, wherever they lie: in the log, in the archive, in one after the other.
#pragma once

#include <string>
#include <string_view>

namespace tote::wal {

// One thread.
class FrameCursor {
 public:
  virtual ~FrameCursor() = default;

  virtual bool valid() const = 0;  // false at the end and on an error: see error()
  virtual void next() = 0;
  virtual std::string error() const = 0;       // empty: none
  virtual std::string_view key() const = 0;    // frame_key() of its first LSN; until next()
  virtual std::string_view frame() const = 0;  // until next()
};

}  // namespace tote::wal
