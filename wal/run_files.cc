#include "wal/run_files.h"

#include <algorithm>
#include <cstring>

#include "wal/status_text.h"

namespace tote::wal {

std::string RunFiles::read(const std::string& path, std::uint64_t at, std::size_t bytes, std::string& out) {
  File file;
  rocksdb::IOStatus status = take(path, file);
  out.resize(bytes);
  rocksdb::Slice got;
  if (status.ok()) status = file->Read(at, bytes, rocksdb::IOOptions(), &got, out.data(), nullptr);
  if (!status.ok()) return status.ToString();
  if (got.size() != bytes) return "it ends too early";
  if (got.data() != out.data()) std::memcpy(out.data(), got.data(), bytes);
  return {};
}

std::string RunFiles::size(const std::string& path, std::uint64_t& bytes) const {
  const rocksdb::IOStatus status = disk_->GetFileSize(path, rocksdb::IOOptions(), &bytes, nullptr);
  return text_of(status);
}

void RunFiles::close(const std::string& path) {
  const std::lock_guard lock(mutex_);
  by_path_.remove_if([&](const auto& entry) { return entry.first == path; });
}

std::size_t RunFiles::open() const {
  const std::lock_guard lock(mutex_);
  return by_path_.size();
}

rocksdb::IOStatus RunFiles::take(const std::string& path, File& file) {
  const std::lock_guard lock(mutex_);
  const auto known = std::ranges::find(by_path_, path, &std::pair<std::string, File>::first);
  if (known != by_path_.end()) {
    by_path_.splice(by_path_.begin(), by_path_, known);
  } else {
    std::unique_ptr<rocksdb::FSRandomAccessFile> opened;
    if (auto status = disk_->NewRandomAccessFile(path, rocksdb::FileOptions(), &opened, nullptr); !status.ok())
      return status;
    by_path_.emplace_front(path, std::move(opened));
    if (by_path_.size() > open_max) by_path_.pop_back();
  }
  file = by_path_.front().second;
  return rocksdb::IOStatus::OK();
}

}  // namespace tote::wal
