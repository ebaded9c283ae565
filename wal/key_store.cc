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

#include "engine/kernel/invariant.h"
#include "wal/format_version.h"
#include "wal/key_run_writer.h"
#include "wal/status_text.h"
#include "wal/store_options.h"
#include "wal/sync_directory.h"

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
  TOTE_INVARIANT(::getrandom(&random, sizeof random, 0) == static_cast<ssize_t>(sizeof random));
  return hex(number).append("-").append(hex(random)).append(suffix);
}

// 0: no name of ours.
std::uint64_t number_of(std::string_view name) {
  std::uint64_t number = 0;
  if (!name.ends_with(suffix) || name.size() < number_digits) return 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + number_digits, number, 16);
  return error == std::errc{} && end == name.data() + number_digits ? number : 0;
}

KeyStore::Run run_of(const KeyRunReader& reader) {
  const KeyRunFooter& footer = reader.footer();
  return {{footer.first, footer.last}, footer.entries, footer.oldest, footer.newest};
}

}  // namespace

KeyStore::KeyStore(rocksdb::Env& env, std::string directory)
    : env_(env), open_(env.GetFileSystem()), parent_(std::move(directory)), directory_(parent_ + "/keys") {}

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
  if (!files_.empty()) last_number_ = std::max(last_number_, number_of(files_.back().name));
  return {};
}

// The table as it is from now on.
void KeyStore::take_over(std::vector<File> files) {
  const std::lock_guard lock(mutex_);
  files_ = std::move(files);
  count_.store(files_.size(), std::memory_order_relaxed);
  first_to_go_ns_.store(files_.empty() ? 0 : files_.front().reader->footer().newest.ns, std::memory_order_relaxed);
}

std::string KeyStore::read_rows() {
  std::vector<File> files;
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
    std::string reason = open_file(std::string(key.substr(row_prefix.size())), row->value().ToStringView(), file);
    if (!reason.empty()) return reason;
    if (!files.empty() && file.reader->footer().first <= files.back().reader->footer().last)
      return path_of(file.name) + ": it has keys of the run before it";
    files.push_back(std::move(file));
  }
  take_over(std::move(files));
  return text_of(row->status());
}

std::string KeyStore::open_file(const std::string& name, std::string_view row, File& file) const {
  KeyRunFooter footer;
  std::string reason = number_of(name) == 0 ? "its name isn't one of a run" : KeyRunFooter::read(row, footer);
  if (!reason.empty()) return "the row of " + path_of(name) + ": " + reason;
  file = {name, KeyRunReader::open(open_, path_of(name), footer, reason), true};
  return reason;
}

void KeyStore::sweep() {
  for (const std::string& name : names_in_directory()) {
    const bool is_known =
        std::any_of(files_.begin(), files_.end(), [&](const File& file) { return file.name == name; });
    if (!is_known) env_.DeleteFile(path_of(name)).PermitUncheckedError();  // left over, it does no harm
  }
}

std::string KeyStore::start() {
  started_ = true;
  sweep();
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
  rocksdb::Status status = raise_format_version(*db_, *meta_, store_format_version_keys);
  const rocksdb::RangePtr all;
  if (status.ok()) status = rocksdb::DeleteFilesInRanges(db_, old_keys_, &all, 1);
  return text_of(status);
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
  if (batch.Count() == 0) return text_of(status);
  if (status.ok()) status = raise_format_version(*db_, *meta_, store_format_version_keys);
  if (status.ok()) status = db_->Write(with_sync(), &batch);
  return text_of(status);
}

std::string KeyStore::make_directory() {
  if (env_.FileExists(directory_).ok()) return {};
  made_directory_ = true;
  rocksdb::Status status = env_.CreateDirIfMissing(directory_);
  if (status.ok()) status = sync_directory(env_, parent_);
  return text_of(status);
}

std::string KeyStore::put(const Source& source, Run& run) {
  if (std::string reason = make_directory(); !reason.empty()) return reason;
  File file{name_of(++last_number_), nullptr, started_};
  KeyRunWriter writer(disk(), path_of(file.name));
  source([&](Lsn lsn, std::uint64_t hash, const Record& record) { writer.add(lsn, hash, record); });
  KeyRunFooter footer;
  if (std::string reason = writer.finish(footer); !reason.empty()) return reason;
  if (std::string reason = text_of(sync_directory(env_, directory_)); !reason.empty()) return reason;
  std::string reason;
  file.reader = KeyRunReader::open(open_, path_of(file.name), footer, reason);
  const std::lock_guard change(change_mutex_);
  if (reason.empty() && started_) reason = record({{file.name, file.reader, false}});
  if (!reason.empty()) return reason;
  run = run_of(*file.reader);
  std::vector<File> files = files_;
  files.push_back(std::move(file));
  take_over(std::move(files));
  const std::lock_guard lock(mutex_);
  up_to_ = footer.last;
  return {};
}

std::string KeyStore::drop(Time end) {
  const std::lock_guard change(change_mutex_);
  const auto stays = std::ranges::find_if(
      files_, [end](const File& file) { return !file.counts || file.reader->footer().newest > end; });
  const std::vector<File> dropped(files_.begin(), stays);
  if (dropped.empty()) return {};
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  for (const File& file : dropped)
    if (status.ok()) status = batch.Delete(meta_, std::string(row_prefix) + file.name);
  if (status.ok()) status = db_->Write(with_sync(), &batch);
  if (!status.ok()) return status.ToString();
  take_over({stays, files_.end()});
  for (const File& file : dropped) remove(file.name);
  return {};
}

std::string KeyStore::replace(const std::vector<std::shared_ptr<const KeyRunReader>>& old, const std::string& name,
                              const KeyRunFooter& footer) {
  if (std::string reason = text_of(sync_directory(env_, directory_)); !reason.empty()) return reason;
  std::string reason;
  File file{name, KeyRunReader::open(open_, path_of(name), footer, reason), true};
  if (!reason.empty()) return reason;
  const std::lock_guard change(change_mutex_);
  const auto first = std::ranges::find(files_, old.front(), &File::reader);
  if (first == files_.end()) {  // runs are dropped from the oldest on: the first is gone before the others
    remove(name);
    return {};
  }
  TOTE_INVARIANT(static_cast<std::size_t>(files_.end() - first) >= old.size());
  const std::vector<File> gone(first, first + static_cast<std::ptrdiff_t>(old.size()));
  TOTE_INVARIANT(std::ranges::equal(gone, old, {}, &File::reader));
  rocksdb::WriteBatch batch;
  rocksdb::Status status = batch.Put(meta_, std::string(row_prefix) + name, footer.bytes());
  for (const File& each : gone)
    if (status.ok()) status = batch.Delete(meta_, std::string(row_prefix) + each.name);
  if (status.ok()) status = db_->Write(with_sync(), &batch);
  if (!status.ok()) return status.ToString();
  std::vector<File> files(files_.begin(), first);
  files.push_back(std::move(file));
  files.insert(files.end(), first + static_cast<std::ptrdiff_t>(old.size()), files_.end());
  take_over(std::move(files));
  for (const File& each : gone) remove(each.name);
  return {};
}

// What can't be removed is swept at the next start.
void KeyStore::remove(const std::string& name) const {
  open_.close(path_of(name));
  env_.DeleteFile(path_of(name)).PermitUncheckedError();
}

std::string KeyStore::name_for(const File& last) const { return name_of(number_of(last.name)); }

rocksdb::FileSystem& KeyStore::disk() const { return *env_.GetFileSystem(); }

bool KeyStore::has_room(std::uint64_t bytes) const {
  constexpr std::uint64_t reserve_bytes = 64 << 20;
  std::uint64_t free_bytes = 0;
  const bool is_known = disk().GetFreeSpace(parent_, rocksdb::IOOptions(), &free_bytes, nullptr).ok();
  return !is_known || free_bytes >= 2 * bytes + reserve_bytes + kept_free_bytes_;
}

Lsn KeyStore::up_to() const {
  const std::lock_guard lock(mutex_);
  return up_to_;
}

std::vector<KeyStore::File> KeyStore::files() const {
  const std::lock_guard lock(mutex_);
  std::vector<File> files = files_;
  std::erase_if(files, [](const File& file) { return !file.counts; });
  return files;
}

bool KeyStore::has(const KeyRunReader& reader) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(files_, [&](const File& file) { return file.reader.get() == &reader; });
}

std::vector<KeyStore::Run> KeyStore::runs() const {
  const std::lock_guard lock(mutex_);
  std::vector<Run> runs;
  runs.reserve(files_.size());
  for (const File& file : files_) runs.push_back(run_of(*file.reader));
  return runs;
}

// Newest first.
std::vector<std::shared_ptr<const KeyRunReader>> KeyStore::readers_of(Span span) const {
  const std::lock_guard lock(mutex_);
  const auto begin =
      std::ranges::lower_bound(files_, span.first, {}, [](const File& file) { return file.reader->footer().last; });
  const auto end = std::ranges::upper_bound(begin, files_.end(), span.last, {},
                                            [](const File& file) { return file.reader->footer().first; });
  std::vector<std::shared_ptr<const KeyRunReader>> readers;
  for (auto file = end; file != begin;) readers.push_back((--file)->reader);
  return readers;
}

// A span without runs was dropped: all its keys are past their retention.
KeyFound KeyStore::find(std::string_view tenant, std::string_view key, std::uint64_t hash,
                        std::span<const Span> spans) const {
  for (const Span span : spans)
    if (KeyFound found = find_in(tenant, key, hash, span); found.answer != KeyFound::Answer::absent) return found;
  return {};
}

KeyFound KeyStore::find_in(std::string_view tenant, std::string_view key, std::uint64_t hash, Span span) const {
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (const auto& reader : readers_of(span)) {
      KeyFound found = reader->find(tenant, key, hash);
      // Its file may be gone because its keys are in another one by now.
      has_changed = found.answer == KeyFound::Answer::damaged && !has(*reader);
      if (has_changed) break;
      if (found.answer != KeyFound::Answer::absent) return found;
    }
  }
  return {};
}

std::string KeyStore::each_hash(Lsn last, const std::function<void(std::uint64_t hash)>& visit) const {
  for (const auto& reader : readers_of({last, last}))
    if (std::string reason = reader->each_hash(visit); !reason.empty()) return reason;
  return {};
}

// Beside a writer a run that was there when the log was opened may have gone meanwhile.
std::string KeyStore::check(Lsn& lsn) const {
  std::vector<std::shared_ptr<const KeyRunReader>> readers = readers_of({Lsn{}, Lsn{~std::uint64_t{0}}});
  std::reverse(readers.begin(), readers.end());
  for (const auto& reader : readers) {
    std::string reason = reader->check(lsn);
    const bool has_gone = !reason.empty() && (started_ ? !has(*reader) : !env_.FileExists(reader->path()).ok());
    if (!reason.empty() && !has_gone) return reason;
  }
  return {};
}

}  // namespace tote::wal
