// A backup of a log that is being written: links to all that it is made of as of one moment, then a copy at leisure.
#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "wal/backup.h"
#include "wal/file_name.h"
#include "wal/store.h"
#include "wal/trimmer.h"

namespace tote::wal {
namespace {

namespace files = std::filesystem;

constexpr std::uint64_t beside_bytes = 64 << 20;  // that a checkpoint may take beside what it moves into tables

// Runs come and go: what is gone by now is in one that came. Called again for those, it meets the others' links.
std::string link_runs(KeyStore& keys, const files::path& to) {
  for (const KeyStore::File& file : keys.files()) {
    std::error_code error;
    files::create_hard_link(keys.path_of(file.name), to / file.name, error);
    if (error && error != std::errc::no_such_file_or_directory && error != std::errc::file_exists)
      return keys.path_of(file.name) + " can't be linked: " + error.message();
  }
  return {};
}

// A log without any `*.log` would be refused: it has lost its newest records. When all of it is in tables there is none
// to be linked, and an empty one, newer than every other file, says so.
std::string add_own_log(const std::string& directory) {
  std::error_code error;
  std::uint64_t number = 0;
  for (const auto& entry : files::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename();
    if (is_log_name(name)) return {};
    number = std::max({number, table_number(name).value_or(0), manifest_number(name).value_or(0)});
  }
  std::string digits = std::to_string(number + 1);
  if (digits.size() < 6) digits.insert(0, 6 - digits.size(), '0');
  if (error || !std::ofstream(directory + "/" + digits + ".log")) return directory + " can't be written";
  return {};
}

// Without what a backup makes anew.
bool is_part(const std::string& name) { return name != "LOCK" && name != "LOG" && !name.starts_with("LOG."); }

// A directory that can't be read to its end is not one with fewer files.
std::string add_files(const std::string& directory, const std::string& prefix,
                      std::map<std::string, std::string>& found) {
  std::error_code error;
  for (files::directory_iterator each(directory, error); !error && each != files::directory_iterator();
       each.increment(error))
    if (const std::string name = each->path().filename(); is_part(name)) found[prefix + name] = each->path();
  return error ? directory + ": " + error.message() : std::string();
}

}  // namespace

std::string Store::link_all(const std::string& to, std::map<std::string, std::string>& linked) {
  std::error_code error;
  files::remove_all(to, error);
  if (disk_free_bytes() < reserve_bytes() + beside_bytes) return "the disk has no room for what a backup needs";
  files::create_directories(to + "/keys", error);
  if (error) return to + ": " + error.message();
  if (std::string reason = link_runs(*keys_, to + "/keys"); !reason.empty()) return reason;
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(db_.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(to + "/log");
  if (!status.ok()) return status.ToString();
  std::string reason = link_runs(*keys_, to + "/keys");
  if (reason.empty()) reason = add_own_log(to + "/log");
  if (reason.empty()) reason = add_files(to + "/log", "", linked);
  return reason.empty() ? add_files(to + "/keys", "keys/", linked) : reason;
}

Time Trimmer::newest_backup(const std::string& to) const {
  Time newest{};
  for (const std::string& name : backups_in(archive_.disk(), to)) {
    const Time made = time_of_backup(name);
    BackupList list;
    if (made.ns > newest.ns && BackupList::read(archive_.disk(), to + "/" + name, list).empty() &&
        list.log_id == store_.id())
      newest = made;
  }
  return newest;
}

std::string Trimmer::back_up(const BackupOrder& order, BackupDone& done) {
  const std::string links = store_.directory() + "/" + backup_links_name;
  BackupList list;
  list.log_id = store_.id();
  {
    const Store::Cursor newest(store_, store_.newest_frame(), false);
    FrameHeader header;
    if (newest.valid() && open_frame(newest.frame(), header).empty()) list.last = header.last;
  }
  std::map<std::string, std::string> from;
  std::string reason = store_.link_all(links, from);
  for (const SegmentName& name : archive_.names()) from["archive/" + name.text] = archive_.path_of(name);
  if (reason.empty()) reason = copy_backup(archive_.disk(), from, std::move(list), order, done);
  std::error_code error;
  files::remove_all(links, error);
  return reason;
}

}  // namespace tote::wal
