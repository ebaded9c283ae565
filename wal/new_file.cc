#include "wal/new_file.h"

#include "wal/status_text.h"

namespace tote::wal {
namespace {

constexpr std::size_t out_bytes_max = 1 << 20;
constexpr std::uint64_t flush_bytes = 8 << 20;  // so often the kernel is told to begin writing: no burst at the end

}  // namespace

NewFile::NewFile(rocksdb::FileSystem& disk, const std::string& path) {
  status_ = disk.NewWritableFile(path, rocksdb::FileOptions(), &file_, nullptr);
}

void NewFile::write(std::string_view bytes) {
  out_.append(bytes);
  written_bytes_ += bytes.size();
  if (out_.size() >= out_bytes_max) hand_over();
}

void NewFile::hand_over() {
  const rocksdb::IOOptions options;
  if (status_.ok()) status_ = file_->Append({out_.data(), out_.size()}, options, nullptr);
  out_.clear();
  if (status_.ok() && written_bytes_ - flushed_bytes_ >= flush_bytes) {
    status_ = file_->RangeSync(flushed_bytes_, written_bytes_ - flushed_bytes_, options, nullptr);
    flushed_bytes_ = written_bytes_;
  }
}

std::string NewFile::finish() {
  hand_over();
  const rocksdb::IOOptions options;
  if (status_.ok()) status_ = file_->Sync(options, nullptr);
  if (status_.ok()) status_ = file_->Close(options, nullptr);
  file_.reset();
  return text_of(status_);
}

}  // namespace tote::wal
