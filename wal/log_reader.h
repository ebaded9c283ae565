// What everybody sees of a log who reads it beside whoever writes it: followers, feeds, histories, tools. It is an
// engine's (Engine::log), one that lies on disk (wal/log.h), or one that a test made up.
//
//   first() … durable(): the records that can be read
#pragma once

#include <functional>
#include <string>

#include "wal/damage.h"
#include "wal/record.h"

namespace tote::wal {

// Any thread.
class LogReader {
 public:
  using Visit = std::function<bool(Lsn lsn, const Record& record)>;

  virtual ~LogReader() = default;

  virtual const std::string& id() const = 0;  // 32 hex digits, drawn when the log was made
  // The oldest record that is kept; before the first one is written, its LSN. It may grow, so no reader takes a log to
  // begin at LSN 1. What keeps a cursor keeps its record in the log, too: by it the log is known again.
  virtual Lsn first() const = 0;
  // The oldest record that is in the log itself: those before it are in the archive, if anywhere. It may grow, too.
  virtual Lsn untrimmed() const { return first(); }
  virtual Lsn durable() const = 0;  // the newest record that is on disk; 0: there was none yet
  // The records from `from` to `to`, both included and durable, oldest first, until `visit` says false; on the calling
  // thread, from disk. What a record views into is gone after its visit. What lies below first() is damage, too.
  virtual Damage read(Lsn from, Lsn to, const Visit& visit) const = 0;
};

// A reader came too late for `lsn`.
inline Damage trimmed(Lsn lsn, Lsn first) { return {lsn, "the log begins at LSN " + std::to_string(first.value)}; }

}  // namespace tote::wal
