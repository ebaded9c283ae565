// How a log's directory is opened: every way in which it can be the wrong one, or a damaged one, is found while nothing
// can be changed.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/status.h>

#include <memory>
#include <string>
#include <vector>

#include "wal/recovery_scan.h"
#include "wal/store.h"

namespace tote::wal {

// One opening, from top to bottom; each step returns the damage it found (empty detail: none).
//
//   1 look       is it empty, a log, or something else; an empty one becomes the beginning of a log
//   2 lock       no other process has it
//   3 scan       CURRENT, MANIFEST and RocksDB's own log are whole, or torn only where a crash tears them
//   4 database   RocksDB opens, to be read, or the first LSN that can't be read is found
//   5 identity   format version and log id, written when new
//   6 keys       every run of keys that counts is there, as it was written
//   7 states     the rows that the newest snapshot counts on are there
//   8 archive    where the log begins, and which segments there are
//
// What is left is Store::begin_writing(), once the records are proved, too.
class StoreOpening {
 public:
  explicit StoreOpening(const LogOptions& options);
  Damage run();
  std::unique_ptr<Store> take() { return std::move(store_); }
  // What a live writer changes beside a reader; equal before and after: it wasn't the writer's doing.
  std::string fingerprint() const;
  // A file of RocksDB's log that was seen at the beginning is gone: what it held may not have been read.
  bool lost_a_log() const;

 private:
  enum class Found { nothing, unfinished, log };  // unfinished: a crash during creation, before any record

  Damage look();
  Damage prepare_directory();
  Damage lock();
  Damage create();
  Damage prove();
  const std::string& scan();  // what is damaged, empty: nothing
  Damage read_identity();
  Damage open_keys();
  Damage open_states();
  Damage open_archive();
  Damage create_identity();
  Damage finish_creation();
  Damage explain(const rocksdb::Status& status) const;
  Lsn first_unreadable() const;
  bool log_is_empty() const;
  Damage refuse(const std::string& sentence) const { return {{}, directory() + " " + sentence}; }
  rocksdb::Env& env() const { return *store_->disk_env_; }
  const std::string& directory() const { return options_.directory; }
  std::string path(const char* name) const { return options_.directory + "/" + name; }

  const LogOptions& options_;
  Found found_ = Found::nothing;
  std::vector<std::string> files_;
  RecoveryScan scan_;
  bool lock_file_is_new_ = false;
  std::unique_ptr<Store> store_;
};

}  // namespace tote::wal
