// Reads RocksDB's own log before RocksDB does, and tells a torn tail from damage.
//
// RocksDB alone isn't strict enough: a changed length or type byte near the end of its log looks to it like the end,
// and it then drops records that were acknowledged, without a word. This scan knows one thing more: a group is only
// written after the sync of the group before it. So a tail is torn only when no other group follows.
//
// Relies on: every batch is written with sync = true (or without RocksDB's log), and log files are never recycled.
#pragma once

#include <string>
#include <vector>

namespace rocksdb {
class Env;
}

namespace tote::wal {

struct RecoveryScan {
  bool torn = false;   // the last group was being written when the machine stopped: it was never acknowledged
  std::string damage;  // one sentence without a full stop; empty: none
};

// `files`: the names in the directory. A file that vanishes meanwhile is skipped: a live writer may do that.
RecoveryScan scan_recovery_log(rocksdb::Env& env, const std::string& directory, const std::vector<std::string>& files);

}  // namespace tote::wal
