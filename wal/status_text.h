// What RocksDB says, as this room says it.
#pragma once

#include <rocksdb/status.h>

#include <string>

namespace tote::wal {

// Empty when it went well, else why not.
inline std::string text_of(const rocksdb::Status& status) { return status.ok() ? std::string() : status.ToString(); }

}  // namespace tote::wal
