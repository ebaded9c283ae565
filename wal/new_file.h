// A file that is being written from its beginning to its end, once. One thread.
#pragma once

#include <rocksdb/file_system.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tote::wal {

class NewFile {
 public:
  // Creates it; what is there by that name is emptied.
  NewFile(rocksdb::FileSystem& disk, const std::string& path);

  void write(std::string_view bytes);
  std::uint64_t written_bytes() const { return written_bytes_; }
  // What is left, and a sync. Empty, or what went wrong at any time; then the file is worth nothing.
  std::string finish();

 private:
  void hand_over();

  std::unique_ptr<rocksdb::FSWritableFile> file_;
  rocksdb::IOStatus status_;
  std::string out_;  // not yet handed to the disk
  std::uint64_t written_bytes_ = 0, flushed_bytes_ = 0;
};

}  // namespace tote::wal
