// Where the log begins, in the database: said first, then what lies before it goes.
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <mutex>

#include "wal/format_version.h"
#include "wal/key_run_format.h"
#include "wal/status_text.h"
#include "wal/store.h"
#include "wal/store_options.h"

namespace tote::wal {
namespace {

constexpr std::size_t anchor_bytes = 24;

std::string anchor_of(Lsn first, const FrameHash& previous) {
  std::string out;
  for (const std::uint64_t number : {first.value, previous.high, previous.low}) key_run::put_number(number, out);
  return out;
}

}  // namespace

std::string Store::read_beginning() {
  std::string row;
  const rocksdb::Status status = db_->Get({}, families_[family_meta], meta_first, &row);
  first_.store(1);
  previous_ = chain_start(id_);
  if (status.IsNotFound()) return {};
  if (!status.ok()) return status.ToString();
  if (row.size() != anchor_bytes) return "the row " + std::string(meta_first) + " isn't one";
  first_.store(key_run::number_at<std::uint64_t>(row, 0));
  previous_ = {key_run::number_at<std::uint64_t>(row, 8), key_run::number_at<std::uint64_t>(row, 16)};
  return first_.load() > 0 ? std::string() : "the log begins before its first record";
}

std::string Store::trim(Lsn first, const FrameHash& previous) {
  rocksdb::ColumnFamilyHandle* const meta = families_[family_meta];
  rocksdb::Status status = raise_format_version(*db_, *meta, store_format_version_trimmed);
  if (status.ok()) status = db_->Put(with_sync(), meta, meta_first, anchor_of(first, previous));
  if (!status.ok()) return status.ToString();
  {
    const std::lock_guard lock(beginning_mutex_);
    previous_ = previous;
    first_.store(first.value);
  }
  return drop_trimmed();
}

// Whole tables: nothing is written for it. Those of the first level go when they have been merged into the next.
std::string Store::drop_trimmed() {
  const std::string begin = frame_key({0}), end = frame_key({first().value});
  const rocksdb::Slice from(begin), to(end);
  const rocksdb::RangePtr range(&from, &to);
  return text_of(rocksdb::DeleteFilesInRanges(db_.get(), families_[family_log], &range, 1, false));
}

Lsn Store::first_with_archive() const {
  const bool joins = !archive_.is_empty() && archive_.last().next() >= first();
  return joins ? std::min(archive_.first(), first()) : first();
}

FrameHash Store::previous() const {
  const std::lock_guard lock(beginning_mutex_);
  return previous_;
}

Store::Beginning Store::beginning() const {
  const std::lock_guard lock(beginning_mutex_);
  return {first(), previous_};
}

std::uint64_t Store::log_bytes(Lsn from, Lsn to) const {
  const std::string begin = frame_key(from), end = frame_key(to);
  const rocksdb::Range range(begin, end);
  std::uint64_t bytes = 0;
  rocksdb::SizeApproximationOptions options;
  options.include_memtables = options.include_files = true;
  db_->GetApproximateSizes(options, families_[family_log], &range, 1, &bytes).PermitUncheckedError();
  return bytes;
}

std::string Store::shipped_to(Lsn& lsn) const {
  std::string row;
  lsn = {};
  const rocksdb::Status status = db_->Get({}, families_[family_meta], meta_shipped_to, &row);
  if (status.IsNotFound()) return {};
  if (!status.ok()) return status.ToString();
  if (row.size() != sizeof lsn.value) return "the row " + std::string(meta_shipped_to) + " isn't a number";
  lsn = {key_run::number_at<std::uint64_t>(row, 0)};
  return {};
}

std::string Store::set_shipped_to(Lsn lsn) {
  std::string row;
  key_run::put_number(lsn.value, row);
  return text_of(db_->Put(with_sync(), families_[family_meta], meta_shipped_to, row));
}

}  // namespace tote::wal
