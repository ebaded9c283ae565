// Whatever fails while a segment is sealed or a backup is made, the log is whole, and the next try succeeds.
#include <doctest/doctest.h>
#include <rocksdb/file_system.h>

#include <filesystem>

#include "tests/wal/fixture.h"
#include "wal/backup.h"
#include "wal/restore.h"
#include "wal/trimmer.h"

namespace tote::wal {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

// Fails the n-th operation that changes something below a part of the tree, and all after it until it is mended.
class FailingPart final : public rocksdb::FileSystemWrapper {
 public:
  FailingPart(std::string part, IOStatus failure)
      : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()),
        part_(std::move(part)),
        failure_(std::move(failure)) {}
  const char* Name() const override { return "FailingPart"; }

  void fail_at(int operation) { left_ = operation; }
  void mend() { left_ = -1; }
  bool has_failed() const { return failed_; }

  IOStatus judge(const std::string& path) {
    if (left_ < 0 || path.find(part_) == std::string::npos) return IOStatus::OK();
    if (left_ > 0) return --left_, IOStatus::OK();
    failed_ = true;
    return failure_;
  }

  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(FailingPart& disk, std::string path, std::unique_ptr<rocksdb::FSWritableFile> file)
        : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), disk_(disk), path_(std::move(path)) {}
    using rocksdb::FSWritableFileOwnerWrapper::Append;
    IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, IODebugContext* context) override {
      const IOStatus status = disk_.judge(path_);
      return status.ok() ? target()->Append(data, options, context) : status;
    }
    IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
      const IOStatus status = disk_.judge(path_);
      return status.ok() ? target()->Sync(options, context) : status;
    }

   private:
    FailingPart& disk_;
    const std::string path_;
  };

  class Directory final : public rocksdb::FSDirectory {
   public:
    Directory(FailingPart& disk, std::string path, std::unique_ptr<rocksdb::FSDirectory> directory)
        : disk_(disk), path_(std::move(path)), directory_(std::move(directory)) {}
    IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
      const IOStatus status = disk_.judge(path_ + "/");
      return status.ok() ? directory_->Fsync(options, context) : status;
    }

   private:
    FailingPart& disk_;
    const std::string path_;
    const std::unique_ptr<rocksdb::FSDirectory> directory_;
  };

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) override {
    IOStatus status = judge(path);
    if (status.ok()) status = target()->NewWritableFile(path, options, file, context);
    if (status.ok()) *file = std::make_unique<File>(*this, path, std::move(*file));
    return status;
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* directory, IODebugContext* context) override {
    const IOStatus status = target()->NewDirectory(path, options, directory, context);
    if (status.ok()) *directory = std::make_unique<Directory>(*this, path, std::move(*directory));
    return status;
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* context) override {
    const IOStatus status = judge(to);
    return status.ok() ? target()->RenameFile(from, to, options, context) : status;
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions& options, IODebugContext* context) override {
    const IOStatus status = judge(path);
    return status.ok() ? target()->DeleteFile(path, options, context) : status;
  }
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions& options, IODebugContext* context) override {
    const IOStatus status = judge(path + "/");
    return status.ok() ? target()->CreateDirIfMissing(path, options, context) : status;
  }

 private:
  const std::string part_;
  const IOStatus failure_;
  int left_ = -1;
  bool failed_ = false;
};

std::vector<IOStatus> failures() { return {IOStatus::IOError("made to fail"), IOStatus::NoSpace("made to be full")}; }

struct OpenOnDisk {
  OpenOnDisk(const std::string& directory, const std::shared_ptr<FailingPart>& disk)
      : env(rocksdb::NewCompositeEnv(disk)) {
    LogOptions options = options_for(directory);
    options.env = env.get();
    log = open_log(options);
    REQUIRE(log->start().detail.empty());
  }
  ~OpenOnDisk() { log->close(); }

  std::unique_ptr<rocksdb::Env> env;
  std::unique_ptr<Log> log;
};

std::string seal_and_trim(Log& log) {
  bool sealed = false;
  std::string problem = log.trimmer()->seal({~0ULL}, true, {.bytes_per_s = 1ULL << 40}, sealed);
  return problem.empty() ? log.trimmer()->trim({~0ULL}) : problem;
}

std::vector<std::string> read_all(const Log& log) {
  std::vector<std::string> lines;
  const Damage damage = log.read(log.first(), log.durable(), [&](Lsn lsn, const Record& record) {
    lines.push_back(describe(lsn, record));
    return true;
  });
  CHECK(damage.detail == "");
  return lines;
}

}  // namespace

TEST_CASE("archive: whichever operation of a sealing fails, nothing is lost, and the next one succeeds") {
  for (const IOStatus& failure : failures()) {
    bool has_failed = true;
    int operation = 0;
    for (; has_failed; ++operation) {
      const TemporaryDirectory directory;
      const auto disk = std::make_shared<FailingPart>("/archive/", failure);
      {
        OpenOnDisk open(directory.path(), disk);
        for (const std::uint64_t group : {40, 40, 1}) append_group(*open.log, group);
        disk->fail_at(operation);
        const std::string problem = seal_and_trim(*open.log);
        has_failed = disk->has_failed();
        CHECK(problem.empty() == (open.log->untrimmed() == Lsn{81}));
        CHECK(read_all(*open.log) == sample_lines(81));
      }
      CHECK(read_history(directory.path()).lines == sample_lines(81));
      disk->mend();
      OpenOnDisk open(directory.path(), disk);
      CHECK(seal_and_trim(*open.log) == "");
      CHECK(open.log->untrimmed() == Lsn{81});
      CHECK(read_all(*open.log) == sample_lines(81));
    }
    CHECK(operation > 5);
  }
}

TEST_CASE("archive: a process that ends at any operation of a sealing leaves a log that is whole") {
  bool has_failed = true;
  for (int operation = 0; has_failed; ++operation) {
    const TemporaryDirectory directory;
    const auto disk = std::make_shared<FailingPart>("/archive/", IOStatus::IOError("the power is gone"));
    std::filesystem::path copy = directory.path("copy");
    {
      OpenOnDisk open(directory.path(), disk);
      for (const std::uint64_t group : {4, 4, 1}) append_group(*open.log, group);
      disk->fail_at(operation);
      seal_and_trim(*open.log);
      has_failed = disk->has_failed();
      std::filesystem::copy(directory.path(), copy, std::filesystem::copy_options::recursive);
    }
    CHECK(read_history(copy.string()).lines == sample_lines(9));
    CHECK(read_history(options_for(copy.string())).lines == sample_lines(9));
  }
}

TEST_CASE("backup: whichever operation fails, there is no half one, the log goes on, and the next one succeeds") {
  for (const IOStatus& failure : failures()) {
    bool has_failed = true;
    for (int operation = 0; has_failed; ++operation) {
      const TemporaryDirectory directory;
      const auto disk = std::make_shared<FailingPart>("/backups", failure);
      const std::string to = directory.path("backups");
      OpenOnDisk open(directory.path(), disk);
      append_group(*open.log, 9);
      disk->fail_at(operation);
      BackupDone done;
      const std::string problem = open.log->trimmer()->back_up({.to = to, .bytes_per_s = 1ULL << 40}, done);
      has_failed = disk->has_failed();
      if (!problem.empty()) CHECK(has_failed);
      disk->mend();
      for (const std::string& name : backups_in(*disk, to))
        CHECK(read_history(to + "/" + name).lines == sample_lines(9));
      append_group(*open.log, 1);
      CHECK(open.log->trimmer()->back_up({.to = to, .bytes_per_s = 1ULL << 40}, done) == "");
      CHECK(read_history(to + "/" + done.name).lines == sample_lines(10));
    }
  }
}

TEST_CASE("restore: whichever operation fails, there is nothing where the log was to be, and the next one succeeds") {
  const TemporaryDirectory directory;
  const std::string to = directory.path("backups");
  {
    const auto log = open_log(options_for(directory.path()));
    REQUIRE(log->start().detail.empty());
    for (const std::uint64_t group : {4, 4, 1}) append_group(*log, group);
    REQUIRE(seal_and_trim(*log) == "");
    BackupDone done;
    REQUIRE(log->trimmer()->back_up({.to = to, .bytes_per_s = 1ULL << 40}, done) == "");
    log->close();
  }
  for (const IOStatus& failure : failures()) {
    bool has_failed = true;
    for (int operation = 0; has_failed; ++operation) {
      const std::string restored = directory.path("restored" + std::to_string(operation));
      const auto disk = std::make_shared<FailingPart>("/restored", failure);
      disk->fail_at(operation);
      RestoreDone done;
      const std::string problem = restore({.from = to, .to = restored}, done, disk);
      has_failed = disk->has_failed();
      CHECK((problem != "") == has_failed);
      disk->mend();
      if (problem != "" && !std::filesystem::exists(restored))
        CHECK(restore({.from = to, .to = restored}, done, disk) == "");
      CHECK(read_history(restored).lines == sample_lines(9));
      std::filesystem::remove_all(restored);
    }
  }
}

}  // namespace tote::wal
