#include "wal/in_use.h"

#include <rocksdb/env.h>

#include <chrono>
#include <filesystem>
#include <thread>

namespace tote::wal {

namespace {

// A file by its one name, because a process locks a name once, and a file as often as it likes.
std::string lock_path(const std::string& directory) {
  std::error_code error;
  const auto whole = std::filesystem::canonical(directory, error);
  return (error ? directory : whole.string()) + "/LOCK";
}

}  // namespace

std::string lock_log(rocksdb::Env& env, const std::string& directory, rocksdb::FileLock*& lock) {
  const std::string path = lock_path(directory);
  rocksdb::Status status = env.LockFile(path, &lock);
  // Who asks whether it is in use has it for a moment.
  for (int again = 0; again < 10 && !status.ok(); ++again) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    status = env.LockFile(path, &lock);
  }
  return status.ok() ? "" : "is in use by another engine or process, or can't be locked: " + status.ToString();
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
