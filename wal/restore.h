// From a backup to a log that can be started, as of any LSN that the backup and its archive have. What comes out is
// another history than the one it was taken from: it has an id of its own, so that whoever follows the old one sees it.
#pragma once

#include <memory>
#include <string>

#include "engine/kernel/ordinal.h"
#include "engine/kernel/time.h"

namespace rocksdb {
class FileSystem;
}

namespace tote::wal {

struct RestoreOrder {
  std::string from;   // a backup, or a directory of backups
  std::string to;     // of the log; must not be there, or be empty
  Lsn until{};        // the last record; 0: all
  Time until_time{};  // the same by time: no record after it; 0: all
};

struct RestoreDone {
  std::string backup;  // that was used
  std::string log_id, parent_id;
  Lsn last{};
};

// Copies, proves every byte of it, cuts it, proves it again, and only then gives it its name. Empty, or what went
// wrong; nothing is at `to` then. `disk`: a test's; null: the real one.
std::string restore(const RestoreOrder& order, RestoreDone& done,
                    const std::shared_ptr<rocksdb::FileSystem>& disk = nullptr);

}  // namespace tote::wal
