#include "wal/stored_states.h"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <cstdlib>
#include <vector>

#include "wal/format_version.h"
#include "wal/state_row.h"
#include "wal/status_text.h"
#include "wal/store.h"
#include "wal/store_options.h"

namespace tote::wal {
namespace {

// Checksums are proved, and the blocks make no room for themselves in memory.
rocksdb::ReadOptions proved_once() {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  return options;
}

}  // namespace

void StoredStates::use(rocksdb::DB& db, rocksdb::ColumnFamilyHandle& log, rocksdb::ColumnFamilyHandle& states,
                       rocksdb::ColumnFamilyHandle& meta) {
  db_ = &db;
  log_ = &log;
  states_ = &states;
  meta_ = &meta;
}

// The mark among the rows was written behind all of them, so they are there when it is.
std::string StoredStates::open() {
  std::string bytes;
  rocksdb::Status status = db_->Get({}, meta_, meta_snapshot, &bytes);
  if (status.IsNotFound()) return {};
  if (!status.ok()) return status.ToString();
  Snapshot counts, written;
  if (std::string reason = read_snapshot(bytes, counts); !reason.empty()) return reason;
  status = db_->Get({}, states_, rocksdb::Slice(state_mark_key.data(), state_mark_key.size()), &bytes);
  if (!status.ok()) return "rows of the snapshot at LSN " + std::to_string(counts.lsn.value) + ": " + status.ToString();
  if (std::string reason = read_snapshot(bytes, written); !reason.empty()) return reason;
  if (written.lsn < counts.lsn)
    return "rows of the snapshot at LSN " + std::to_string(counts.lsn.value) + " are those at LSN " +
           std::to_string(written.lsn.value);
  const std::lock_guard lock(mutex_);
  snapshot_ = counts;
  return {};
}

std::string StoredStates::put(std::span<const StateRow> rows) {
  constexpr std::uint32_t rows_max = 64;
  constexpr std::size_t bytes_max = 32 << 10;
  if (std::string reason = raise_version(); !reason.empty()) return reason;
  rocksdb::WriteBatch batch;
  std::string value;
  for (const StateRow& row : rows) {
    const std::string key = state_key(row);
    value.clear();
    append_state_value(key, row, value);
    if (auto status = batch.Put(states_, key, value); !status.ok()) return status.ToString();
    if (batch.Count() < rows_max && batch.GetDataSize() < bytes_max) continue;
    if (std::string reason = write(batch); !reason.empty()) return reason;
    batch.Clear();
  }
  return batch.Count() == 0 ? std::string() : write(batch);
}

std::string StoredStates::write(rocksdb::WriteBatch& batch) {
  rocksdb::WriteOptions past_the_log;
  past_the_log.disableWAL = true;
  return text_of(db_->Write(past_the_log, &batch));
}

// A program that doesn't know of rows must not trim, or go on with, a log that counts on them.
std::string StoredStates::raise_version() {
  if (has_raised_version_) return {};
  const rocksdb::Status status = raise_format_version(*db_, *meta_, store_format_version_states);
  has_raised_version_ = status.ok();
  return text_of(status);
}

std::string StoredStates::find_frame(Snapshot& snapshot) const {
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(proved_once(), log_));
  at->SeekForPrev(frame_key(snapshot.lsn));
  if (!at->status().ok()) return at->status().ToString();
  FrameHeader header;
  if (!at->Valid() || !open_frame(at->value().ToStringView(), header).empty() || header.last < snapshot.lsn)
    return "no frame holds LSN " + std::to_string(snapshot.lsn.value);
  snapshot.frame_end = header.last;
  snapshot.frame = hash_of(at->value().ToStringView());
  return {};
}

std::string StoredStates::finish(Snapshot snapshot) {
  if (std::string reason = raise_version(); !reason.empty()) return reason;
  if (std::string reason = find_frame(snapshot); !reason.empty()) return reason;
  const std::string mark = snapshot_bytes(snapshot);
  rocksdb::WriteBatch last_row;
  rocksdb::Status status = last_row.Put(states_, rocksdb::Slice(state_mark_key.data(), state_mark_key.size()), mark);
  if (status.ok())
    if (std::string reason = write(last_row); !reason.empty()) return reason;
  if (status.ok()) status = db_->Flush(rocksdb::FlushOptions(), states_);
  if (status.ok()) status = db_->Put(with_sync(), meta_, meta_snapshot, mark);
  if (!status.ok()) return status.ToString();
  const std::lock_guard lock(mutex_);
  snapshot_ = snapshot;
  return {};
}

bool StoredStates::is_behind() const {
  constexpr std::uint64_t unflushed_max = 2, unsorted_max = 12;  // memtables, tables
  std::uint64_t unflushed = 0, unsorted = 0;
  db_->GetIntProperty(states_, rocksdb::DB::Properties::kNumImmutableMemTable, &unflushed);
  std::string text;
  if (db_->GetProperty(states_, rocksdb::DB::Properties::kNumFilesAtLevelPrefix + "0", &text))
    unsorted = std::strtoull(text.c_str(), nullptr, 10);
  return unflushed > unflushed_max || unsorted > unsorted_max;
}

std::optional<Snapshot> StoredStates::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

Damage StoredStates::walk(const rocksdb::ReadOptions& options, std::string_view from, const Visit& visit) const {
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options, states_));
  StateRow row;
  for (at->Seek(rocksdb::Slice(from.data(), from.size())); at->Valid(); at->Next()) {
    const std::string_view key = at->key().ToStringView();
    if (key == state_mark_key) continue;
    if (const std::string reason = read_state_row(key, at->value().ToStringView(), row); !reason.empty())
      return {{}, "the snapshot of an entity is damaged (" + name_of_state(key) + "): " + reason};
    if (!visit(row)) return {};
  }
  if (at->status().ok()) return {};
  return {{}, "the snapshot is damaged: " + at->status().ToString()};
}

Damage StoredStates::each(const Visit& visit) const {
  rocksdb::ReadOptions options = proved_once();
  options.readahead_size = 4 << 20;
  return walk(options, {}, visit);
}

// The tables' filters, and those of the rows that aren't in tables yet, are in memory. Not KeyMayExist, which takes any
// error for "no": only "not found" is.
bool StoredStates::may_have(std::string_view key) const {
  rocksdb::ReadOptions in_memory;
  in_memory.read_tier = rocksdb::kBlockCacheTier;
  rocksdb::PinnableSlice unused;
  return !db_->Get(in_memory, states_, rocksdb::Slice(key.data(), key.size()), &unused).IsNotFound();
}

void StoredStates::find(std::span<const std::string> keys, const Found& found) const {
  std::vector<rocksdb::Slice> wanted(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  db_->MultiGet(proved_once(), states_, keys.size(), wanted.data(), values.data(), statuses.data());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) {
      found(i, {});
      continue;
    }
    StateRow row;
    const std::string reason =
        statuses[i].ok() ? read_state_row(keys[i], values[i].ToStringView(), row) : statuses[i].ToString();
    if (reason.empty())
      found(i, {&row, {}});
    else
      found(i, {nullptr, {{}, "the snapshot of an entity is damaged (" + name_of_state(keys[i]) + "): " + reason}});
  }
}

Damage StoredStates::each_of(std::string_view tenant, std::uint16_t kind, std::string_view from,
                             const Visit& visit) const {
  return walk(proved_once(), state_key(tenant, kind, from),
              [&](const StateRow& row) { return row.tenant == tenant && row.kind == kind && visit(row); });
}

}  // namespace tote::wal
