#include "wal/backup.h"

#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <sstream>

#include "wal/pace.h"
#include "wal/status_text.h"

namespace tote::wal {
namespace {

constexpr std::size_t piece_bytes = 1 << 20;
constexpr std::size_t compared_bytes = 64 << 10;  // of the end: RocksDB names the session there that wrote a table

std::string hex_of(std::uint64_t number) {
  std::ostringstream out;
  out << std::hex << number;
  return out.str();
}

std::uint64_t checksum_of(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc)};
}

std::string name_for(Lsn last) {
  std::string digits = std::to_string(last.value);
  return std::string(20 - digits.size(), '0') + digits + "-" + utc_now();
}

rocksdb::IOStatus sync_names(rocksdb::FileSystem& disk, const std::string& directory) {
  std::unique_ptr<rocksdb::FSDirectory> handle;
  rocksdb::IOStatus status = disk.NewDirectory(directory, rocksdb::IOOptions(), &handle, nullptr);
  return status.ok() ? handle->Fsync(rocksdb::IOOptions(), nullptr) : status;
}

std::string end_of(rocksdb::FileSystem& disk, const std::string& path, std::uint64_t bytes) {
  std::unique_ptr<rocksdb::FSRandomAccessFile> file;
  if (!disk.NewRandomAccessFile(path, rocksdb::FileOptions(), &file, nullptr).ok()) return {};
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, compared_bytes));
  std::string buffer(count, '\0');
  rocksdb::Slice got;
  if (!file->Read(bytes - count, count, rocksdb::IOOptions(), &got, buffer.data(), nullptr).ok()) return {};
  return got.ToString();
}

// One backup on its way.
class Copying {
 public:
  Copying(rocksdb::FileSystem& disk, const BackupOrder& order, BackupList list, BackupDone& done)
      : disk_(disk), order_(order), list_(std::move(list)), done_(done), pace_(order.bytes_per_s, order.stopped) {}

  std::string run(const std::map<std::string, std::string>& from) {
    rocksdb::IOStatus status = disk_.CreateDirIfMissing(order_.to, options_, nullptr);
    if (!status.ok()) return status.ToString();
    remove_unfinished();
    find_previous();
    done_.name = name_for(list_.last);
    done_.last = list_.last;
    target_ = order_.to + "/" + done_.name + ".new";
    for (const char* below : {"", "/keys", "/archive"})
      if (status.ok()) status = disk_.CreateDirIfMissing(target_ + below, options_, nullptr);
    if (!status.ok()) return status.ToString();
    for (const auto& [path, source] : from)
      if (std::string reason = take(path, source); !reason.empty()) return source + ": " + reason;
    return finish();
  }

 private:
  void remove_unfinished() {
    std::vector<std::string> names;
    disk_.GetChildren(order_.to, options_, &names, nullptr).PermitUncheckedError();
    for (const std::string& name : names)
      if (name.ends_with(".new")) remove_tree(order_.to + "/" + name);
  }

  void remove_tree(const std::string& directory) {
    for (const char* below : {"/keys", "/archive", ""}) {
      std::vector<std::string> names;
      disk_.GetChildren(directory + below, options_, &names, nullptr).PermitUncheckedError();
      for (const std::string& name : names)
        disk_.DeleteFile(directory + below + "/" + name, options_, nullptr).PermitUncheckedError();
      disk_.DeleteDir(directory + below, options_, nullptr).PermitUncheckedError();
    }
  }

  void find_previous() {
    auto names = backups_in(disk_, order_.to);
    std::reverse(names.begin(), names.end());
    for (const std::string& name : names) {
      if (!BackupList::read(disk_, order_.to + "/" + name, before_).empty() || before_.log_id != list_.log_id) continue;
      previous_ = order_.to + "/" + name;
      return;
    }
  }

  std::string take(const std::string& path, const std::string& source) {
    BackupList::File& file = list_.files[path];
    if (is_there_before(path, source) &&
        disk_.LinkFile(previous_ + "/" + path, target_ + "/" + path, options_, nullptr).ok()) {
      file = before_.files.at(path);
      done_.linked_bytes += file.bytes;
      return {};
    }
    std::string reason = copy_file(
        disk_, source, target_ + "/" + path,
        [this](std::size_t bytes) {
          if (order_.copied != nullptr) order_.copied->fetch_add(bytes, std::memory_order_relaxed);
          return pace_.take(bytes);
        },
        file);
    done_.copied_bytes += file.bytes;
    return reason;
  }

  bool is_there_before(const std::string& path, const std::string& source) {
    const auto known = before_.files.find(path);
    if (previous_.empty() || known == before_.files.end() || !is_written_once(path)) return false;
    std::uint64_t bytes = 0;
    if (!disk_.GetFileSize(source, options_, &bytes, nullptr).ok() || bytes != known->second.bytes) return false;
    const std::string end = end_of(disk_, source, bytes);
    return !end.empty() && end == end_of(disk_, previous_ + "/" + path, bytes);
  }

  std::string finish() {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    rocksdb::IOStatus status =
        disk_.NewWritableFile(target_ + "/" + backup_list_name, rocksdb::FileOptions(), &file, nullptr);
    if (status.ok()) status = file->Append(list_.text(), options_, nullptr);
    if (status.ok()) status = file->Sync(options_, nullptr);
    if (status.ok()) status = file->Close(options_, nullptr);
    for (const char* below : {"/keys", "/archive", ""})
      if (status.ok()) status = sync_names(disk_, target_ + below);
    if (status.ok()) status = disk_.RenameFile(target_, order_.to + "/" + done_.name, options_, nullptr);
    if (status.ok()) status = sync_names(disk_, order_.to);
    return text_of(status);
  }

  rocksdb::FileSystem& disk_;
  const BackupOrder& order_;
  BackupList list_, before_;
  BackupDone& done_;
  Pace pace_;
  const rocksdb::IOOptions options_;
  std::string target_, previous_;
};

}  // namespace

bool is_written_once(std::string_view path) {
  return path.ends_with(".sst") || path.ends_with(".run") || path.ends_with(".segment");
}

std::string BackupList::text() const {
  std::string out = "tote backup 1\nlog " + log_id + "\nlast " + std::to_string(last.value) + "\n";
  for (const auto& [path, file] : files)
    out += "file " + hex_of(file.checksum) + " " + std::to_string(file.bytes) + " " + path + "\n";
  return out + "end " + hex_of(checksum_of(out)) + "\n";
}

std::string BackupList::parse(const std::string& text, BackupList& list) {
  list = {};
  const auto end = text.rfind("end ");
  if (!text.starts_with("tote backup 1\n")) return "isn't the list of a backup, or that of a newer program";
  if (end == std::string::npos || text.substr(end) != "end " + hex_of(checksum_of(text.substr(0, end))) + "\n")
    return "isn't whole";
  std::istringstream in(text.substr(0, end));
  std::string word, path;
  std::getline(in, word);
  while (in >> word) {
    if (word == "log") in >> list.log_id;
    if (word == "last") in >> list.last.value;
    if (word != "file") continue;
    File file;
    in >> std::hex >> file.checksum >> std::dec >> file.bytes >> path;
    list.files[path] = file;
  }
  return {};
}

std::string BackupList::read(rocksdb::FileSystem& disk, const std::string& backup, BackupList& list) {
  const std::string path = backup + "/" + backup_list_name;
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  rocksdb::IOStatus status = disk.NewSequentialFile(path, rocksdb::FileOptions(), &file, nullptr);
  std::string text, buffer(piece_bytes, '\0');
  for (rocksdb::Slice got("x"); status.ok() && !got.empty(); text.append(got.data(), got.size())) {
    status = file->Read(buffer.size(), rocksdb::IOOptions(), &got, buffer.data(), nullptr);
    if (!status.ok()) break;
  }
  if (!status.ok()) return path + ": " + status.ToString();
  std::string reason = parse(text, list);
  return reason.empty() ? reason : path + " " + reason;
}

Time time_of_backup(const std::string& name) {
  const auto dash = name.rfind('-');
  std::tm utc{};
  if (dash == std::string::npos || ::strptime(name.c_str() + dash + 1, "%Y%m%dT%H%M%SZ", &utc) == nullptr) return {};
  return {static_cast<std::int64_t>(::timegm(&utc)) * ns_per_s};
}

std::vector<std::string> backups_in(rocksdb::FileSystem& disk, const std::string& to) {
  std::vector<std::string> names, found;
  disk.GetChildren(to, rocksdb::IOOptions(), &names, nullptr).PermitUncheckedError();
  for (const std::string& name : names)
    if (!name.ends_with(".new") &&
        disk.FileExists(to + "/" + name + "/" + backup_list_name, rocksdb::IOOptions(), nullptr).ok())
      found.push_back(name);
  std::ranges::sort(found);
  return found;
}

std::string copy_backup(rocksdb::FileSystem& disk, const std::map<std::string, std::string>& from, BackupList list,
                        const BackupOrder& order, BackupDone& done) {
  return Copying(disk, order, std::move(list), done).run(from);
}

std::string copy_file(rocksdb::FileSystem& disk, const std::string& from, const std::string& to,
                      const std::function<bool(std::size_t)>& pace, BackupList::File& what) {
  const rocksdb::IOOptions options;
  std::unique_ptr<rocksdb::FSSequentialFile> in;
  std::unique_ptr<rocksdb::FSWritableFile> out;
  rocksdb::IOStatus status = disk.NewSequentialFile(from, rocksdb::FileOptions(), &in, nullptr);
  if (status.ok()) status = disk.NewWritableFile(to, rocksdb::FileOptions(), &out, nullptr);
  XXH3_state_t* const state = XXH3_createState();
  XXH3_64bits_reset(state);
  what = {};
  bool goes_on = true;
  std::string buffer(piece_bytes, '\0');
  for (rocksdb::Slice got("x"); status.ok() && !got.empty() && goes_on;) {
    status = in->Read(buffer.size(), options, &got, buffer.data(), nullptr);
    if (status.ok() && !got.empty()) status = out->Append(got, options, nullptr);
    if (!status.ok()) break;
    XXH3_64bits_update(state, got.data(), got.size());
    what.bytes += got.size();
    goes_on = pace(got.size());
  }
  what.checksum = XXH3_64bits_digest(state);
  XXH3_freeState(state);
  if (status.ok()) status = out->Sync(options, nullptr);
  if (status.ok()) status = out->Close(options, nullptr);
  if (!status.ok()) return status.ToString();
  return goes_on ? std::string() : "it was stopped";
}

}  // namespace tote::wal
