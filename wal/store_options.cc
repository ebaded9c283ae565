#include "wal/store_options.h"

#include <rocksdb/env.h>
#include <rocksdb/table.h>

namespace tote::wal {
namespace {

constexpr std::size_t mib = 1 << 20;

// Says nothing: a read-only open must not even write RocksDB's own log of events.
class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

// Frames are large, come in the order of their keys and are compressed and checked by themselves.
rocksdb::ColumnFamilyOptions log_family(const rocksdb::Options& options) {
  rocksdb::ColumnFamilyOptions log(options);
  log.write_buffer_size = 128 * mib;
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

rocksdb::ColumnFamilyOptions family(std::size_t index, const rocksdb::Options& options) {
  return index == family_log ? log_family(options) : rocksdb::ColumnFamilyOptions(options);
}

}  // namespace

rocksdb::Options store_options(const LogOptions& options) {
  rocksdb::Options out;
  if (options.env != nullptr) out.env = options.env;
  out.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  out.track_and_verify_wals_in_manifest = !options.read_only;  // a live neighbour may delete files while we look
  out.paranoid_checks = true;
  out.max_bgerror_resume_count = 0;  // D4: a failed write is never retried
  out.max_background_jobs = 2;
  out.max_file_opening_threads = 1;  // few large files; 16 threads for each family cost more than they open
  out.max_total_wal_size = 512 * mib;
  out.write_buffer_size = 32 * mib;
  out.compression = rocksdb::kLZ4Compression;
  out.keep_log_file_num = 2;
  out.max_log_file_size = mib;
  out.db_host_id = "";  // tables go into backups and bug reports: no host name in them
  out.stats_dump_period_sec = 0;
  out.stats_persist_period_sec = 0;
  if (options.read_only) out.info_log = std::make_shared<SilentLogger>();
  return out;
}

std::vector<rocksdb::ColumnFamilyDescriptor> family_options(const rocksdb::Options& options) {
  std::vector<rocksdb::ColumnFamilyDescriptor> out;
  for (std::size_t i = 0; i < families_count; ++i) {
    out.emplace_back(family_names[i], family(i, options));
  }
  return out;
}

}  // namespace tote::wal
