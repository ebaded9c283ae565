#include "wal/restore.h"

#include <filesystem>

#include "wal/backup.h"
#include "wal/log.h"
#include "wal/log_cut.h"
#include "wal/status_text.h"

namespace tote::wal {
namespace {

namespace files = std::filesystem;

// Reads all of it from its first record on; the last one that is wanted.
std::string prove(const std::string& directory, bool is_last, const RestoreOrder& order, Lsn& first, Lsn& last) {
  LogOptions options;
  options.directory = directory;
  options.disk_free_bytes_min = 0;
  std::string failure;
  options.on_failure = [&failure](const std::string& sentence) { failure = sentence; };
  auto opened = Log::open(std::move(options));
  if (const auto* damage = std::get_if<Damage>(&opened)) return damage->detail;
  const auto log = std::move(std::get<std::unique_ptr<Log>>(opened));
  Damage damage = log->replay(log->first(), [&](Lsn lsn, const Record& record) {
    const bool is_wanted =
        (order.until == Lsn{} || lsn <= order.until) && (order.until_time == Time{} || record.time <= order.until_time);
    if (is_wanted) last = lsn;
    return true;
  });
  first = log->first();
  if (damage.is_none() && !is_last) damage = log->start();  // cuts what a crash would have left torn
  log->close();
  if (!damage.is_none())
    return (damage.lsn == Lsn{} ? "" : "LSN " + std::to_string(damage.lsn.value) + ": ") + damage.detail;
  return failure;
}

class Restoring {
 public:
  Restoring(rocksdb::FileSystem& disk, const RestoreOrder& order, RestoreDone& done)
      : disk_(disk), order_(order), done_(done), fresh_(order.to + ".restoring") {}

  std::string run() {
    std::string reason = choose();
    if (reason.empty()) reason = check_target();
    if (reason.empty()) reason = copy();
    Lsn first, last, proved;
    if (reason.empty()) reason = prove(fresh_, false, order_, first, last);
    if (reason.empty()) reason = check_reach(first, last);
    if (reason.empty()) reason = cut_log(fresh_, last, is_cut(), done_.log_id, done_.parent_id);
    if (reason.empty()) reason = prove(fresh_, true, {}, first, proved);
    if (reason.empty() && proved != last) reason = "it ends at LSN " + std::to_string(proved.value);
    done_.last = last;
    if (reason.empty()) reason = finish();
    std::error_code error;
    if (!reason.empty()) files::remove_all(fresh_, error);
    return reason;
  }

 private:
  bool is_cut() const { return order_.until != Lsn{} || order_.until_time != Time{}; }

  // The first that reaches so far: its archive may have been all there was then.
  std::string choose() {
    const rocksdb::IOOptions options;
    if (disk_.FileExists(order_.from + "/" + backup_list_name, options, nullptr).ok()) {
      done_.backup = order_.from;
      return BackupList::read(disk_, done_.backup, list_);
    }
    const auto names = backups_in(disk_, order_.from);
    if (names.empty()) return order_.from + " holds no backup";
    for (const std::string& name : names) {
      done_.backup = order_.from + "/" + name;
      if (std::string reason = BackupList::read(disk_, done_.backup, list_); !reason.empty()) return reason;
      if (order_.until != Lsn{} && list_.last >= order_.until) break;
    }
    return {};
  }

  std::string check_target() const {
    std::error_code error;
    if (!files::exists(order_.to, error)) return error ? order_.to + ": " + error.message() : std::string();
    if (files::is_directory(order_.to, error) && files::is_empty(order_.to, error)) return {};
    return order_.to + " isn't empty: a log is restored into a new directory";
  }

  std::string copy() {
    std::error_code error;
    files::remove_all(fresh_, error);
    files::create_directories(fresh_ + "/keys", error);
    files::create_directories(fresh_ + "/archive", error);
    files::permissions(fresh_, files::perms::owner_all, error);
    if (error) return fresh_ + ": " + error.message();
    for (const auto& [path, wanted] : list_.files) {
      BackupList::File file;
      const std::string from = done_.backup + "/" + path;
      std::string reason = copy_file(
          disk_, from, fresh_ + "/" + path, [](std::size_t) { return true; }, file);
      if (!reason.empty()) return from + ": " + reason;
      if (file.bytes != wanted.bytes || file.checksum != wanted.checksum)
        return from + " isn't what was written: the backup is damaged";
    }
    return {};
  }

  std::string check_reach(Lsn first, Lsn last) const {
    if (!is_cut()) return {};
    if (first != Lsn{1})
      return "the backup begins at LSN " + std::to_string(first.value) +
             ", and another end than its own can only be reached from the first record on";
    if (last == Lsn{}) return "nothing had happened then";
    if (order_.until != Lsn{} && last < order_.until) return "the backup ends at LSN " + std::to_string(last.value);
    return {};
  }

  std::string finish() {
    const rocksdb::IOOptions options;
    std::error_code error;
    files::remove(order_.to, error);  // an empty directory
    rocksdb::IOStatus status;
    std::unique_ptr<rocksdb::FSDirectory> handle;
    for (const char* below : {"/keys", "/archive", ""}) {
      if (status.ok()) status = disk_.NewDirectory(fresh_ + below, options, &handle, nullptr);
      if (status.ok()) status = handle->Fsync(options, nullptr);
    }
    if (status.ok()) status = disk_.RenameFile(fresh_, order_.to, options, nullptr);
    const std::string above = files::absolute(order_.to, error).parent_path();
    if (status.ok()) status = disk_.NewDirectory(above, options, &handle, nullptr);
    if (status.ok()) status = handle->Fsync(options, nullptr);
    return text_of(status);
  }

  rocksdb::FileSystem& disk_;
  const RestoreOrder& order_;
  RestoreDone& done_;
  const std::string fresh_;
  BackupList list_;
};

}  // namespace

std::string restore(const RestoreOrder& order, RestoreDone& done, const std::shared_ptr<rocksdb::FileSystem>& disk) {
  return Restoring(disk != nullptr ? *disk : *rocksdb::FileSystem::Default(), order, done).run();
}

}  // namespace tote::wal
