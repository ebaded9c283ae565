// Finished idempotency keys that no longer fit in memory (DESIGN D5), in the column family `keys`: runs of sorted keys,
// written as whole table files, because a put per key is far too slow. FORMAT.md says what is in them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "wal/codec.h"
#include "wal/record.h"

namespace rocksdb {
class ColumnFamilyHandle;
class CompactionFilterFactory;
class DB;
}  // namespace rocksdb

namespace tote::wal {

// Part of the format: rows are ordered by it, because hashes sort without touching the keys.
std::uint64_t key_row_hash(std::string_view key);

class KeyStore {
 public:
  // One finished key. The record has no changes: those are in the log.
  struct Entry {
    Lsn lsn{};
    Record record{};
  };

  KeyStore(rocksdb::DB& db, rocksdb::ColumnFamilyHandle& keys, rocksdb::ColumnFamilyHandle& meta,
           std::string directory);

  // Makes a run of one tenant's keys durable, each once, ordered by key_row_hash and then by the key; they are visible
  // to find() when it returns. `up_to`: every key of the tenant that was finished up to this LSN is now here or was
  // before. Empty, or what went wrong. One thread at a time.
  std::string put(std::string_view tenant, std::span<const Entry> entries, Lsn up_to);

  // What put() was told last for this tenant; 0 when nothing was.
  Lsn up_to(std::string_view tenant) const;

  // The newest entry of this key; its views stay valid until the next find(). May read the disk. One thread.
  // Only a key of which the disk says that it isn't there is `absent`: whatever else is no entry is `damaged`, and then
  // nobody knows whether its command was executed.
  enum class Found { yes, absent, damaged };
  Found find(std::string_view tenant, std::string_view key, Entry& entry, std::string& damage);

  // Removes what a crash in put() left behind, before the first put(). What can't be removed does no harm.
  void sweep() const;

 private:
  std::string ingest(std::string_view tenant, std::span<const Entry> entries);

  rocksdb::DB& db_;
  rocksdb::ColumnFamilyHandle& keys_;
  rocksdb::ColumnFamilyHandle& meta_;
  std::string directory_;
  RecordEncoder encoder_;   // of put()
  std::string value_;       // of find()
  DecodedRecords decoded_;  // of find()
};

// Drops keys once they are older than the retention, whenever RocksDB compacts; null when they are kept for ever (0).
std::shared_ptr<rocksdb::CompactionFilterFactory> expired_keys_filter(std::int64_t retention_s);

}  // namespace tote::wal
