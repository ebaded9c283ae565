#include "wal/archive.h"

#include <algorithm>
#include <limits>

#include "wal/segment_writer.h"
#include "wal/status_text.h"

namespace tote::wal {
namespace {

bool is_unfinished(const std::string& name) { return name.ends_with(segment::unfinished_ending); }

// From which of them on they follow each other.
std::size_t chain_of(const std::vector<SegmentName>& names) {
  std::size_t begin = names.empty() ? 0 : names.size() - 1;
  while (begin > 0 && names[begin - 1].last.next() == names[begin].first) --begin;
  return begin;
}

}  // namespace

Archive::Archive(std::shared_ptr<rocksdb::FileSystem> disk, std::string directory)
    : disk_(std::move(disk)), directory_(std::move(directory)) {}

std::string Archive::open() {
  std::vector<std::string> files;
  const rocksdb::IOStatus status = disk_->GetChildren(directory_, rocksdb::IOOptions(), &files, nullptr);
  if (!status.ok() && !status.IsNotFound() && !status.IsPathNotFound()) return directory_ + ": " + status.ToString();
  std::vector<SegmentName> names;
  for (const std::string& file : files)
    if (SegmentName name; SegmentName::read(file, name)) names.push_back(std::move(name));
  std::ranges::sort(names, {}, &SegmentName::text);
  for (std::size_t i = 1; i < names.size(); ++i)
    if (names[i].first <= names[i - 1].last)
      return path_of(names[i]) + " has records of the segment before it, " + names[i - 1].text;
  const std::lock_guard lock(mutex_);
  names_ = std::move(names);
  publish();
  return {};
}

std::string Archive::begin_writing() {
  std::vector<std::string> files;
  const rocksdb::IOOptions options;
  if (!disk_->FileExists(directory_, options, nullptr).ok()) {
    rocksdb::IOStatus status = disk_->CreateDirIfMissing(directory_, options, nullptr);
    std::unique_ptr<rocksdb::FSDirectory> parent;
    const std::string above = directory_.substr(0, directory_.rfind('/'));
    if (status.ok()) status = disk_->NewDirectory(above.empty() ? "/" : above, options, &parent, nullptr);
    if (status.ok()) status = parent->Fsync(options, nullptr);
    if (!status.ok()) return directory_ + ": " + status.ToString();
  }
  const rocksdb::IOStatus status = disk_->GetChildren(directory_, options, &files, nullptr);
  for (const std::string& file : files)
    if (is_unfinished(file)) disk_->DeleteFile(directory_ + "/" + file, options, nullptr).PermitUncheckedError();
  return status.ok() ? std::string() : directory_ + ": " + status.ToString();
}

void Archive::publish() {
  count_.store(names_.size(), std::memory_order_relaxed);
  first_.store(names_.empty() ? 0 : names_[chain_of(names_)].first.value, std::memory_order_release);
  last_.store(names_.empty() ? 0 : names_.back().last.value, std::memory_order_release);
}

std::vector<SegmentName> Archive::names() const {
  const std::lock_guard lock(mutex_);
  return names_;
}

Archive::Reader Archive::find(Lsn lsn, std::string& reason) const {
  const std::lock_guard lock(mutex_);
  reason.clear();
  const auto after = std::ranges::upper_bound(names_, lsn, {}, &SegmentName::first);
  if (after == names_.begin() || std::prev(after)->last < lsn) return nullptr;
  return take(*std::prev(after), reason);
}

Archive::Reader Archive::take(const SegmentName& name, std::string& reason) const {
  const auto known = std::ranges::find(readers_, name.text, &std::pair<std::string, Reader>::first);
  if (known != readers_.end()) {
    readers_.splice(readers_.begin(), readers_, known);
    return readers_.front().second;
  }
  Reader reader = SegmentReader::open(*disk_, path_of(name), reason);
  if (reader == nullptr) return nullptr;
  if (reader->footer().first != name.first || reader->footer().last != name.last) {
    reason = path_of(name) + " has other records than its name says";
    return nullptr;
  }
  readers_.emplace_front(name.text, reader);
  if (readers_.size() > readers_max) readers_.pop_back();
  return reader;
}

std::string Archive::unfinished_path(Lsn first) const {
  const SegmentName name = SegmentName::make(first, first);
  return name.text.empty() ? std::string() : directory_ + "/" + name.text + ".new";
}

std::string Archive::seal(SegmentWriter& writer, const std::string& path, SegmentFooter footer) {
  const rocksdb::IOOptions options;
  std::string reason = writer.finish(footer);
  if (reason.empty()) reason = forget_doubtful();
  const SegmentName name = SegmentName::make(footer.first, footer.last);
  if (reason.empty() && name.text.empty()) reason = "the system gives no random bytes";
  if (reason.empty()) {
    const Reader written = SegmentReader::open(*disk_, path, reason);
    Lsn lsn;
    if (written != nullptr) reason = written->check(lsn);
  }
  if (reason.empty()) reason = text_of(disk_->RenameFile(path, path_of(name), options, nullptr));
  if (!reason.empty()) {
    disk_->DeleteFile(path, options, nullptr).PermitUncheckedError();
    return directory_ + ": " + reason;
  }
  if (reason = sync_names(); !reason.empty()) {  // nobody knows whether its name will be there
    doubtful_ = path_of(name);
    return directory_ + ": " + reason;
  }
  const std::lock_guard lock(mutex_);
  names_.push_back(name);
  publish();
  return {};
}

// Beside another one of the same records nobody could tell which counts.
std::string Archive::forget_doubtful() {
  if (doubtful_.empty()) return {};
  const rocksdb::IOStatus status = disk_->DeleteFile(doubtful_, rocksdb::IOOptions(), nullptr);
  if (!status.ok() && !status.IsNotFound() && !status.IsPathNotFound()) return status.ToString();
  doubtful_.clear();
  return {};
}

std::string Archive::sync_names() const {
  std::unique_ptr<rocksdb::FSDirectory> handle;
  rocksdb::IOStatus status = disk_->NewDirectory(directory_, rocksdb::IOOptions(), &handle, nullptr);
  if (status.ok()) status = handle->Fsync(rocksdb::IOOptions(), nullptr);
  return text_of(status);
}

std::string Archive::drop(Time end) {
  for (;;) {
    SegmentName oldest;
    std::string reason;
    {
      const std::lock_guard lock(mutex_);
      if (names_.size() < 2) return {};  // the last one says where the chain goes on
      oldest = names_.front();
      const Reader reader = take(oldest, reason);
      if (reader == nullptr || reader->footer().newest >= end) return reason;
      names_.erase(names_.begin());
      publish();
      readers_.remove_if([&](const auto& entry) { return entry.first == oldest.text; });
    }
    reason = text_of(disk_->DeleteFile(path_of(oldest), rocksdb::IOOptions(), nullptr));
    if (!reason.empty()) return directory_ + ": " + reason;
  }
}

std::uint64_t Archive::free_bytes() const {
  std::uint64_t bytes = 0;
  const bool is_known = disk_->GetFreeSpace(directory_, rocksdb::IOOptions(), &bytes, nullptr).ok();
  return is_known ? bytes : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace tote::wal
