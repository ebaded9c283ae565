// The `format_version` of a log only rises: each part of it that older programs can't read raises it, before the first
// row of its own.
#pragma once

#include <rocksdb/db.h>

#include <charconv>
#include <mutex>
#include <string>

#include "wal/store_options.h"

namespace tote::wal {

// Durable when it returns. Any thread.
inline rocksdb::Status raise_format_version(rocksdb::DB& db, rocksdb::ColumnFamilyHandle& meta,
                                            std::uint64_t at_least) {
  static std::mutex mutex;  // of what is read and what is written then
  const std::lock_guard lock(mutex);
  std::string text;
  rocksdb::Status status = db.Get({}, &meta, meta_format_version, &text);
  if (!status.ok()) return status;
  std::uint64_t now = 0;
  std::from_chars(text.data(), text.data() + text.size(), now);
  if (now >= at_least) return status;
  return db.Put(with_sync(), &meta, meta_format_version, std::to_string(at_least));
}

}  // namespace tote::wal
