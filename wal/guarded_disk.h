// The disk as RocksDB sees it. RocksDB trusts what it reads and goes on after what it can't write; this log does
// neither:
//
// - Nothing changes before allow_changes(): a refused open leaves the directory as it was.
// - A file is read up to the end that was proved, as if the torn rest weren't there.
// - A table's footer, which has no checksum in its format, is judged before RocksDB follows it.
// - The first failed write, sync or rename ends the process (DESIGN D4) before RocksDB reacts: it would delete tables
//   whose record it believes lost, and which a restart may find again. So does the first failed read of a table:
//   RocksDB has assertions that one reaches.
// - A record of a MANIFEST is only written after the sync of the one before it: so a record that follows a broken one
//   proves damage, as in the log.
//
// Threads: any, but end_at and allow_changes before the database is opened.
#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace tote::wal {

class GuardedDisk final : public rocksdb::FileSystemWrapper {
 public:
  // `on_failure` is told what failed; it must not return, except in tests.
  GuardedDisk(const std::shared_ptr<rocksdb::FileSystem>& disk, std::function<void(const std::string&)> on_failure)
      : rocksdb::FileSystemWrapper(disk), on_failure_(std::move(on_failure)) {}
  const char* Name() const override { return "GuardedDisk"; }

  // Reads of the file of this name end after so many bytes.
  void end_at(const std::string& name, std::uint64_t bytes) { ends_[name] = bytes; }
  void allow_changes() { may_change_ = true; }
  // Says so when it failed; returns the status.
  rocksdb::IOStatus judge(rocksdb::IOStatus status, const std::string& path, const char* what);

  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus CreateDirIfMissing(const std::string& path, const rocksdb::IOOptions& options,
                                       rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus Truncate(const std::string& path, std::size_t bytes, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* context) override;
  // The store holds the lock from before the first look to after the last write; RocksDB needs none of its own.
  rocksdb::IOStatus LockFile(const std::string& path, const rocksdb::IOOptions& options, rocksdb::FileLock** lock,
                             rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus UnlockFile(rocksdb::FileLock* lock, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;

 private:
  rocksdb::IOStatus guard(const std::string& path, std::unique_ptr<rocksdb::FSWritableFile>* file);

  const std::function<void(const std::string&)> on_failure_;
  std::map<std::string, std::uint64_t> ends_;  // by name
  std::atomic<bool> may_change_{false};
};

}  // namespace tote::wal
