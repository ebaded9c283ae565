#include "wal/store.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <limits>

#include "wal/failure.h"
#include "wal/guarded_disk.h"
#include "wal/status_text.h"
#include "wal/store_options.h"

namespace tote::wal {
namespace {

std::array<char, 8> key_bytes(Lsn lsn) {
  std::array<char, 8> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<char>(static_cast<unsigned char>(lsn.value >> (8 * (out.size() - 1 - i))));
  }
  return out;
}

// What it takes to make tables of so many bytes of RocksDB's own log: the tables, a new log with its preallocation, a
// MANIFEST, and the blocks that files don't fill.
std::uint64_t room_for(std::uint64_t log_bytes) { return log_bytes + log_bytes / 8 + (std::uint64_t{16} << 20); }

// Of the frame whose key an iterator stands on; 0 when it stands nowhere.
Lsn first_lsn_at(const rocksdb::Iterator& at) {
  Lsn first;
  if (at.Valid())
    for (const char byte : at.key().ToStringView()) first.value = (first.value << 8) | static_cast<unsigned char>(byte);
  return first;
}

rocksdb::Slice slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

}  // namespace

std::string frame_key(Lsn first) {
  const auto bytes = key_bytes(first);
  return {bytes.data(), bytes.size()};
}

Store::Store(const LogOptions& options)
    : options_(options),
      disk_env_(options.env != nullptr ? options.env : rocksdb::Env::Default()),
      guard_(std::make_shared<GuardedDisk>(disk_env_->GetFileSystem(),
                                           options.on_failure ? options.on_failure : stop_for_failed_disk)),
      env_(rocksdb::NewCompositeEnv(guard_)),
      keys_guard_(std::make_shared<GuardedDisk>(disk_env_->GetFileSystem(),
                                                options.on_failure ? options.on_failure : stop_for_failed_disk)),
      keys_env_(rocksdb::NewCompositeEnv(keys_guard_)),
      archive_(disk_env_->GetFileSystem(),
               options.archive_directory.empty() ? options.directory + "/archive" : options.archive_directory) {
  if (!options.read_only) keys_guard_->allow_changes();
}

Store::~Store() {
  close_database();
  if (lock_ != nullptr) disk_env_->UnlockFile(lock_).PermitUncheckedError();
}

rocksdb::Status Store::open_database(Access access) {
  rocksdb::Options options = store_options(options_);
  options.env = env_.get();
  options.create_if_missing = options.create_missing_column_families = access == Access::create;
  rocksdb::DB* db = nullptr;
  const auto families = family_options(options, options_);
  rocksdb::Status status = access == Access::read
                               ? rocksdb::DB::OpenForReadOnly(options, options_.directory, families, &families_, &db)
                               : rocksdb::DB::Open(options, options_.directory, families, &families_, &db);
  db_.reset(db);
  if (status.ok()) {
    if (keys_ == nullptr) keys_ = std::make_unique<KeyStore>(*keys_env_, options_.directory);
    keys_->keep_free(room_for(log_bytes_at_open_));
    keys_->use(*db_, *families_[family_meta], *families_[family_keys]);
    states_.use(*db_, *families_[family_log], *families_[family_state], *families_[family_meta]);
  }
  is_writable_ = access != Access::read;
  return status;
}

void Store::close_database() {
  for (rocksdb::ColumnFamilyHandle* family : families_) db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  families_.clear();
  db_.reset();
}

Damage Store::begin_writing() {
  if (is_writable_) return {};  // it is new
  const auto refused = [this](const std::string& sentence) { return Damage{{}, options_.directory + " " + sentence}; };
  if (!too_little_room(room_for(log_bytes_at_open_)).empty()) keys_->sweep();  // what a crash left may be all it takes
  if (const std::string sentence = too_little_room(room_for(log_bytes_at_open_)); !sentence.empty())
    return refused(sentence);
  close_database();
  guard_->allow_changes();
  rocksdb::Status status = cut_torn_logs();
  if (status.ok()) status = open_database(Access::write);
  if (std::string reason = status.ok() ? drop_trimmed() : std::string(); !reason.empty()) return refused(reason);
  return status.ok() ? Damage{} : refused("can't be opened to be written: " + status.ToString());
}

// Later starts needn't judge them again, beside files that came after them.
rocksdb::Status Store::cut_torn_logs() {
  const std::shared_ptr<rocksdb::FileSystem>& disk = env_->GetFileSystem();
  for (const auto& [name, bytes] : torn_) {
    const std::string path = options_.directory + "/" + name;
    std::unique_ptr<rocksdb::FSWritableFile> file;
    rocksdb::IOStatus status = disk->ReopenWritableFile(path, rocksdb::FileOptions(), &file, nullptr);
    if (status.ok()) status = file->Truncate(bytes, rocksdb::IOOptions(), nullptr);
    if (status.ok()) status = file->Fsync(rocksdb::IOOptions(), nullptr);
    if (status.ok()) status = file->Close(rocksdb::IOOptions(), nullptr);
    if (!status.ok()) return status;
  }
  return {};
}

std::string Store::too_little_room(std::uint64_t bytes) const {
  constexpr std::uint64_t mib = 1 << 20;
  const std::uint64_t free_bytes = disk_free_bytes();
  if (free_bytes >= bytes) return {};
  return "needs " + std::to_string(bytes / mib) + " MiB of free disk to be opened and has " +
         std::to_string(free_bytes / mib) + ": free " + std::to_string((bytes - free_bytes) / mib + 1) + " MiB more";
}

std::string Store::put(Lsn first, std::string_view header, std::string_view payload) {
  const auto bytes = key_bytes(first);
  const rocksdb::Slice key(bytes.data(), bytes.size());
  const std::array<rocksdb::Slice, 2> pieces{slice(header), slice(payload)};
  rocksdb::WriteBatch batch(frame_key(first).size() + header.size() + payload.size() + 64);
  rocksdb::Status status = batch.Put(families_[family_log], rocksdb::SliceParts(&key, 1),
                                     rocksdb::SliceParts(pieces.data(), static_cast<int>(pieces.size())));
  if (status.ok()) status = db_->Write(with_sync(), &batch);
  return text_of(status);
}

void Store::flush() {
  if (disk_free_bytes() >= reserve_bytes()) db_->Flush(rocksdb::FlushOptions(), families_).PermitUncheckedError();
}

std::uint64_t Store::reserve_bytes() const {
  std::uint64_t unflushed_bytes = 0;
  db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables, &unflushed_bytes);
  return room_for(unflushed_bytes);
}

Damage Store::check_tables() const {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.readahead_size = 4 << 20;
  const rocksdb::Status status = db_->VerifyChecksum(options);
  Damage damage{{}, text_of(status)};
  if (status.ok()) damage.detail = keys_->check(damage.lsn);
  return damage;
}

std::uint64_t Store::disk_free_bytes() const {
  std::uint64_t bytes = 0;
  const bool known =
      disk_env_->GetFileSystem()->GetFreeSpace(options_.directory, rocksdb::IOOptions(), &bytes, nullptr).ok();
  return known ? bytes : std::numeric_limits<std::uint64_t>::max();
}

Lsn Store::newest_frame() const {
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(rocksdb::ReadOptions(), families_[family_log]));
  at->SeekToLast();
  return first_lsn_at(*at);
}

// Made first, so that it has all of the log that begins where it is said to afterwards.
Store::Cursor::Cursor(const Store& store, Lsn from, bool is_long) {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  if (is_long) options.readahead_size = 4 << 20;
  iterator_.reset(store.db_->NewIterator(options, store.families_[family_log]));
  begins_at_ = store.first();
  if (from > begins_at_)
    iterator_->SeekForPrev(frame_key(from));
  else
    iterator_->Seek(frame_key(begins_at_));
}

Store::Cursor::~Cursor() = default;

bool Store::Cursor::valid() const { return iterator_->Valid(); }

void Store::Cursor::next() { iterator_->Next(); }

std::string Store::Cursor::error() const {
  const rocksdb::Status status = iterator_->status();
  return text_of(status);
}

std::string_view Store::Cursor::key() const { return {iterator_->key().data(), iterator_->key().size()}; }

std::string_view Store::Cursor::frame() const { return {iterator_->value().data(), iterator_->value().size()}; }

}  // namespace tote::wal
