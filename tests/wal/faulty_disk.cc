#include "tests/wal/faulty_disk.h"

#include <filesystem>

namespace tote::wal {
namespace {

bool is_recovery_file(const std::string& name) { return name.ends_with(".log"); }

}  // namespace

class FaultyFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(FaultyDisk& disk, std::string name, std::unique_ptr<rocksdb::FSWritableFile> file)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), disk_(disk), name_(std::move(name)) {}

  using rocksdb::FSWritableFileOwnerWrapper::Append;
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* context) override {
    const rocksdb::IOStatus status = disk_.before_append(name_);
    return status.ok() ? target()->Append(data, options, context) : status;
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo&, rocksdb::IODebugContext* context) override {
    return Append(data, options, context);
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    rocksdb::IOStatus status = disk_.before_sync(name_);
    if (status.ok()) status = target()->Sync(options, context);
    if (status.ok()) disk_.synced(name_, target()->GetFileSize(options, context));
    return status;
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    return Sync(options, context);
  }

 private:
  FaultyDisk& disk_;
  const std::string name_;
};

void FaultyDisk::forget_unsynced() {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, bytes] : synced_bytes_) {
    if (std::filesystem::exists(name) && std::filesystem::file_size(name) > bytes) {
      std::filesystem::resize_file(name, bytes);
    }
  }
  has_power_ = true;
}

rocksdb::IOStatus FaultyDisk::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                              std::unique_ptr<rocksdb::FSWritableFile>* file,
                                              rocksdb::IODebugContext* context) {
  if (!has_power_) return rocksdb::IOStatus::IOError("no power");
  const rocksdb::IOStatus status = target()->NewWritableFile(name, options, file, context);
  if (!status.ok()) return status;
  synced(name, 0);
  *file = std::make_unique<FaultyFile>(*this, name, std::move(*file));
  return status;
}

rocksdb::IOStatus FaultyDisk::RenameFile(const std::string& from, const std::string& to,
                                         const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) {
  const rocksdb::IOStatus status = target()->RenameFile(from, to, options, context);
  const std::lock_guard lock(mutex_);
  if (const auto found = synced_bytes_.find(from); status.ok() && found != synced_bytes_.end()) {
    synced_bytes_[to] = found->second;
    synced_bytes_.erase(found);
  }
  return status;
}

rocksdb::IOStatus FaultyDisk::GetFreeSpace(const std::string&, const rocksdb::IOOptions&, std::uint64_t* bytes,
                                           rocksdb::IODebugContext*) {
  *bytes = free_bytes_;
  return rocksdb::IOStatus::OK();
}

rocksdb::IOStatus FaultyDisk::before_append(const std::string& name) {
  if (!has_power_) return rocksdb::IOStatus::IOError("no power");
  if (!is_recovery_file(name) || appends_to_fail_ == 0) return rocksdb::IOStatus::OK();
  --appends_to_fail_;
  ++failures_;
  return rocksdb::IOStatus::IOError("injected append error");
}

rocksdb::IOStatus FaultyDisk::before_sync(const std::string& name) {
  if (!has_power_) return rocksdb::IOStatus::IOError("no power");
  if (!is_recovery_file(name) || syncs_to_fail_ == 0) return rocksdb::IOStatus::OK();
  --syncs_to_fail_;
  ++failures_;
  return rocksdb::IOStatus::IOError("injected sync error");
}

void FaultyDisk::synced(const std::string& name, std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  synced_bytes_[name] = size;
}

}  // namespace tote::wal
