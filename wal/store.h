// The one RocksDB database of a log: opening it safely, putting frames in, reading them back. Only the
// store_ and recovery_ files know RocksDB.
//
// Threads: put() belongs to the writer; a Cursor to the thread that made it; the rest to the owner.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wal/key_store.h"
#include "wal/log.h"
#include "wal/stored_states.h"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Env;
class FileLock;
class Iterator;
class Status;
}  // namespace rocksdb

namespace tote::wal {

class GuardedDisk;

// Read first, written later: nothing on disk changes before begin_writing(), unless the log is new.
class Store {
 public:
  // Opens the database in the directory to be read, or creates it (unless read_only). Damage leaves the directory as it
  // was.
  static std::variant<std::unique_ptr<Store>, Damage> open(const LogOptions& options);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Opens the same database to be written. With damage (too little room on the disk) nothing was changed, or the disk
  // failed and the process with it. Iterators end before.
  Damage begin_writing();

  // Writes one frame, given in two pieces, and syncs. Empty, or what went wrong: then nothing may be written any more.
  std::string put(Lsn first, std::string_view header, std::string_view payload);

  // Makes the next open short: moves what is only in RocksDB's own log into tables, when there is room for them.
  void flush();

  // Reads all tables of all column families and all runs of keys, checksums included. Detail empty: all are sound.
  Damage check_tables() const;

  // What the disk must have free so that the log can be closed, and opened again after a crash.
  std::uint64_t reserve_bytes() const;

  // Free bytes of the disk; the highest number when it can't be asked.
  std::uint64_t disk_free_bytes() const;

  // First LSN of the oldest and of the newest frame, unchecked; 0 when there is none.
  Lsn oldest_frame() const;
  Lsn newest_frame() const;

  const std::string& id() const { return id_; }
  KeyStore& keys() { return *keys_; }
  StoredStates& states() { return states_; }

  // Walks over the frames in the order of their keys.
  class Cursor {
   public:
    explicit Cursor(const Store& store);   // at the first frame
    Cursor(const Store& store, Lsn from);  // at the frame that holds this record
    ~Cursor();
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    bool valid() const;  // false at the end and on an error: see error()
    void next();
    std::string error() const;       // empty: none
    std::string_view key() const;    // until next()
    std::string_view frame() const;  // until next()

   private:
    std::unique_ptr<rocksdb::Iterator> iterator_;
  };

 private:
  friend class StoreOpening;
  enum class Access { read, write, create };

  explicit Store(const LogOptions& options);
  rocksdb::Status open_database(Access access);
  void close_database();
  rocksdb::Status cut_torn_logs();
  // "needs 34 MiB …", or nothing.
  std::string too_little_room(std::uint64_t bytes) const;

  const LogOptions options_;
  rocksdb::Env* const disk_env_;               // the real one, or that of a test
  rocksdb::FileLock* lock_ = nullptr;          // from the first look to the end
  std::shared_ptr<GuardedDisk> guard_;         // between RocksDB and the disk
  std::unique_ptr<rocksdb::Env> env_;          // with the guard
  std::shared_ptr<GuardedDisk> keys_guard_;    // runs may be written while the log is replayed: they don't count yet
  std::unique_ptr<rocksdb::Env> keys_env_;     // with it
  std::map<std::string, std::uint64_t> torn_;  // files of RocksDB's log that are to be cut where their proof ends
  std::uint64_t log_bytes_at_open_ = 0;        // of RocksDB's own log
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;  // by Family
  std::unique_ptr<KeyStore> keys_;
  StoredStates states_;
  std::string id_;
  bool is_writable_ = false;
};

// Key of a frame: its first LSN, 8 bytes, big-endian, so that keys sort as numbers.
std::string frame_key(Lsn first);

}  // namespace tote::wal
