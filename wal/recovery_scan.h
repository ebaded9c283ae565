// Reads what RocksDB would only believe, before RocksDB does: CURRENT, its MANIFEST and RocksDB's own log. Tells a torn
// tail from damage, and where what is proved ends.
//
// RocksDB alone isn't strict enough: a changed length or type byte near the end of its log looks to it like the end,
// and it then drops records that were acknowledged, without a word; other bytes end in an assertion. This scan knows
// one thing more: a group is only written after the sync of the group before it. So a tail is torn only when no other
// group follows.
//
// Relies on: every batch is written with sync = true (or without RocksDB's log), log files are never recycled, and
// GuardedDisk syncs a MANIFEST after each of its records.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace rocksdb {
class Env;
}

namespace tote::wal {

struct RecoveryScan {
  std::map<std::string, std::uint64_t> ends;  // by name: how many bytes of a file may be read
  std::map<std::string, std::uint64_t> torn;  // of these, files of RocksDB's log that go on after their end
  std::uint64_t log_bytes = 0;                // of RocksDB's own log
  std::string damage;                         // one sentence without a full stop; empty: none
  bool is_readable = true;  // with damage: what lies before it can be read, to name the place by its LSN
};

// `files`: the names in the directory. A file of the log that vanishes meanwhile is skipped: a live writer may do that.
RecoveryScan scan_directory(rocksdb::Env& env, const std::string& directory, const std::vector<std::string>& files);

}  // namespace tote::wal
