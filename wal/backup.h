// Backups of a log: each is a directory of its own that `tote verify` reads like any other, complete, and consistent at
// one LSN. What doesn't change any more (tables, runs of keys, segments) and is in the backup before is linked from
// there: a backup costs what is new since.
//
//   DIR/backup.tmp      links to what the log is made of, for as long as it is copied
//   TO/<name>.new       the copy; synced, then renamed
//   TO/<name>           a backup: the files, and `tote.backup`, which lists them with their checksums
#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/kernel/ordinal.h"
#include "engine/kernel/time.h"

namespace tote::wal {

inline constexpr const char* backup_list_name = "tote.backup";
inline constexpr const char* backup_links_name = "backup.tmp";

// A table, a run of keys or a segment: it doesn't change any more.
bool is_written_once(std::string_view path);

// What `tote.backup` says.
struct BackupList {
  struct File {
    std::uint64_t bytes = 0, checksum = 0;  // XXH3-64 of all of it
  };
  std::string log_id;
  Lsn last{};                         // it has at least everything up to here
  std::map<std::string, File> files;  // by their paths within the backup

  std::string text() const;
  // Empty, or why it isn't one.
  static std::string parse(const std::string& text, BackupList& list);
  static std::string read(rocksdb::FileSystem& disk, const std::string& backup, BackupList& list);
};

struct BackupOrder {
  std::string to;                                // made when it isn't there
  std::uint64_t bytes_per_s = 64 << 20;          // copied
  const std::atomic<bool>* stopped = nullptr;    // given up
  std::atomic<std::uint64_t>* copied = nullptr;  // bytes so far
};

struct BackupDone {
  std::string name;
  Lsn last{};
  std::uint64_t copied_bytes = 0, linked_bytes = 0;
};

// When a backup was made, by its name; 0: that isn't the name of one.
Time time_of_backup(const std::string& name);

// Of finished backups, oldest first.
std::vector<std::string> backups_in(rocksdb::FileSystem& disk, const std::string& to);

// Copies `from` (path within the backup -> file) to a new backup. Empty, or what went wrong; what is there then is no
// backup, and goes with the next one.
std::string copy_backup(rocksdb::FileSystem& disk, const std::map<std::string, std::string>& from, BackupList list,
                        const BackupOrder& order, BackupDone& done);

// Copies one file, synced. `pace(bytes)` is called for each piece; false: stopped.
std::string copy_file(rocksdb::FileSystem& disk, const std::string& from, const std::string& to,
                      const std::function<bool(std::size_t)>& pace, BackupList::File& what);

}  // namespace tote::wal
