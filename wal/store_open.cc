#include "wal/store_open.h"

#include <rocksdb/env.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>

#include "wal/reader.h"
#include "wal/recovery_scan.h"
#include "wal/store_options.h"

namespace tote::wal {
namespace {

// Exists from before the first byte of a new log until its id is on disk.
constexpr const char* creation_marker = "tote.creating";

bool is_log_file(const std::string& name) { return name.ends_with(".log"); }
bool is_table_file(const std::string& name) { return name.ends_with(".sst"); }

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

rocksdb::Status sync_directory(rocksdb::Env& env, const std::string& path) {
  std::unique_ptr<rocksdb::Directory> handle;
  const rocksdb::Status status = env.NewDirectory(path, &handle);
  return status.ok() ? handle->Fsync() : status;
}

std::string random_id() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) return {};
  std::string out;
  for (const unsigned char byte : bytes) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

std::string now_text() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

bool is_log_id(const std::string& id) {
  return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

std::variant<std::unique_ptr<Store>, Damage> Store::open(const LogOptions& options) {
  StoreOpening opening(options);
  Damage damage = opening.run();
  if (!damage.detail.empty()) return damage;
  return opening.take();
}

StoreOpening::StoreOpening(const LogOptions& options)
    : options_(options), database_options_(store_options(options)), store_(new Store) {
  store_->directory_ = options.directory;
  store_->env_ = database_options_.env;
}

Damage StoreOpening::run() {
  Damage damage = look();
  if (damage.detail.empty() && found_ == Found::nothing) damage = prepare_directory();
  if (damage.detail.empty()) damage = lock_and_scan();
  if (damage.detail.empty()) damage = open_database();
  if (damage.detail.empty()) damage = read_identity();
  if (damage.detail.empty()) damage = open_keys();
  return damage;
}

Damage StoreOpening::look() {
  const rocksdb::Status status = env().GetChildren(directory(), &files_);
  if (!status.ok() && !status.IsNotFound()) return refuse("can't be read: " + status.ToString());
  std::erase_if(files_, [](const std::string& name) { return name == "." || name == ".." || name == "lost+found"; });
  const bool is_begun = contains(files_, creation_marker);
  const bool has_log_files = std::any_of(files_.begin(), files_.end(), is_log_file);
  const bool has_tables = std::any_of(files_.begin(), files_.end(), is_table_file);
  if (contains(files_, "CURRENT")) {
    found_ = is_begun ? Found::unfinished : Found::log;
    if (!is_begun && !has_log_files) return refuse("has lost its *.log files, and with them its newest records");
    return {};
  }
  if (has_log_files || has_tables) return refuse("has frames but no CURRENT file");
  if (options_.read_only && (files_.empty() || is_begun)) return refuse("holds no log");
  if (!files_.empty() && !is_begun) return refuse("holds files but no log; a new log needs an empty directory");
  found_ = is_begun ? Found::unfinished : Found::nothing;
  return {};
}

Damage StoreOpening::prepare_directory() {
  const std::filesystem::path path = std::filesystem::absolute(directory());
  std::filesystem::path existing = path;
  while (!std::filesystem::exists(existing)) existing = existing.parent_path();
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  if (error) return refuse("can't be created: " + error.message());
  rocksdb::Status status = rocksdb::WriteStringToFile(&env(), "", this->path(creation_marker), true);
  // A name is durable only when the directory that holds it is.
  for (std::filesystem::path at = path; status.ok(); at = at.parent_path()) {
    status = sync_directory(env(), at.string());
    if (at == existing || at == at.parent_path()) break;
  }
  if (!status.ok()) return refuse("can't be written: " + status.ToString());
  return {};
}

Damage StoreOpening::lock_and_scan() {
  if (options_.read_only) return scan();
  rocksdb::FileLock* lock = nullptr;
  const rocksdb::Status status = env().LockFile(path("LOCK"), &lock);
  if (!status.ok()) return refuse("is in use by another process, or can't be locked: " + status.ToString());
  Damage damage = scan();
  env().UnlockFile(lock).PermitUncheckedError();  // RocksDB takes it itself and refuses when someone was faster
  return damage;
}

Damage StoreOpening::scan() {
  const RecoveryScan scan = scan_recovery_log(env(), directory(), files_);
  if (!scan.damage.empty()) return {first_unreadable(), directory() + " can't be read to its end: " + scan.damage};
  // RocksDB's usual mode refuses a tail with holes, which a power cut may leave; the scan has proved that it is one.
  if (scan.torn) database_options_.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  return {};
}

Damage StoreOpening::open_database() {
  database_options_.create_if_missing = may_create();
  database_options_.create_missing_column_families = may_create();
  const rocksdb::Status status = store_->open_database(database_options_, options_.read_only);
  return status.ok() ? Damage{} : explain(status);
}

Damage StoreOpening::explain(const rocksdb::Status& status) const {
  if (status.IsIOError() && status.ToString().find("lock") != std::string::npos) {
    return refuse("is in use by another process: " + status.ToString());
  }
  if (status.IsInvalidArgument()) return refuse("holds a database that isn't a log: " + status.ToString());
  if (status.IsCorruption()) return {first_unreadable(), directory() + " is damaged: " + status.ToString()};
  return refuse("can't be opened: " + status.ToString());
}

// Reads what can be read, without changing anything, to name the place for the operator.
Lsn StoreOpening::first_unreadable() const {
  LogOptions options = options_;
  options.read_only = true;
  rocksdb::Options database_options = store_options(options);
  database_options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  StoreOpening probe(options);
  if (!probe.store_->open_database(database_options, true).ok() || !probe.read_identity().detail.empty()) return {};
  Reader reader(*probe.store_);
  const Damage damage = reader.replay({}, [](Lsn, const Record&) { return true; });
  return damage.detail.empty() ? reader.end().last.next() : damage.lsn;
}

bool StoreOpening::log_is_empty() const {
  const Store::Cursor cursor(*store_);
  return !cursor.valid() && cursor.error().empty();
}

Damage StoreOpening::read_identity() {
  rocksdb::DB& db = *store_->db_;
  rocksdb::ColumnFamilyHandle* const meta = store_->families_[family_meta];
  std::string version;
  rocksdb::Status status = db.Get(rocksdb::ReadOptions(), meta, meta_format_version, &version);
  if (status.IsNotFound() && may_create() && !options_.read_only && log_is_empty()) return create_identity();
  if (!status.ok()) return refuse("has no readable format version: " + status.ToString());
  if (version != std::to_string(store_format_version_first) && version != std::to_string(store_format_version)) {
    return refuse("has format version " + version + ", this program reads versions up to " +
                  std::to_string(store_format_version));
  }
  status = db.Get(rocksdb::ReadOptions(), meta, meta_log_id, &store_->id_);
  if (!status.ok() || !is_log_id(store_->id_)) return refuse("has no readable log id");
  if (may_create() && !options_.read_only) return finish_creation();
  return {};
}

Damage StoreOpening::open_keys() {
  const std::string reason = store_->keys_->open();
  return reason.empty() ? Damage{} : refuse("has damaged idempotency keys: " + reason);
}

Damage StoreOpening::create_identity() {
  store_->id_ = random_id();
  if (!is_log_id(store_->id_)) return refuse("gets no log id: the system gives no random bytes");
  rocksdb::ColumnFamilyHandle* const meta = store_->families_[family_meta];
  rocksdb::WriteBatch batch;
  rocksdb::Status status = batch.Put(meta, meta_format_version, std::to_string(store_format_version_first));
  if (status.ok()) status = batch.Put(meta, meta_log_id, store_->id_);
  if (status.ok()) status = batch.Put(meta, meta_created, now_text());
  rocksdb::WriteOptions options;
  options.sync = true;
  if (status.ok()) status = store_->db_->Write(options, &batch);
  if (status.ok()) status = store_->db_->Flush(rocksdb::FlushOptions(), meta);
  if (!status.ok()) return refuse("can't be written: " + status.ToString());
  return finish_creation();
}

Damage StoreOpening::finish_creation() {
  const rocksdb::Status status = env().DeleteFile(path(creation_marker));
  return status.ok() ? Damage{} : refuse("can't be written: " + status.ToString());
}

}  // namespace tote::wal
