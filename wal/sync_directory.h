// A name is durable only when the directory that holds it is.
#pragma once

#include <rocksdb/env.h>

#include <memory>
#include <string>

namespace tote::wal {

inline rocksdb::Status sync_directory(rocksdb::Env& env, const std::string& path) {
  std::unique_ptr<rocksdb::Directory> handle;
  const rocksdb::Status status = env.NewDirectory(path, &handle);
  return status.ok() ? handle->Fsync() : status;
}

}  // namespace tote::wal
