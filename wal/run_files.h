// The runs of keys that are open to be read: however many there are, so many at most are open at once. Any thread.
#pragma once

#include <rocksdb/file_system.h>

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace tote::wal {

class RunFiles {
 public:
  // A process that embeds the engine may have as few as 1 024 files.
  static constexpr std::size_t open_max = 128;

  explicit RunFiles(std::shared_ptr<rocksdb::FileSystem> disk) : disk_(std::move(disk)) {}

  // Reads exactly so many bytes. Empty, or why not.
  std::string read(const std::string& path, std::uint64_t at, std::size_t bytes, std::string& out);
  std::string size(const std::string& path, std::uint64_t& bytes) const;
  // It is gone: nobody reads it from now on, but for those who are at it.
  void close(const std::string& path);
  std::size_t open() const;

 private:
  using File = std::shared_ptr<const rocksdb::FSRandomAccessFile>;
  rocksdb::IOStatus take(const std::string& path, File& file);

  const std::shared_ptr<rocksdb::FileSystem> disk_;
  mutable std::mutex mutex_;                         // a table of files
  std::list<std::pair<std::string, File>> by_path_;  // the one that was read last comes first
};

}  // namespace tote::wal
