#include "wal/store_options.h"

#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <algorithm>
namespace tote::wal {
namespace {

constexpr std::size_t mib = 1 << 20;

// Says nothing: RocksDB's own log of events is one more file that a full disk makes fail, and no part of the log.
class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

// Frames are large, come in the order of their keys and are compressed and checked by themselves.
rocksdb::ColumnFamilyOptions log_family(const rocksdb::Options& options, std::size_t table_bytes) {
  rocksdb::ColumnFamilyOptions log(options);
  log.write_buffer_size = table_bytes;
  log.max_write_buffer_number = 3;
  log.compression = rocksdb::kNoCompression;
  log.target_file_size_base = 128 * mib;
  log.max_bytes_for_level_base = 1024 * mib;
  rocksdb::BlockBasedTableOptions table;
  table.no_block_cache = true;  // read once, from one end to the other
  table.block_size = 64 << 10;
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  log.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return log;
}

// Write stalls are the whole database's: this family must never cause one. Whoever writes rows waits by himself
// (StoredStates::is_behind).
rocksdb::ColumnFamilyOptions state_family(const rocksdb::Options& options, std::size_t table_bytes) {
  constexpr int never = 1 << 20;
  constexpr double filter_bits_a_row = 10;
  rocksdb::ColumnFamilyOptions state(options);
  state.write_buffer_size = std::min(16 * mib, table_bytes);
  state.max_write_buffer_number = 8;
  state.level0_slowdown_writes_trigger = state.level0_stop_writes_trigger = never;
  state.soft_pending_compaction_bytes_limit = state.hard_pending_compaction_bytes_limit = 0;
  state.target_file_size_base = 32 * mib;
  state.max_compaction_bytes = 256 * mib;  // what a merge may take of the disk for a while
  state.memtable_prefix_bloom_size_ratio = 0.02;
  state.memtable_whole_key_filtering = true;
  rocksdb::BlockBasedTableOptions table;
  table.no_block_cache = true;                                                  // who has read a row keeps its entity
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(filter_bits_a_row));  // whether there is a row: no read
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  state.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return state;
}

rocksdb::ColumnFamilyOptions family(std::size_t index, const rocksdb::Options& options, std::size_t table_bytes) {
  if (index == family_log) return log_family(options, table_bytes);
  if (index == family_state) return state_family(options, table_bytes);
  return rocksdb::ColumnFamilyOptions(options);
}

}  // namespace

rocksdb::Options store_options(const LogOptions& options) {
  rocksdb::Options out;
  if (options.env != nullptr) out.env = options.env;
  out.wal_recovery_mode = rocksdb::WALRecoveryMode::kAbsoluteConsistency;  // it sees nothing but whole groups
  out.track_and_verify_wals_in_manifest = true;  // reading, too: a reader that doesn't track asserts that none did
  out.paranoid_checks = true;
  out.max_bgerror_resume_count = 0;  // D4: a failed write is never retried
  out.max_background_jobs = 3;       // tables of rows may be merged while the log's are, when these become many
  out.max_file_opening_threads = 1;  // few large files; 16 threads for each family cost more than they open
  out.max_total_wal_size = 512 * mib;
  out.avoid_flush_during_shutdown = true;  // Store::flush() does it, where there is room
  out.write_buffer_size = std::min(32 * mib, options.table_bytes);
  out.compression = rocksdb::kLZ4Compression;
  out.db_host_id = "";  // tables go into backups and bug reports: no host name in them
  out.stats_dump_period_sec = 0;
  out.stats_persist_period_sec = 0;
  out.info_log = std::make_shared<SilentLogger>();
  return out;
}

std::vector<rocksdb::ColumnFamilyDescriptor> family_options(const rocksdb::Options& database,
                                                            const LogOptions& options) {
  std::vector<rocksdb::ColumnFamilyDescriptor> out;
  for (std::size_t i = 0; i < families_count; ++i) {
    out.emplace_back(family_names[i], family(i, database, options.table_bytes));
  }
  return out;
}

}  // namespace tote::wal
