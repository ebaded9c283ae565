#include "wal/guarded_disk.h"

#include <algorithm>

#include "wal/file_name.h"
#include "wal/table_footer.h"

namespace tote::wal {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// RocksDB would take 144 MiB of disk for a log that may stay empty.
constexpr std::size_t preallocation_bytes_max = 4 << 20;

IOStatus refuse_change() { return IOStatus::IOError("opened to be read only"); }

class GuardedFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  GuardedFile(GuardedDisk& disk, std::string path, std::unique_ptr<rocksdb::FSWritableFile> file)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(file)),
        disk_(disk),
        path_(std::move(path)),
        syncs_each_(is_manifest_name(name_of(path_))) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* context) override {
    if (syncs_each_ && unsynced_)
      if (IOStatus status = Sync(options, context); !status.ok()) return status;
    unsynced_ = true;
    return judge(target()->Append(data, options, context), "written");
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* context) override {
    return Append(data, options, context);
  }
  IOStatus PositionedAppend(const Slice& data, std::uint64_t offset, const IOOptions& options,
                            IODebugContext* context) override {
    return judge(target()->PositionedAppend(data, offset, options, context), "written");
  }
  IOStatus PositionedAppend(const Slice& data, std::uint64_t offset, const IOOptions& options,
                            const rocksdb::DataVerificationInfo&, IODebugContext* context) override {
    return PositionedAppend(data, offset, options, context);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* context) override {
    return judge(target()->Truncate(size, options, context), "cut");
  }
  IOStatus Close(const IOOptions& options, IODebugContext* context) override {
    return judge(target()->Close(options, context), "closed");
  }
  IOStatus Flush(const IOOptions& options, IODebugContext* context) override {
    return judge(target()->Flush(options, context), "written");
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    unsynced_ = false;
    return judge(target()->Sync(options, context), "synced");
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    unsynced_ = false;
    return judge(target()->Fsync(options, context), "synced");
  }
  IOStatus RangeSync(std::uint64_t offset, std::uint64_t bytes, const IOOptions& options,
                     IODebugContext* context) override {
    return judge(target()->RangeSync(offset, bytes, options, context), "synced");
  }
  void SetPreallocationBlockSize(std::size_t size) override {
    target()->SetPreallocationBlockSize(std::min(size, preallocation_bytes_max));
  }

 private:
  IOStatus judge(IOStatus status, const char* what) { return disk_.judge(std::move(status), path_, what); }

  GuardedDisk& disk_;
  const std::string path_;
  const bool syncs_each_;
  bool unsynced_ = false;
};

class GuardedDirectory final : public rocksdb::FSDirectoryWrapper {
 public:
  GuardedDirectory(GuardedDisk& disk, std::string path, std::unique_ptr<rocksdb::FSDirectory> directory)
      : rocksdb::FSDirectoryWrapper(std::move(directory)), disk_(disk), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    return disk_.judge(FSDirectoryWrapper::Fsync(options, context), path_, "synced");
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* context,
                               const rocksdb::DirFsyncOptions& why) override {
    return disk_.judge(FSDirectoryWrapper::FsyncWithDirOptions(options, context, why), path_, "synced");
  }

 private:
  GuardedDisk& disk_;
  const std::string path_;
};

// A file that ends where its proof does.
class ProvedFile final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  ProvedFile(std::unique_ptr<rocksdb::FSSequentialFile> file, std::uint64_t bytes)
      : rocksdb::FSSequentialFileOwnerWrapper(std::move(file)), left_(bytes) {}

  IOStatus Read(std::size_t bytes, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* context) override {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, left_));
    *result = Slice(scratch, 0);
    if (wanted == 0) return IOStatus::OK();
    IOStatus status = target()->Read(wanted, options, result, scratch, context);
    if (status.ok()) left_ -= result->size();
    return status;
  }
  IOStatus Skip(std::uint64_t bytes) override {
    const std::uint64_t skipped = std::min(bytes, left_);
    left_ -= skipped;
    return target()->Skip(skipped);
  }

 private:
  std::uint64_t left_;
};

// A table that is being read. RocksDB asserts, now and then, that a read which failed once wasn't needed.
class GuardedReader final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  GuardedReader(GuardedDisk& disk, std::string path, std::unique_ptr<rocksdb::FSRandomAccessFile> file)
      : rocksdb::FSRandomAccessFileOwnerWrapper(std::move(file)), disk_(disk), path_(std::move(path)) {}

  IOStatus Read(std::uint64_t offset, std::size_t bytes, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* context) const override {
    return disk_.judge(target()->Read(offset, bytes, options, result, scratch, context), path_, "read");
  }
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, std::size_t count, const IOOptions& options,
                     IODebugContext* context) override {
    IOStatus status = disk_.judge(target()->MultiRead(requests, count, options, context), path_, "read");
    for (std::size_t i = 0; i < count; ++i) requests[i].status = disk_.judge(requests[i].status, path_, "read");
    return status;
  }

 private:
  GuardedDisk& disk_;
  const std::string path_;
};

class NoLock final : public rocksdb::FileLock {};

}  // namespace

IOStatus GuardedDisk::judge(IOStatus status, const std::string& path, const char* what) {
  if (!status.ok()) on_failure_(path + " can't be " + what + ": " + status.ToString());
  return status;
}

IOStatus GuardedDisk::NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSSequentialFile>* file, IODebugContext* context) {
  IOStatus status = target()->NewSequentialFile(path, options, file, context);
  const auto end = ends_.find(name_of(path));
  // A log that a live writer began after the proof: what lies between the two wasn't read.
  const bool is_later = end == ends_.end() && !may_change_ && is_log_name(name_of(path));
  if (status.ok() && (end != ends_.end() || is_later))
    *file = std::make_unique<ProvedFile>(std::move(*file), is_later ? 0 : end->second);
  return status;
}

IOStatus GuardedDisk::NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                                          std::unique_ptr<rocksdb::FSRandomAccessFile>* file, IODebugContext* context) {
  IOStatus status = target()->NewRandomAccessFile(path, options, file, context);
  std::uint64_t bytes = 0;
  if (status.ok() && is_table_name(name_of(path))) {
    status = target()->GetFileSize(path, options.io_options, &bytes, context);
    if (status.ok()) status = check_table_footer(**file, bytes, options.io_options, context);
  }
  // Runs of keys are read by ourselves: who asks for a key that can't be read is told, and nothing else is stopped.
  const bool is_run = name_of(path).ends_with(".run");
  const bool is_missing = status.IsNotFound() || status.IsPathNotFound();
  if (status.IsIOError() && !is_missing && !is_run) status = judge(status, path, "read");
  if (!status.ok()) {
    file->reset();
  } else if (!is_run) {
    *file = std::make_unique<GuardedReader>(*this, path, std::move(*file));
  }
  return status;
}

IOStatus GuardedDisk::guard(const std::string& path, std::unique_ptr<rocksdb::FSWritableFile>* file) {
  *file = std::make_unique<GuardedFile>(*this, path, std::move(*file));
  return IOStatus::OK();
}

IOStatus GuardedDisk::NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  if (!may_change_) return refuse_change();
  IOStatus status = judge(target()->NewWritableFile(path, options, file, context), path, "created");
  return status.ok() ? guard(path, file) : status;
}

IOStatus GuardedDisk::ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                         std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  if (!may_change_) return refuse_change();
  IOStatus status = judge(target()->ReopenWritableFile(path, options, file, context), path, "opened");
  return status.ok() ? guard(path, file) : status;
}

IOStatus GuardedDisk::NewDirectory(const std::string& path, const IOOptions& options,
                                   std::unique_ptr<rocksdb::FSDirectory>* directory, IODebugContext* context) {
  IOStatus status = target()->NewDirectory(path, options, directory, context);
  if (status.ok()) *directory = std::make_unique<GuardedDirectory>(*this, path, std::move(*directory));
  return status;
}

IOStatus GuardedDisk::CreateDirIfMissing(const std::string& path, const IOOptions& options, IODebugContext* context) {
  return may_change_ ? target()->CreateDirIfMissing(path, options, context) : IOStatus::OK();
}

// One that stays is swept later: no reason to stop.
IOStatus GuardedDisk::DeleteFile(const std::string& path, const IOOptions& options, IODebugContext* context) {
  return may_change_ ? target()->DeleteFile(path, options, context) : refuse_change();
}

IOStatus GuardedDisk::Truncate(const std::string& path, std::size_t bytes, const IOOptions& options,
                               IODebugContext* context) {
  return may_change_ ? judge(target()->Truncate(path, bytes, options, context), path, "cut") : refuse_change();
}

IOStatus GuardedDisk::RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                                 IODebugContext* context) {
  return may_change_ ? judge(target()->RenameFile(from, to, options, context), to, "renamed") : refuse_change();
}

IOStatus GuardedDisk::LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                               IODebugContext* context) {
  return may_change_ ? judge(target()->LinkFile(from, to, options, context), to, "linked") : refuse_change();
}

IOStatus GuardedDisk::LockFile(const std::string&, const IOOptions&, rocksdb::FileLock** lock, IODebugContext*) {
  *lock = new NoLock;
  return IOStatus::OK();
}

IOStatus GuardedDisk::UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) {
  delete static_cast<NoLock*>(lock);
  return IOStatus::OK();
}

}  // namespace tote::wal
