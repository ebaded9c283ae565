// The last bytes of a RocksDB table: they say where its index is, and nothing proves them.
#pragma once

#include <rocksdb/file_system.h>

#include <cstdint>

namespace tote::wal {

// OK, or why the footer can't be followed. `bytes`: the size of the file.
rocksdb::IOStatus check_table_footer(const rocksdb::FSRandomAccessFile& table, std::uint64_t bytes,
                                     const rocksdb::IOOptions& options, rocksdb::IODebugContext* context);

}  // namespace tote::wal
