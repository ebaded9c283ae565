// The one RocksDB database of a log: opening it safely, putting frames in, reading them back. Only the
// store_ and recovery_ files know RocksDB.
//
// Threads: put() belongs to the writer; a Cursor to the thread that made it; the rest to the owner.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wal/key_store.h"
#include "wal/log.h"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Env;
class Iterator;
class Status;
struct Options;
}  // namespace rocksdb

namespace tote::wal {

class Store {
 public:
  // Opens or creates (unless read_only) the database in the directory. Damage leaves the directory as it was.
  static std::variant<std::unique_ptr<Store>, Damage> open(const LogOptions& options);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Writes one frame, given in two pieces, and syncs. Empty, or what went wrong: then nothing may be written any more.
  std::string put(Lsn first, std::string_view header, std::string_view payload);

  // Makes the next open short: moves what is only in RocksDB's own log into tables. A failure loses nothing.
  void flush();

  // Reads all tables of all column families and all runs of keys, checksums included. Detail empty: all are sound.
  Damage check_tables() const;

  // Free bytes of the disk; the highest number when it can't be asked.
  std::uint64_t disk_free_bytes() const;

  // First LSN of the newest frame, unchecked; 0 when there is none.
  Lsn newest_frame() const;

  const std::string& id() const { return id_; }
  KeyStore& keys() { return *keys_; }

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
  Store() = default;
  rocksdb::Status open_database(const rocksdb::Options& options, bool read_only);

  std::string directory_;
  rocksdb::Env* env_ = nullptr;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;  // by Family
  std::unique_ptr<KeyStore> keys_;
  std::string id_;
};

// Key of a frame: its first LSN, 8 bytes, big-endian, so that keys sort as numbers.
std::string frame_key(Lsn first);

}  // namespace tote::wal
