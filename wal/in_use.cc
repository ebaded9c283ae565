#include "wal/in_use.h"

#include <rocksdb/env.h>

namespace tote::wal {

bool is_in_use(const std::string& directory) {
  rocksdb::Env& env = *rocksdb::Env::Default();
  rocksdb::FileLock* lock = nullptr;
  if (!env.FileExists(directory + "/LOCK").ok()) return false;
  if (!env.LockFile(directory + "/LOCK", &lock).ok()) return true;
  env.UnlockFile(lock).PermitUncheckedError();
  return false;
}

}  // namespace tote::wal
