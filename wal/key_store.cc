#include "wal/key_store.h"

#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/write_batch.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "wal/key_run_writer.h"
#include "wal/store_options.h"

namespace tote::wal {
namespace {

using key_run::number_at;
using key_run::put_number;

constexpr std::string_view row_prefix = "keys/run/";
constexpr std::string_view suffix = ".run";
constexpr std::size_t number_digits = 16;

std::string hex(std::uint64_t number) {
  std::string digits(number_digits, '0');
  for (std::size_t i = number_digits; i-- > 0; number >>= 4) digits[i] = "0123456789abcdef"[number & 15];
  return digits;
}

// Its number, and what makes it unlike any name that was ever given: whatever a crash leaves of a file, it is never
// written to again.
std::string name_of(std::uint64_t number) {
  std::uint64_t random = 0;
  std::string name = hex(number);
  if (::getrandom(&random, sizeof random, 0) == static_cast<ssize_t>(sizeof random))
    name.append("-").append(hex(random));
  return name.append(suffix);
}

// 0: no name of ours.
std::uint64_t number_of(std::string_view name) {
  std::uint64_t number = 0;
  if (!name.ends_with(suffix) || name.size() < number_digits) return 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + number_digits, number, 16);
  return error == std::errc{} && end == name.data() + number_digits ? number : 0;
}

std::string reason_of(const rocksdb::Status& status) { return status.ok() ? std::string() : status.ToString(); }

rocksdb::WriteOptions synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

rocksdb::Status sync_directory(rocksdb::Env& env, const std::string& path) {
  std::unique_ptr<rocksdb::Directory> handle;
  const rocksdb::Status status = env.NewDirectory(path, &handle);
  return status.ok() ? handle->Fsync() : status;
}

KeyStore::Run run_of(std::uint64_t number, const KeyRunReader& reader) {
  const KeyRunFooter& footer = reader.footer();
  return {number, footer.entries, footer.last, footer.newest};
}

}  // namespace

KeyStore::KeyStore(rocksdb::Env& env, std::string directory)
    : env_(env), parent_(std::move(directory)), directory_(parent_ + "/keys") {}

void KeyStore::use(rocksdb::DB& db, rocksdb::ColumnFamilyHandle& meta, rocksdb::ColumnFamilyHandle& old_keys) {
  db_ = &db;
  meta_ = &meta;
  old_keys_ = &old_keys;
}

KeyStore::~KeyStore() {
  for (const File& file : files_)
    if (!file.counts) env_.DeleteFile(path_of(file.name)).PermitUncheckedError();
  if (made_directory_ && !started_) env_.DeleteDir(directory_).PermitUncheckedError();
}

std::vector<std::string> KeyStore::names_in_directory() const {
  std::vector<std::string> names;
  env_.GetChildren(directory_, &names).PermitUncheckedError();  // it may not be there
  std::erase_if(names, [](const std::string& name) { return number_of(name) == 0; });
  return names;
}

std::string KeyStore::open() {
  if (std::string reason = read_rows(); !reason.empty()) return reason;
  for (const std::string& name : names_in_directory()) last_number_ = std::max(last_number_, number_of(name));
  if (!files_.empty()) last_number_ = std::max(last_number_, files_.back().number);
  return {};
}

std::string KeyStore::read_rows() {
  std::string up_to;
  const rocksdb::Status status = db_->Get({}, meta_, meta_keys_up_to, &up_to);
  if (!status.ok() && !status.IsNotFound()) return status.ToString();
  if (status.ok() && up_to.size() != sizeof(std::uint64_t)) return "the row keys_up_to isn't a number";
  if (status.ok()) up_to_ = {number_at<std::uint64_t>(up_to, 0)};
  const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator({}, meta_));
  for (row->Seek({row_prefix.data(), row_prefix.size()}); row->Valid(); row->Next()) {
    const std::string_view key = row->key().ToStringView();
    if (!key.starts_with(row_prefix)) break;
    File file;
    const std::string reason = open_file(std::string(key.substr(row_prefix.size())), row->value().ToStringView(), file);
    if (!reason.empty()) return reason;
    files_.push_back(std::move(file));
  }
  return reason_of(row->status());
}

std::string KeyStore::open_file(const std::string& name, std::string_view row, File& file) const {
  KeyRunFooter footer;
  std::string reason = number_of(name) == 0 ? "its name isn't one of a run" : KeyRunFooter::read(row, footer);
  if (!reason.empty()) return "the row of " + path_of(name) + ": " + reason;
  file = {name, number_of(name), KeyRunReader::open(*env_.GetFileSystem(), path_of(name), footer, reason), true};
  return reason;
}

std::string KeyStore::start() {
  started_ = true;
  for (const std::string& name : names_in_directory()) {
    const bool is_known =
        std::any_of(files_.begin(), files_.end(), [&](const File& file) { return file.name == name; });
    if (!is_known) env_.DeleteFile(path_of(name)).PermitUncheckedError();  // left over, it does no harm
  }
  if (std::string reason = record(files_); !reason.empty()) return reason;
  for (File& file : files_) file.counts = true;
  return remove_old_keys();
}

// Those are in runs by now, or in memory: the log has them all. A program that knows only them mustn't open it any
// more.
std::string KeyStore::remove_old_keys() {
  {
    const std::unique_ptr<rocksdb::Iterator> old(db_->NewIterator({}, old_keys_));
    old->SeekToFirst();
    if (!old->Valid() && old->status().ok()) return {};
  }
  rocksdb::Status status = db_->Put(synced(), meta_, meta_format_version, std::to_string(store_format_version));
  const rocksdb::RangePtr all;
  if (status.ok()) status = rocksdb::DeleteFilesInRanges(db_, old_keys_, &all, 1);
  return reason_of(status);
}

// Makes files count, all or none.
std::string KeyStore::record(const std::vector<File>& files) {
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  for (const File& file : files) {
    if (file.counts || !status.ok()) continue;
    status = batch.Put(meta_, std::string(row_prefix) + file.name, file.reader->footer().bytes());
    std::string up_to;
    put_number(file.reader->footer().last.value, up_to);
    if (status.ok()) status = batch.Put(meta_, meta_keys_up_to, up_to);
  }
  if (batch.Count() == 0) return reason_of(status);
  if (status.ok()) status = batch.Put(meta_, meta_format_version, std::to_string(store_format_version));
  if (status.ok()) status = db_->Write(synced(), &batch);
  return reason_of(status);
}

std::string KeyStore::make_directory() {
  if (env_.FileExists(directory_).ok()) return {};
  made_directory_ = true;
  rocksdb::Status status = env_.CreateDirIfMissing(directory_);
  if (status.ok()) status = sync_directory(env_, parent_);
  return reason_of(status);
}

std::string KeyStore::put(const Source& source, Run& run) {
  if (std::string reason = make_directory(); !reason.empty()) return reason;
  File file{name_of(++last_number_), last_number_, nullptr, false};
  KeyRunWriter writer(*env_.GetFileSystem(), path_of(file.name));
  source([&](Lsn lsn, std::uint64_t hash, const Record& record) { writer.add(lsn, hash, record); });
  KeyRunFooter footer;
  if (std::string reason = writer.finish(footer); !reason.empty()) return reason;
  if (std::string reason = reason_of(sync_directory(env_, directory_)); !reason.empty()) return reason;
  std::string reason;
  file.reader = KeyRunReader::open(*env_.GetFileSystem(), path_of(file.name), footer, reason);
  if (reason.empty() && started_) reason = record({file});
  if (!reason.empty()) return reason;
  file.counts = started_;
  run = run_of(file.number, *file.reader);
  const std::lock_guard lock(mutex_);
  up_to_ = footer.last;
  files_.push_back(std::move(file));
  return {};
}

std::string KeyStore::drop(Time end) {
  rocksdb::WriteBatch batch;
  std::vector<File> dropped;
  rocksdb::Status status;
  {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    while (count < files_.size() && files_[count].counts && files_[count].reader->footer().newest <= end) ++count;
    dropped.assign(files_.begin(), files_.begin() + static_cast<std::ptrdiff_t>(count));
  }
  for (const File& file : dropped)
    if (status.ok()) status = batch.Delete(meta_, std::string(row_prefix) + file.name);
  if (status.ok() && !dropped.empty()) status = db_->Write(synced(), &batch);
  if (!status.ok()) return status.ToString();
  for (const File& file : dropped) env_.DeleteFile(path_of(file.name)).PermitUncheckedError();  // swept later
  const std::lock_guard lock(mutex_);
  files_.erase(files_.begin(), files_.begin() + static_cast<std::ptrdiff_t>(dropped.size()));
  return {};
}

Lsn KeyStore::up_to() const {
  const std::lock_guard lock(mutex_);
  return up_to_;
}

std::vector<KeyStore::Run> KeyStore::runs() const {
  const std::lock_guard lock(mutex_);
  std::vector<Run> runs;
  runs.reserve(files_.size());
  for (const File& file : files_) runs.push_back(run_of(file.number, *file.reader));
  return runs;
}

std::shared_ptr<const KeyRunReader> KeyStore::reader_of(std::uint64_t number) const {
  const std::lock_guard lock(mutex_);
  const auto file = std::lower_bound(files_.begin(), files_.end(), number,
                                     [](const File& a, std::uint64_t wanted) { return a.number < wanted; });
  return file == files_.end() || file->number != number ? nullptr : file->reader;
}

KeyFound KeyStore::find(std::string_view tenant, std::string_view key, std::uint64_t hash,
                        std::span<const std::uint64_t> numbers) const {
  for (const std::uint64_t number : numbers) {
    const auto reader = reader_of(number);
    if (reader == nullptr) continue;  // dropped: all its keys are past their retention
    KeyFound found = reader->find(tenant, key, hash);
    if (found.answer != KeyFound::Answer::absent) return found;
  }
  return {};
}

std::string KeyStore::each_hash(std::uint64_t number, const std::function<void(std::uint64_t hash)>& visit) const {
  const auto reader = reader_of(number);
  return reader == nullptr ? std::string() : reader->each_hash(visit);
}

std::string KeyStore::check(Lsn& lsn) const {
  for (const Run& run : runs())
    if (const auto reader = reader_of(run.number); reader != nullptr)
      if (std::string reason = reader->check(lsn); !reason.empty()) return reason;
  return {};
}

}  // namespace tote::wal
