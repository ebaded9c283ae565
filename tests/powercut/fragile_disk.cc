#include "tests/powercut/fragile_disk.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tests::powercut {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
namespace fs = std::filesystem;

constexpr std::size_t sector_bytes = 512;

std::string bytes_of(const std::string& path, std::size_t from = 0) {
  std::ifstream in(path, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(from));
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

class FragileFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FragileFile(FragileDisk& disk, std::string path, FragileDisk::FilePointer file,
              std::unique_ptr<rocksdb::FSWritableFile> target)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(target)),
        disk_(disk),
        path_(std::move(path)),
        file_(std::move(file)) {}

  using rocksdb::FSWritableFileOwnerWrapper::Append;
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, IODebugContext* context) override {
    const auto lock = disk_.lock();
    const IOStatus status = disk_.meet(Action::write, data.size());
    return status.ok() ? target()->Append(data, options, context) : status;
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* context) override {
    const auto lock = disk_.lock();
    const IOStatus status = disk_.meet(Action::write);
    return status.ok() ? target()->Truncate(size, options, context) : status;
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    const auto lock = disk_.lock();
    IOStatus status = disk_.meet(Action::sync);
    if (status.ok()) status = target()->Flush(options, context);
    if (status.ok()) disk_.synced(path_, *file_);
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override { return Sync(options, context); }
  IOStatus Allocate(std::uint64_t, std::uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::NotSupported();
  }
  void SetPreallocationBlockSize(std::size_t) override {}

 private:
  FragileDisk& disk_;
  const std::string path_;
  const FragileDisk::FilePointer file_;
};

class FragileDirectory final : public rocksdb::FSDirectoryWrapper {
 public:
  FragileDirectory(FragileDisk& disk, std::string path, std::unique_ptr<rocksdb::FSDirectory> target)
      : rocksdb::FSDirectoryWrapper(std::move(target)), disk_(disk), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    const auto lock = disk_.lock();
    const IOStatus status = disk_.meet(Action::sync);
    if (status.ok()) disk_.synced_directory(path_);
    return status;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* context,
                               const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, context);
  }

 private:
  FragileDisk& disk_;
  const std::string path_;
};

class FragileSequence final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  FragileSequence(FragileDisk& disk, std::unique_ptr<rocksdb::FSSequentialFile> target)
      : rocksdb::FSSequentialFileOwnerWrapper(std::move(target)), disk_(disk) {}
  IOStatus Read(std::size_t bytes, const IOOptions& options, rocksdb::Slice* result, char* scratch,
                IODebugContext* context) override {
    const auto lock = disk_.lock();
    const IOStatus status = disk_.meet(Action::read);
    return status.ok() ? target()->Read(bytes, options, result, scratch, context) : status;
  }

 private:
  FragileDisk& disk_;
};

class FragileReader final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  FragileReader(FragileDisk& disk, std::unique_ptr<rocksdb::FSRandomAccessFile> target)
      : rocksdb::FSRandomAccessFileOwnerWrapper(std::move(target)), disk_(disk) {}
  IOStatus Read(std::uint64_t at, std::size_t bytes, const IOOptions& options, rocksdb::Slice* result, char* scratch,
                IODebugContext* context) const override {
    const auto lock = disk_.lock();
    const IOStatus status = disk_.meet(Action::read);
    return status.ok() ? target()->Read(at, bytes, options, result, scratch, context) : status;
  }

 private:
  FragileDisk& disk_;
};

}  // namespace

FragileDisk::FragileDisk(std::string directory, std::string image, Mishap mishap)
    : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()),
      directory_(std::move(directory)),
      image_(std::move(image)),
      mishap_(mishap),
      random_(mishap.seed) {}

void FragileDisk::cut() {
  const auto held = lock();
  leave_image();
  std::_Exit(exit_cut);
}

IOStatus FragileDisk::meet(Action action, std::uint64_t bytes) {
  if (mishap_.kind == Mishap::Kind::full && action == Action::write && bytes_used() + bytes > mishap_.room)
    return IOStatus::NoSpace("injected: the disk is full");
  if (mishap_.action != Action::any && mishap_.action != action) return IOStatus::OK();
  ++met_;
  if (mishap_.kind == Mishap::Kind::cut && met_ == mishap_.at) {
    leave_image();
    std::_Exit(exit_cut);
  }
  if (mishap_.kind != Mishap::Kind::fail || !(met_ == mishap_.at || (mishap_.for_ever && met_ > mishap_.at)))
    return IOStatus::OK();
  if (mishap_.loses_power && met_ == mishap_.at) leave_image();
  return IOStatus::IOError("injected");
}

FragileDisk::FilePointer FragileDisk::file_at(const std::string& path) {
  FilePointer& file = live_[path];
  if (file == nullptr) {  // it was there before
    file = std::make_shared<File>();
    file->synced = bytes_of(path);
    durable_[path] = file;
  }
  return file;
}

void FragileDisk::change(Change entries) {
  for (const Entry& entry : entries) {
    if (entry.file == nullptr) {
      live_.erase(entry.path);
    } else {
      live_[entry.path] = entry.file;
    }
  }
  pending_.push_back(std::move(entries));
}

void FragileDisk::synced(const std::string& path, File& file) {
  if (fs::file_size(path) < file.synced.size()) file.synced.clear();
  file.synced += bytes_of(path, file.synced.size());
}

void FragileDisk::synced_directory(const std::string& path) {
  std::erase_if(pending_, [&](const Change& change) {
    if (folder_of(change.front().path) != path) return false;
    for (const Entry& entry : change) {
      if (entry.file == nullptr) {
        durable_.erase(entry.path);
      } else {
        durable_[entry.path] = entry.file;
      }
    }
    return true;
  });
}

// What is left of a file that has this name, or had it.
std::string FragileDisk::left_of(const std::string& path, const File& file) {
  const auto live = live_.find(path);
  std::string written = file.unnamed;
  for (const auto& [name, of] : live_)
    if (of.get() == &file) written = bytes_of(name);
  if (live != live_.end() && live->second.get() == &file) written = bytes_of(path);
  if (written == file.synced) return written;
  if (written.size() < file.synced.size()) return random_() % 2 == 0 ? written : file.synced;  // it was cut
  const std::uint64_t more = written.size() - file.synced.size();
  std::size_t size = written.size();
  if (random_() % 4 == 0) size = file.synced.size() + random_() % (more + 1);
  std::string left = file.synced;
  left.resize(size, '\0');
  const std::uint64_t odds = 1 + random_() % 3;  // of a sector to be there, in four
  for (std::size_t at = file.synced.size(); at < size; at += sector_bytes - at % sector_bytes) {
    const std::size_t bytes = std::min(sector_bytes - at % sector_bytes, size - at);
    if (random_() % 4 < odds) left.replace(at, bytes, written, at, bytes);
  }
  return left;
}

void FragileDisk::leave_image() {
  auto names = durable_;
  const std::size_t happened = pending_.empty() ? 0 : random_() % (pending_.size() + 1);
  for (std::size_t i = 0; i < happened; ++i) {
    for (const Entry& entry : pending_[i]) {
      if (entry.file == nullptr) {
        names.erase(entry.path);
      } else {
        names[entry.path] = entry.file;
      }
    }
  }
  for (const auto& at : fs::recursive_directory_iterator(directory_)) {  // what nobody has touched
    const std::string path = at.path().string();
    if (at.is_directory()) {
      fs::create_directories(image_ + path.substr(directory_.size()));
    } else if (!live_.contains(path)) {
      names.emplace(path, nullptr);
    }
  }
  fs::create_directories(image_);
  for (const auto& [path, file] : names) {
    const std::string to = image_ + path.substr(directory_.size());
    std::ofstream(to, std::ios::binary) << (file == nullptr ? bytes_of(path) : left_of(path, *file));
  }
}

std::uint64_t FragileDisk::bytes_used() const {
  std::uint64_t bytes = 0;
  std::error_code ignored;
  for (const auto& at : fs::recursive_directory_iterator(directory_, ignored))
    if (at.is_regular_file(ignored)) bytes += at.file_size(ignored);
  return bytes;
}

IOStatus FragileDisk::NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSSequentialFile>* file, IODebugContext* context) {
  const auto held = lock();
  IOStatus status = is_ours(path) ? meet(Action::open) : IOStatus::OK();
  if (status.ok()) status = target()->NewSequentialFile(path, options, file, context);
  if (status.ok() && is_ours(path)) *file = std::make_unique<FragileSequence>(*this, std::move(*file));
  return status;
}

IOStatus FragileDisk::NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                                          std::unique_ptr<rocksdb::FSRandomAccessFile>* file, IODebugContext* context) {
  const auto held = lock();
  IOStatus status = is_ours(path) ? meet(Action::open) : IOStatus::OK();
  if (status.ok()) status = target()->NewRandomAccessFile(path, options, file, context);
  if (status.ok() && is_ours(path)) *file = std::make_unique<FragileReader>(*this, std::move(*file));
  return status;
}

IOStatus FragileDisk::NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  const auto held = lock();
  IOStatus status = meet(Action::open);
  // A name that is there is emptied: what has its bytes under another name, or durably under this one, keeps them.
  const bool is_there = fs::exists(path);
  const FilePointer known = is_there ? file_at(path) : std::make_shared<File>();
  if (status.ok()) status = target()->NewWritableFile(path, options, file, context);
  if (!status.ok()) return status;
  if (!is_there) change({{path, known}});
  *file = std::make_unique<FragileFile>(*this, path, known, std::move(*file));
  return status;
}

IOStatus FragileDisk::ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                         std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  const auto held = lock();
  IOStatus status = meet(Action::open);
  const FilePointer known = file_at(path);
  if (status.ok()) status = target()->ReopenWritableFile(path, options, file, context);
  if (status.ok()) *file = std::make_unique<FragileFile>(*this, path, known, std::move(*file));
  return status;
}

IOStatus FragileDisk::NewDirectory(const std::string& path, const IOOptions& options,
                                   std::unique_ptr<rocksdb::FSDirectory>* directory, IODebugContext* context) {
  IOStatus status = target()->NewDirectory(path, options, directory, context);
  if (status.ok()) *directory = std::make_unique<FragileDirectory>(*this, path, std::move(*directory));
  return status;
}

IOStatus FragileDisk::DeleteFile(const std::string& path, const IOOptions& options, IODebugContext* context) {
  const auto held = lock();
  IOStatus status = meet(Action::unlink);
  if (!status.ok()) return status;
  if (!fs::exists(path)) return target()->DeleteFile(path, options, context);
  const FilePointer file = file_at(path);
  file->unnamed = bytes_of(path);
  status = target()->DeleteFile(path, options, context);
  if (status.ok()) change({{path, nullptr}});
  return status;
}

IOStatus FragileDisk::RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                                 IODebugContext* context) {
  const auto held = lock();
  IOStatus status = meet(Action::rename);
  if (!status.ok()) return status;
  const FilePointer file = file_at(from);
  if (fs::exists(to)) file_at(to)->unnamed = bytes_of(to);
  status = target()->RenameFile(from, to, options, context);
  if (status.ok()) change({{to, file}, {from, nullptr}});
  return status;
}

IOStatus FragileDisk::LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                               IODebugContext* context) {
  const auto held = lock();
  IOStatus status = meet(Action::link);
  if (!status.ok()) return status;
  const FilePointer file = file_at(from);
  status = target()->LinkFile(from, to, options, context);
  if (status.ok()) change({{to, file}});
  return status;
}

IOStatus FragileDisk::GetFreeSpace(const std::string& path, const IOOptions& options, std::uint64_t* bytes,
                                   IODebugContext* context) {
  if (mishap_.kind != Mishap::Kind::full) return target()->GetFreeSpace(path, options, bytes, context);
  const auto held = lock();
  const std::uint64_t used = bytes_used();
  *bytes = mishap_.room > used ? mishap_.room - used : 0;
  return IOStatus::OK();
}

}  // namespace tests::powercut
