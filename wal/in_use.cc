#include "wal/in_use.h"

#include <rocksdb/env.h>

#include <filesystem>

namespace tote::wal {

std::string lock_path(const std::string& directory) {
  std::error_code error;
  const auto whole = std::filesystem::canonical(directory, error);
  return (error ? directory : whole.string()) + "/LOCK";
}

bool is_in_use(const std::string& directory) {
  rocksdb::Env& env = *rocksdb::Env::Default();
  rocksdb::FileLock* lock = nullptr;
  const std::string path = lock_path(directory);
  if (!env.FileExists(path).ok()) return false;
  if (!env.LockFile(path, &lock).ok()) return true;
  env.UnlockFile(lock).PermitUncheckedError();
  return false;
}

}  // namespace tote::wal
