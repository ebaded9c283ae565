// A disk that keeps only what was synced: bytes of a file by its sync, names by the sync of their directory. It loses
// power at a chosen operation, fails a chosen one, or fills up. Everything else happens in a real directory.
//
// After a cut each 512-byte sector that was written and not synced holds what was there before, what was written, or
// zeros; the file has any length between the synced one and the last; of the changes of names a prefix has happened.
// What is left is put into a directory of its own, and the process ends.
//
// Threads: any; one operation at a time.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace tests::powercut {

inline constexpr int exit_cut = 99;

enum class Action { read, write, sync, rename, unlink, open, link, any };

struct Mishap {
  enum class Kind { none, cut, fail, full } kind = Kind::none;
  Action action = Action::any;      // that is counted
  std::uint64_t at = 0;             // the operation of this number, from 1
  bool for_ever = false;            // fail: from then on
  bool loses_power = false;         // fail: what is left is what a power cut would have left just then
  std::uint64_t room = UINT64_MAX;  // full: bytes in files of the directory
  std::uint64_t seed = 0;           // of what a cut leaves
};

class FragileDisk : public rocksdb::FileSystemWrapper {
 public:
  // `image`: where a cut leaves what is left of `directory`.
  FragileDisk(std::string directory, std::string image, Mishap mishap);
  const char* Name() const override { return "FragileDisk"; }

  // The power goes now.
  [[noreturn]] void cut();

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
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus GetFreeSpace(const std::string& path, const rocksdb::IOOptions& options, std::uint64_t* bytes,
                                 rocksdb::IODebugContext* context) override;

  // -- for its files
  struct File {
    std::string synced;   // its bytes as they were at the last sync
    std::string unnamed;  // its bytes when its last name went
    int names = 1;
  };
  using FilePointer = std::shared_ptr<File>;
  std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }
  // Counts the operation; not OK: it fails. Doesn't return when the power goes. Under the lock.
  rocksdb::IOStatus meet(Action action, std::uint64_t bytes = 0);
  void synced(const std::string& path, File& file);
  void synced_directory(const std::string& path);

 private:
  struct Entry {
    std::string path;
    FilePointer file;  // null: the name goes
  };
  using Change = std::vector<Entry>;  // of names: happens whole or not at all

  bool is_ours(const std::string& path) const { return path.starts_with(directory_ + "/"); }
  FilePointer file_at(const std::string& path);
  void change(Change change);
  void leave_image();
  std::string left_of(const std::string& path, const File& file);
  std::uint64_t bytes_used() const;

  const std::string directory_, image_;
  const Mishap mishap_;
  std::mutex mutex_;
  std::uint64_t met_ = 0;
  std::mt19937_64 random_;
  std::map<std::string, FilePointer> live_, durable_;
  std::vector<Change> pending_;  // of names, since their directory was synced
};

}  // namespace tests::powercut
