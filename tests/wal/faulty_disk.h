// A disk that fails a sync, forgets what wasn't synced, or fills up.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace tote::wal {

class FaultyDisk : public rocksdb::FileSystemWrapper {
 public:
  FaultyDisk() : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "FaultyDisk"; }

  // From now on every sync of RocksDB's own log fails, once or for ever; so does every append.
  void fail_syncs(int count) { syncs_to_fail_ = count; }
  void fail_appends(int count) { appends_to_fail_ = count; }
  // The power is gone: nothing more reaches the disk.
  void cut_power() { has_power_ = false; }
  // Cuts every file back to what was synced. Nothing may be open.
  void forget_unsynced();
  void set_free_bytes(std::uint64_t bytes) { free_bytes_ = bytes; }
  int failures() const { return failures_; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus GetFreeSpace(const std::string& path, const rocksdb::IOOptions& options, std::uint64_t* bytes,
                                 rocksdb::IODebugContext* context) override;

 private:
  friend class FaultyFile;

  rocksdb::IOStatus before_append(const std::string& name);
  rocksdb::IOStatus before_sync(const std::string& name);
  void synced(const std::string& name, std::uint64_t size);

  std::atomic<int> syncs_to_fail_{0}, appends_to_fail_{0}, failures_{0};
  std::atomic<bool> has_power_{true};
  std::atomic<std::uint64_t> free_bytes_{1ULL << 40};
  std::mutex mutex_;
  std::map<std::string, std::uint64_t> synced_bytes_;
};

}  // namespace tote::wal
