// Runs of keys on a disk that stops where a test wants it to.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/wal/fixture.h"
#include "wal/key_store.h"
#include "wal/log.h"

namespace tote::wal {

namespace fs = std::filesystem;

// A disk that does so many changes and no more, as if the process had died there; or that can't read runs.
class StoppingDisk : public rocksdb::FileSystemWrapper {
 public:
  StoppingDisk() : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "StoppingDisk"; }

  std::atomic<int> changes_left{1 << 30};
  std::atomic<bool> fails_reads{false};
  std::function<void()> on_open_run;  // before one is opened to be read

  rocksdb::IOStatus change() {
    return changes_left.fetch_sub(1) > 0 ? rocksdb::IOStatus::OK() : rocksdb::IOStatus::IOError("stopped here");
  }

  class File : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(StoppingDisk& disk, std::unique_ptr<rocksdb::FSWritableFile> file)
        : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), disk_(disk) {}
    using rocksdb::FSWritableFileOwnerWrapper::Append;
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* context) override {
      const auto status = disk_.change();
      return status.ok() ? target()->Append(data, options, context) : status;
    }
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             const rocksdb::DataVerificationInfo&, rocksdb::IODebugContext* context) override {
      return Append(data, options, context);
    }
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
      const auto status = disk_.change();
      return status.ok() ? target()->Sync(options, context) : status;
    }

   private:
    StoppingDisk& disk_;
  };
  class Reading : public rocksdb::FSRandomAccessFileOwnerWrapper {
   public:
    Reading(StoppingDisk& disk, std::unique_ptr<rocksdb::FSRandomAccessFile> file)
        : rocksdb::FSRandomAccessFileOwnerWrapper(std::move(file)), disk_(disk) {}
    rocksdb::IOStatus Read(std::uint64_t at, std::size_t bytes, const rocksdb::IOOptions& options,
                           rocksdb::Slice* result, char* scratch, rocksdb::IODebugContext* context) const override {
      if (disk_.fails_reads) return rocksdb::IOStatus::IOError("Input/output error");
      return rocksdb::FSRandomAccessFileOwnerWrapper::Read(at, bytes, options, result, scratch, context);
    }

   private:
    StoppingDisk& disk_;
  };

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override {
    auto status = change();
    if (status.ok()) status = target()->NewWritableFile(name, options, file, context);
    if (status.ok()) *file = std::make_unique<File>(*this, std::move(*file));
    return status;
  }
  rocksdb::IOStatus NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* context) override {
    if (const auto hook = on_open_run; name.ends_with(".run") && hook) hook();
    const auto status = target()->NewRandomAccessFile(name, options, file, context);
    if (status.ok() && name.ends_with(".run")) *file = std::make_unique<Reading>(*this, std::move(*file));
    return status;
  }
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* context) override {
    const auto status = change();
    return status.ok() ? target()->NewDirectory(name, options, directory, context) : status;
  }
  rocksdb::IOStatus CreateDirIfMissing(const std::string& name, const rocksdb::IOOptions& options,
                                       rocksdb::IODebugContext* context) override {
    const auto status = change();
    return status.ok() ? target()->CreateDirIfMissing(name, options, context) : status;
  }
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override {
    const auto status = change();
    return status.ok() ? target()->DeleteFile(name, options, context) : status;
  }
};

struct Keys {
  TemporaryDirectory directory;
  std::shared_ptr<StoppingDisk> disk = std::make_shared<StoppingDisk>();
  std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(disk);
  std::unique_ptr<Log> log;

  Keys() { open(); }
  void open() {
    log.reset();
    disk->changes_left = 1 << 30;
    LogOptions options = options_for(directory.path());
    options.env = env.get();
    options.on_failure = [](const std::string&) {};  // some are wanted here
    log = open_log(options);
    log->start();
  }
  KeyStore& store() { return *log->keys(); }
  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    if (fs::exists(directory.path() + "/keys"))
      for (const auto& entry : fs::directory_iterator(directory.path() + "/keys")) found.push_back(entry.path());
    return found;
  }
};

inline std::string tenant_of(std::uint64_t i) { return i % 3 == 0 ? "default" : "shop" + std::to_string(i % 3); }
inline std::string key_of(std::uint64_t i) { return "key-" + std::to_string(i / 3); }  // the same in three tenants

// Keys from..to, each with its number as its LSN and its answer.
inline std::string put(KeyStore& store, std::uint64_t from, std::uint64_t to, std::size_t answer_bytes = 20) {
  KeyStore::Run run;
  return store.put(
      [&](const KeyStore::Add& add) {
        for (std::uint64_t i = from; i <= to; ++i) {
          const std::string tenant = tenant_of(i), key = key_of(i);
          std::string answer = std::to_string(i);
          answer.resize(answer_bytes, '.');
          Record record;
          record.time = {static_cast<std::int64_t>(i) * 1'000};
          record.tenant = tenant;
          record.kind = 1;
          record.entity = "alice";
          record.version = {i};
          record.key = key;
          record.fingerprint = {i, i + 1};
          record.answer = answer;
          add({i}, key_hash(tenant, key), record);
        }
      },
      run);
}

inline KeyFound find(const KeyStore& store, std::uint64_t i) {
  constexpr std::array everywhere{KeyStore::Span{{1}, {~std::uint64_t{0}}}};
  return store.find(tenant_of(i), key_of(i), key_hash(tenant_of(i), key_of(i)), everywhere);
}

inline bool has(const KeyStore& store, std::uint64_t i) {
  const KeyFound found = find(store, i);
  return found.answer == KeyFound::Answer::yes && found.lsn == Lsn{i} && found.record.version == Version{i} &&
         found.record.fingerprint == Fingerprint{i, i + 1} && found.record.answer.starts_with(std::to_string(i) + ".");
}

inline std::uint64_t missing(const KeyStore& store, std::uint64_t from, std::uint64_t to) {
  std::uint64_t count = 0;
  for (std::uint64_t i = from; i <= to; ++i) count += has(store, i) ? 0 : 1;
  return count;
}

}  // namespace tote::wal
