// How a log's directory is opened: every way in which it can be the wrong one is found before anything is changed.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/status.h>

#include <memory>
#include <string>
#include <vector>

#include "wal/store.h"

namespace tote::wal {

// One opening, from top to bottom; each step returns the damage it found (empty detail: none).
//
//   1 look       is it empty, a log, or something else; an empty one becomes the beginning of a log
//   2 lock       no other process has it
//   3 scan       RocksDB's own log is whole, or torn only where a crash tears it (recovery_scan.h)
//   4 database   RocksDB opens, or the first LSN that can't be read is found
//   5 identity   format version and log id, written when new
//   6 keys       every run of keys that counts is there, as it was written
class StoreOpening {
 public:
  explicit StoreOpening(const LogOptions& options);
  Damage run();
  std::unique_ptr<Store> take() { return std::move(store_); }

 private:
  enum class Found { nothing, unfinished, log };  // unfinished: a crash during creation, before any record

  Damage look();
  Damage prepare_directory();
  Damage lock_and_scan();
  Damage scan();
  Damage open_database();
  Damage read_identity();
  Damage open_keys();
  Damage create_identity();
  Damage finish_creation();
  Damage explain(const rocksdb::Status& status) const;
  Lsn first_unreadable() const;
  bool log_is_empty() const;
  bool may_create() const { return found_ == Found::nothing || found_ == Found::unfinished; }
  Damage refuse(const std::string& sentence) const { return {{}, directory() + " " + sentence}; }
  rocksdb::Env& env() const { return *store_->env_; }
  const std::string& directory() const { return options_.directory; }
  std::string path(const char* name) const { return options_.directory + "/" + name; }

  const LogOptions& options_;
  rocksdb::Options database_options_;
  Found found_ = Found::nothing;
  std::vector<std::string> files_;
  std::unique_ptr<Store> store_;
};

}  // namespace tote::wal
