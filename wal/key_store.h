// Finished idempotency keys that no longer fit in memory (DESIGN D5): runs, files in `keys/` that are written once, in
// the order of the log, for all tenants together, and that go as a whole when the retention of their newest key is
// over. RocksDB doesn't see them: its compaction would hold up the log. Its column family `meta` says which files
// count.
#pragma once

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
class WriteBatch;
}  // namespace rocksdb

namespace tote::wal {

class KeyStore {
 public:
  // A run that counts, and what it is to the owner. Numbers rise with the LSNs and are never given twice.
  struct Run {
    std::uint64_t number = 0;
    std::uint64_t keys = 0;
    Lsn last{};
    Time newest{};
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

  // Finds the runs that count. Empty, or the damage: a file that is missing or another one than was written.
  std::string open();
  // From now on the directory may change: removes files that don't count (a crash left them), and makes the runs count
  // that were put() before. Until then they don't, and nothing is left of them when the store goes.
  std::string start();
  ~KeyStore();
  KeyStore(const KeyStore&) = delete;
  KeyStore& operator=(const KeyStore&) = delete;

  // -- one thread at a time, not the loop
  // Makes a run of one or more entries durable; find() sees it when this returns. Every key that was finished up to its
  // last LSN must then be in a run, or past its retention. Empty, or what went wrong: then the process has to stop.
  std::string put(const Source& source, Run& run);
  // That the next run will have. Not beside put().
  std::uint64_t next_number() const { return last_number_ + 1; }
  // Forgets the runs whose newest key is not after `end`.
  std::string drop(Time end);

  // -- any thread
  // All keys that were finished up to this LSN are here, or past their retention.
  Lsn up_to() const;
  std::vector<Run> runs() const;  // oldest first
  // Looks in the runs with these numbers, newest first, and stops at the first that has the key.
  KeyFound find(std::string_view tenant, std::string_view key, std::uint64_t hash,
                std::span<const std::uint64_t> numbers) const;
  // Calls `visit` for each key's hash. Empty, or the damage.
  std::string each_hash(std::uint64_t number, const std::function<void(std::uint64_t hash)>& visit) const;
  // Reads everything. Empty, or the damage, with the LSN where there is one.
  std::string check(Lsn& lsn) const;

 private:
  struct File {
    std::string name;
    std::uint64_t number = 0;
    std::shared_ptr<const KeyRunReader> reader;
    bool counts = false;  // its row is in `meta`
  };

  std::string read_rows();
  std::string open_file(const std::string& name, std::string_view row, File& file) const;
  std::vector<std::string> names_in_directory() const;
  std::string make_directory();
  std::string record(const std::vector<File>& files);
  std::string remove_old_keys();
  std::shared_ptr<const KeyRunReader> reader_of(std::uint64_t number) const;
  std::string path_of(const std::string& name) const { return directory_ + "/" + name; }

  rocksdb::Env& env_;
  rocksdb::DB* db_ = nullptr;
  rocksdb::ColumnFamilyHandle* meta_ = nullptr;
  rocksdb::ColumnFamilyHandle* old_keys_ = nullptr;
  const std::string parent_, directory_;
  bool started_ = false;
  bool made_directory_ = false;
  std::uint64_t last_number_ = 0;

  mutable std::mutex mutex_;  // a table of files
  std::vector<File> files_;   // by number
  Lsn up_to_{};
};

}  // namespace tote::wal
