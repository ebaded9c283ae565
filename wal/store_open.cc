#include "wal/store_open.h"

#include <rocksdb/env.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <thread>

#include "wal/file_name.h"
#include "wal/fill_files.h"
#include "wal/guarded_disk.h"
#include "wal/in_use.h"
#include "wal/log_id.h"
#include "wal/reader.h"
#include "wal/recovery_scan.h"
#include "wal/store_options.h"
#include "wal/sync_directory.h"

namespace tote::wal {
namespace {

// Exists from before the first byte of a new log until its id is on disk.
constexpr const char* creation_marker = "tote.creating";
constexpr std::uint64_t creation_bytes = 16 << 20;  // what an empty log takes, and a little

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
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
  constexpr int attempts = 50;
  for (int attempt = 1;; ++attempt) {
    StoreOpening opening(options);
    const std::string before = options.read_only ? opening.fingerprint() : std::string();
    Damage damage = opening.run();
    // Beside a live writer files come, grow and go between one look and the next.
    const bool is_stale = options.read_only && opening.lost_a_log();
    const bool is_last = !options.read_only || attempt == attempts;
    if (damage.detail.empty() && (!is_stale || is_last)) return opening.take();
    if (is_last || (!is_stale && opening.fingerprint() == before)) return damage;
    std::this_thread::sleep_for(std::chrono::milliseconds(attempt));
  }
}

StoreOpening::StoreOpening(const LogOptions& options) : options_(options), store_(new Store(options)) {}

std::string StoreOpening::fingerprint() const {
  std::vector<rocksdb::Env::FileAttributes> files;
  if (!env().GetChildrenFileAttributes(directory(), &files).ok()) return {};
  std::string out;
  for (const auto& file : files) out += file.name + " " + std::to_string(file.size_bytes) + "\n";
  return out;
}

bool StoreOpening::lost_a_log() const {
  return std::ranges::any_of(files_, [this](const std::string& name) {
    return is_log_name(name) && !env().FileExists(path(name.c_str())).ok();
  });
}

Damage StoreOpening::run() {
  Damage damage = look();
  if (damage.detail.empty() && found_ == Found::nothing) damage = prepare_directory();
  if (damage.detail.empty() && !options_.read_only) damage = lock();
  if (damage.detail.empty()) damage = found_ == Found::log ? prove() : create();
  if (damage.detail.empty()) damage = open_keys();
  if (damage.detail.empty()) damage = open_states();
  if (damage.detail.empty()) damage = open_archive();
  if (!damage.detail.empty() && lock_file_is_new_) env().DeleteFile(path("LOCK")).PermitUncheckedError();
  return damage;
}

Damage StoreOpening::look() {
  const rocksdb::Status status = env().GetChildren(directory(), &files_);
  if (!status.ok() && !status.IsNotFound()) return refuse("can't be read: " + status.ToString());
  std::erase_if(files_, [](const std::string& name) { return name == "." || name == ".." || name == "lost+found"; });
  if (contains(files_, fill_ready_name) || contains(files_, fill_moving_name))
    return refuse("is being filled with another node's log: start that node again, and it goes on");
  const bool is_begun = contains(files_, creation_marker);
  const bool has_log_files = std::ranges::any_of(files_, [](const auto& name) { return is_log_name(name); });
  const bool has_tables = std::ranges::any_of(files_, [](const auto& name) { return is_table_name(name); });
  if (contains(files_, "CURRENT")) {
    found_ = is_begun ? Found::unfinished : Found::log;
    if (!is_begun && !has_log_files) return refuse("has lost its *.log files, and with them its newest records");
    return is_begun && options_.read_only ? refuse("holds no log yet: its creation wasn't finished") : Damage{};
  }
  if (has_log_files || has_tables) return refuse("has frames but no CURRENT file");
  if (options_.read_only && (files_.empty() || is_begun)) return refuse("holds no log");
  if (!files_.empty() && !is_begun) return refuse("holds files but no log; a new log needs an empty directory");
  found_ = is_begun ? Found::unfinished : Found::nothing;
  return {};
}

Damage StoreOpening::prepare_directory() {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::absolute(directory(), error);
  std::filesystem::path existing = path;
  while (!error && !std::filesystem::exists(existing, error) && existing != existing.parent_path())
    existing = existing.parent_path();
  if (!error) std::filesystem::create_directories(path, error);
  if (!error) std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  if (error) return refuse("can't be created: " + error.message());
  if (const std::string sentence = store_->too_little_room(creation_bytes); !sentence.empty()) return refuse(sentence);
  rocksdb::Status status = rocksdb::WriteStringToFile(&env(), "", this->path(creation_marker), true);
  // A name is durable only when the directory that holds it is.
  for (std::filesystem::path at = path; status.ok(); at = at.parent_path()) {
    status = sync_directory(env(), at.string());
    if (at == existing || at == at.parent_path()) break;
  }
  if (!status.ok()) return refuse("can't be written: " + status.ToString());
  return {};
}

Damage StoreOpening::lock() {
  lock_file_is_new_ = env().FileExists(path("LOCK")).IsNotFound();
  const std::string problem = lock_log(env(), directory(), store_->lock_);
  if (problem.empty()) return {};
  lock_file_is_new_ = false;
  return refuse(problem);
}

// Nothing is acknowledged before the marker is gone: there is nothing to lose.
Damage StoreOpening::create() {
  if (const std::string sentence = store_->too_little_room(creation_bytes); !sentence.empty()) return refuse(sentence);
  if (contains(files_, "CURRENT"))
    if (const std::string damage = scan(); !damage.empty()) return refuse("can't be created: " + damage);
  store_->guard_->allow_changes();
  rocksdb::Status status = store_->cut_torn_logs();
  if (status.ok()) status = store_->open_database(Store::Access::create);
  return status.ok() ? read_identity() : explain(status);
}

const std::string& StoreOpening::scan() {
  scan_ = scan_directory(env(), directory(), files_);
  for (const auto& [name, bytes] : scan_.ends) store_->guard_->end_at(name, bytes);
  store_->torn_ = scan_.torn;
  store_->log_bytes_at_open_ = scan_.log_bytes;
  return scan_.damage;
}

Damage StoreOpening::prove() {
  if (const std::string& damage = scan(); !damage.empty())
    return {scan_.is_readable ? first_unreadable() : Lsn{}, directory() + " can't be read to its end: " + damage};
  const rocksdb::Status status = store_->open_database(Store::Access::read);
  return status.ok() ? read_identity() : explain(status);
}

Damage StoreOpening::explain(const rocksdb::Status& status) const {
  if (status.IsInvalidArgument()) return refuse("holds a database that isn't a log: " + status.ToString());
  if (status.IsCorruption()) return {first_unreadable(), directory() + " is damaged: " + status.ToString()};
  return refuse("can't be opened: " + status.ToString());
}

// Reads what can be read, without changing anything, to name the place for the operator.
Lsn StoreOpening::first_unreadable() const {
  LogOptions options = options_;
  options.read_only = true;
  StoreOpening probe(options);
  for (const auto& [name, bytes] : scan_.ends) probe.store_->guard_->end_at(name, bytes);
  if (!probe.store_->open_database(Store::Access::read).ok()) return {};
  probe.found_ = Found::log;
  if (!probe.read_identity().detail.empty() || !probe.open_archive().detail.empty()) return {};
  Reader reader(*probe.store_);
  const Damage damage = reader.replay({}, [](Lsn, const Record&) { return true; });
  return damage.detail.empty() ? reader.end().last.next() : damage.lsn;
}

bool StoreOpening::log_is_empty() const {
  const Store::Cursor cursor(*store_, {}, false);
  return !cursor.valid() && cursor.error().empty();
}

Damage StoreOpening::read_identity() {
  rocksdb::DB& db = *store_->db_;
  rocksdb::ColumnFamilyHandle* const meta = store_->families_[family_meta];
  std::string version;
  rocksdb::Status status = db.Get(rocksdb::ReadOptions(), meta, meta_format_version, &version);
  if (status.IsNotFound() && found_ != Found::log && log_is_empty()) return create_identity();
  if (!status.ok()) return refuse("has no readable format version: " + status.ToString());
  std::uint64_t number = store_format_version_first;
  while (number <= store_format_version && version != std::to_string(number)) ++number;
  if (number > store_format_version) {
    return refuse("has format version " + version + ", this program reads versions up to " +
                  std::to_string(store_format_version));
  }
  status = db.Get(rocksdb::ReadOptions(), meta, meta_log_id, &store_->id_);
  // Not explained: that would read the identity first.
  if (!status.ok()) return refuse("has no readable log id: " + status.ToString());
  if (!is_log_id(store_->id_)) return refuse("has no readable log id");
  return found_ == Found::log ? Damage{} : finish_creation();
}

Damage StoreOpening::open_keys() {
  const std::string reason = store_->keys_->open();
  return reason.empty() ? Damage{} : refuse("has damaged idempotency keys: " + reason);
}

Damage StoreOpening::open_states() {
  const std::string reason = store_->states_.open();
  return reason.empty() ? Damage{} : refuse("has a damaged snapshot: " + reason);
}

Damage StoreOpening::open_archive() {
  if (const std::string reason = store_->read_beginning(); !reason.empty())
    return refuse("doesn't say where its log begins: " + reason);
  const Archive& archive = store_->archive_;
  std::string reason = store_->archive_.open();
  if (reason.empty() && !archive.is_empty() && archive.last().next() == store_->first()) {
    const Archive::Reader last = archive.find(archive.last(), reason);
    if (last != nullptr && last->footer().hash != store_->previous())
      reason = archive.directory() + " is another log's";
  }
  return reason.empty() ? Damage{} : Damage{{}, "the archive can't be read: " + reason};
}

Damage StoreOpening::create_identity() {
  store_->id_ = options_.id.empty() ? random_log_id() : options_.id;
  if (!is_log_id(store_->id_)) return refuse("gets no log id: the system gives no random bytes");
  rocksdb::ColumnFamilyHandle* const meta = store_->families_[family_meta];
  rocksdb::WriteBatch batch;
  rocksdb::Status status = batch.Put(meta, meta_format_version, std::to_string(store_format_version_first));
  if (status.ok()) status = batch.Put(meta, meta_log_id, store_->id_);
  if (status.ok()) status = batch.Put(meta, meta_created, now_text());
  if (status.ok()) status = store_->db_->Write(with_sync(), &batch);
  if (status.ok()) status = store_->db_->Flush(rocksdb::FlushOptions(), meta);
  if (!status.ok()) return refuse("can't be written: " + status.ToString());
  return finish_creation();
}

Damage StoreOpening::finish_creation() {
  rocksdb::Status status = env().DeleteFile(path(creation_marker));
  if (status.ok())
    status = sync_directory(env(), directory());  // or it comes back, and the log with it is "unfinished"
  return status.ok() ? Damage{} : refuse("can't be written: " + status.ToString());
}

}  // namespace tote::wal
