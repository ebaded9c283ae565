// The rows of `state` in RocksDB (wal/state_store.h). They are written past RocksDB's own log, a few at a time, because
// the writer of the log waits behind each batch; their tables are made and merged without ever holding it up.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "wal/state_store.h"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Status;
struct ReadOptions;
class WriteBatch;
}  // namespace rocksdb

namespace tote::wal {

class StoredStates final : public StateStore {
 public:
  // The database as it is open now.
  void use(rocksdb::DB& db, rocksdb::ColumnFamilyHandle& log, rocksdb::ColumnFamilyHandle& states,
           rocksdb::ColumnFamilyHandle& meta);
  // Finds the newest snapshot. Empty, or the damage: rows that it counts on aren't there.
  std::string open();

  std::string put(std::span<const StateRow> rows) override;
  std::string finish(Snapshot snapshot) override;
  bool is_behind() const override;
  std::optional<Snapshot> snapshot() const override;
  Damage each(const Visit& visit) const override;
  bool may_have(std::string_view key) const override;
  void find(std::span<const std::string> keys, const Found& found) const override;
  Damage each_of(std::string_view tenant, std::uint16_t kind, std::string_view from, const Visit& visit) const override;

 private:
  // Never inlined: tests/tsan.supp names it, for what RocksDB does with two writers.
  [[gnu::noinline]] std::string write(rocksdb::WriteBatch& batch);
  std::string raise_version();
  std::string find_frame(Snapshot& snapshot) const;
  // The rows from this key on; `from` empty: all.
  Damage walk(const rocksdb::ReadOptions& options, std::string_view from, const Visit& visit) const;

  rocksdb::DB* db_ = nullptr;
  rocksdb::ColumnFamilyHandle *log_ = nullptr, *states_ = nullptr, *meta_ = nullptr;
  bool has_raised_version_ = false;
  mutable std::mutex mutex_;
  std::optional<Snapshot> snapshot_;
};

}  // namespace tote::wal
