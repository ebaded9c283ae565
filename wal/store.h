// The one RocksDB database of a log: opening it safely, putting frames in, reading them back. Only the
// store_ and recovery_ files know RocksDB.
//
// Threads: put() belongs to the writer; a Cursor to the thread that made it; the rest to the owner.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wal/archive.h"
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

  // First LSN of the newest frame, unchecked; 0 when there is none.
  Lsn newest_frame() const;

  // -- where the log begins, and what lies before it (store_trim.cc). Any thread
  Lsn first() const { return {first_.load(std::memory_order_acquire)}; }
  Lsn first_with_archive() const;  // the same of the archive, where it joins
  FrameHash previous() const;      // what the frame that begins there has as its previous hash
  // From now on it begins with this frame; what lies before it goes. Empty, or what went wrong. One thread at a time.
  std::string trim(Lsn first, const FrameHash& previous);
  std::string drop_trimmed();  // what a crash left
  // Of the frames from one LSN to another (not included), on the disk and on the way there; about.
  std::uint64_t log_bytes(Lsn from, Lsn to = {std::numeric_limits<std::uint64_t>::max()}) const;
  // -- a log that several machines keep (store_epochs.cc). Those that write belong to one thread, and are durable when
  // they return: empty, or what went wrong; then nothing may be written any more
  struct Beginning {
    Lsn first{};
    FrameHash previous{};
  };
  Beginning beginning() const;                       // both as of one moment
  std::string promised(std::uint64_t& epoch) const;  // 0: none was ever promised
  std::string promise(std::uint64_t epoch);
  std::string put(std::span<const std::string_view> frames, Lsn first);  // that follow each other, in one batch
  // All frames after `last`, where one ends, go in one batch; before that they are in the file `aside`.
  std::string cut(Lsn last, const std::string& aside);
  // Whose disk this is: `node`/random digits, drawn when the log, or a copy of another's, is first opened as that
  // node's.
  std::string disk_of(const std::string& node, std::string& disk);
  // What is a node's own, and stays when the log is replaced by another node's (fill_swap.h).
  struct NodeRows {
    std::uint64_t promised = 0;
    std::string disk{};  // empty: none was drawn
    Lsn shipped{};       // 0: nothing was
  };
  std::string node_rows(NodeRows& rows) const;
  std::string set_node_rows(const NodeRows& rows);
  // Of a log that has no frame and has promised nothing.
  std::string change_id(const std::string& id);
  // Up to here segments have been taken elsewhere by archive.command. Empty, or what went wrong.
  std::string shipped_to(Lsn& lsn) const;
  std::string set_shipped_to(Lsn lsn);
  // Links to all files that the log is made of now, for a backup: tables in `to`/log, runs of keys in `to`/keys. What
  // is only in RocksDB's own log becomes tables. `linked`: where each is, by its path within a backup. Empty, or what
  // went wrong.
  std::string link_all(const std::string& to, std::map<std::string, std::string>& linked);
  const std::string& directory() const { return options_.directory; }
  Archive& archive() { return archive_; }
  const Archive& archive() const { return archive_; }

  const std::string& id() const { return id_; }
  KeyStore& keys() { return *keys_; }
  StoredStates& states() { return states_; }

  // Walks over the frames in the order of their keys. What is there when it is made stays to be read.
  class Cursor final : public FrameCursor {
   public:
    // At the frame that holds this record, or at the first one. `is_long`: much will be read.
    Cursor(const Store& store, Lsn from, bool is_long);
    ~Cursor() override;
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    Lsn begins_at() const { return begins_at_; }  // the log, when it was made
    bool valid() const override;
    void next() override;
    std::string error() const override;
    std::string_view key() const override;
    std::string_view frame() const override;

   private:
    Lsn begins_at_;
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
  std::string read_beginning();

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
  Archive archive_;
  std::atomic<std::uint64_t> first_{1};
  mutable std::mutex beginning_mutex_;  // of what the first frame follows
  FrameHash previous_;
  bool is_writable_ = false;
};

// Key of a frame: its first LSN, 8 bytes, big-endian, so that keys sort as numbers.
std::string frame_key(Lsn first);

}  // namespace tote::wal
