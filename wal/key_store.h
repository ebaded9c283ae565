// Finished idempotency keys that no longer fit in memory (DESIGN D5): runs, files in `keys/` that are written once, in
// the order of the log, for all tenants together, and that go as a whole when the retention of their newest key is
// over, or when another one has taken in several that lie side by side (key_merger.h). RocksDB doesn't see them: its
// compaction would hold up the log. Its column family `meta` says which files count.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wal/key_run_reader.h"
#include "wal/record.h"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Env;
class FileSystem;
class Status;
class WriteBatch;
}  // namespace rocksdb

namespace tote::wal {

class KeyStore {
 public:
  // What finished from one LSN to another, both included. Runs come and go; where a key is in the log stays.
  struct Span {
    Lsn first{}, last{};
  };
  // A run that counts, and what it is to the owner.
  struct Run {
    Span span{};
    std::uint64_t keys = 0;
    Time oldest{}, newest{};
  };
  // Calls `add` for each entry of a run, in the order of their LSNs. The record has a key and no changes, `hash` is its
  // key_hash().
  using Add = std::function<void(Lsn lsn, std::uint64_t hash, const Record& record)>;
  using Source = std::function<void(const Add& add)>;

  // `directory`: the log's. `env`: for the runs.
  KeyStore(rocksdb::Env& env, std::string directory);
  // The database as it is open now. `old_keys`: the column family in which keys were before; the log still has all of
  // them.
  void use(rocksdb::DB& db, rocksdb::ColumnFamilyHandle& meta, rocksdb::ColumnFamilyHandle& old_keys);

  // What the log needs for itself.
  void keep_free(std::uint64_t bytes) { kept_free_bytes_ = bytes; }

  // Finds the runs that count. Empty, or the damage: a file that is missing or another one than was written.
  std::string open();
  // From now on the directory may change: removes files that don't count (a crash left them), and makes the runs count
  // that were put() before. Until then they don't, and nothing is left of them when the store goes.
  std::string start();
  ~KeyStore();
  KeyStore(const KeyStore&) = delete;
  KeyStore& operator=(const KeyStore&) = delete;

  // Removes files that don't count: a crash left them, and they may take the room that the next start needs.
  void sweep();

  // -- one thread at a time, not the loop; replace() and remove() may be called on another one
  // Makes a run of one or more entries durable; find() sees it when this returns. Every key that was finished up to its
  // last LSN must then be in a run, or past its retention. Empty, or what went wrong: then the process has to stop.
  std::string put(const Source& source, Run& run);
  // Forgets the runs whose newest key is not after `end`.
  std::string drop(Time end);

  // -- any thread
  // All keys that were finished up to this LSN are here, or past their retention.
  Lsn up_to() const;
  std::vector<Run> runs() const;  // oldest first
  std::size_t count() const { return count_.load(std::memory_order_relaxed); }
  // Of the newest key of the oldest run: when it is past its retention, drop() has something to do. 0: there is no run.
  Time first_to_go() const { return {first_to_go_ns_.load(std::memory_order_relaxed)}; }
  // Looks in the runs that have keys of these spans, newest first, and stops at the first that has the key.
  KeyFound find(std::string_view tenant, std::string_view key, std::uint64_t hash, std::span<const Span> spans) const;
  // Calls `visit` for each key's hash in the run that ends there. Empty, or the damage.
  std::string each_hash(Lsn last, const std::function<void(std::uint64_t hash)>& visit) const;
  // Reads everything. Empty, or the damage, with the LSN where there is one.
  std::string check(Lsn& lsn) const;

  // -- for the merger
  struct File {
    std::string name;
    std::shared_ptr<const KeyRunReader> reader;
    bool counts = false;  // its row is in `meta`
  };
  std::vector<File> files() const;  // those that count, oldest first
  bool has(const KeyRunReader& reader) const;
  // Never given before. It sorts where `last` is: names and LSNs have one order.
  std::string name_for(const File& last) const;
  // The disk takes so many bytes more, and has what it must keep free then.
  bool has_room(std::uint64_t bytes) const;
  // Makes a file (written and synced) count instead of those that it was made of, unless one of them has been dropped
  // meanwhile. Empty, or what went wrong: then the process has to stop.
  [[gnu::noinline]] std::string replace(const std::vector<std::shared_ptr<const KeyRunReader>>& old,
                                        const std::string& name, const KeyRunFooter& footer);
  // Of a file that doesn't count.
  void remove(const std::string& name) const;
  std::string path_of(const std::string& name) const { return directory_ + "/" + name; }
  rocksdb::FileSystem& disk() const;

 private:
  std::string read_rows();
  std::string open_file(const std::string& name, std::string_view row, File& file) const;
  std::vector<std::string> names_in_directory() const;
  std::string make_directory();
  std::string record(const std::vector<File>& files);
  std::string remove_old_keys();
  std::vector<std::shared_ptr<const KeyRunReader>> readers_of(Span span) const;
  KeyFound find_in(std::string_view tenant, std::string_view key, std::uint64_t hash, Span span) const;
  void take_over(std::vector<File> files);

  rocksdb::Env& env_;
  mutable RunFiles open_;
  rocksdb::DB* db_ = nullptr;
  rocksdb::ColumnFamilyHandle* meta_ = nullptr;
  rocksdb::ColumnFamilyHandle* old_keys_ = nullptr;
  const std::string parent_, directory_;
  std::uint64_t kept_free_bytes_ = 0;
  bool started_ = false;
  bool made_directory_ = false;
  std::uint64_t last_number_ = 0;

  std::mutex change_mutex_;   // a change of the rows and of files_ is one
  mutable std::mutex mutex_;  // a table of files; within the other one
  std::vector<File> files_;   // in the order of their LSNs, which is that of their names
  std::atomic<std::size_t> count_{0};
  std::atomic<std::int64_t> first_to_go_ns_{0};
  Lsn up_to_{};
};

}  // namespace tote::wal
