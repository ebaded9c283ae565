// How RocksDB is set up: names on disk, column families, options.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "wal/log.h"

namespace tote::wal {

// Column families, in the order in which they are opened.
enum Family : std::size_t { family_default, family_log, family_state, family_keys, family_meta, families_count };
inline constexpr std::array<const char*, families_count> family_names{"default", "log", "state", "keys", "meta"};

// Keys of `meta`.
inline constexpr const char* meta_format_version = "format_version";
inline constexpr const char* meta_log_id = "log_id";
inline constexpr const char* meta_created = "created";                // RFC 3339, UTC
inline constexpr const char* meta_keys_up_to = "keys_up_to";          // LSN, 8 bytes, little-endian
inline constexpr const char* meta_first = "first";                    // LSN, previous hash: 24 bytes, little-endian
inline constexpr const char* meta_shipped_to = "archive_shipped_to";  // LSN, 8 bytes, little-endian
inline constexpr const char* meta_parent = "parent";                  // id of the log that this one was restored from
inline constexpr const char* meta_promised = "promised";              // epoch, 8 bytes, little-endian
inline constexpr const char* meta_disk = "disk";                      // whose it is: node/32 hex digits
inline constexpr const char* meta_snapshot = "snapshot";              // the newest one's mark (state_row.h)
// 2: keys are in runs. 3: entities have rows in `state`, or the log was trimmed. 4: it has promised an epoch, so
// several machines keep it. A log has 1 until the first of these.
inline constexpr std::uint64_t store_format_version_first = 1;
inline constexpr std::uint64_t store_format_version_keys = 2;
inline constexpr std::uint64_t store_format_version_states = 3;
inline constexpr std::uint64_t store_format_version_trimmed = 3;
inline constexpr std::uint64_t store_format_version_epochs = 4;
inline constexpr std::uint64_t store_format_version = 4;

inline rocksdb::WriteOptions with_sync() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

rocksdb::Options store_options(const LogOptions& options);
std::vector<rocksdb::ColumnFamilyDescriptor> family_options(const rocksdb::Options& database,
                                                            const LogOptions& options);

}  // namespace tote::wal
