#include "wal/key_store.h"

#include <rocksdb/compaction_filter.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/sst_file_writer.h>
#include <sys/random.h>
#include <xxhash.h>

#include <array>
#include <chrono>
#include <cstring>
#include <vector>

namespace tote::wal {
namespace {

constexpr std::size_t prefix_bytes = 16;  // LSN, time; both little-endian, before the record
constexpr std::string_view up_to_prefix = "keys_up_to/";
constexpr std::string_view run_suffix = ".run";

// Tenant names hold no NUL, so keys of two tenants can't meet.
std::string row_of(std::string_view tenant, std::string_view key) {
  std::string row;
  row.reserve(tenant.size() + 1 + sizeof(std::uint64_t) + key.size());
  row.append(tenant).append(1, '\0');
  const std::uint64_t hash = key_row_hash(key);
  for (int shift = 56; shift >= 0; shift -= 8) row.push_back(static_cast<char>(hash >> shift));
  return row.append(key);
}

template <class Number>
void put_number(Number number, std::string& out) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <class Number>
Number number_at(const char* bytes) {
  Number number;
  std::memcpy(&number, bytes, sizeof number);
  return number;
}

std::string meta_key(std::string_view tenant) { return std::string(up_to_prefix).append(tenant); }

// Unlike any that was ever given.
std::string new_run_name() {
  std::array<unsigned char, 16> bytes{};
  std::string name = "keys-";
  if (::getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()))
    for (const unsigned char byte : bytes) {
      name += "0123456789abcdef"[byte >> 4];
      name += "0123456789abcdef"[byte & 15];
    }
  return name.append(run_suffix);
}

class ExpiredKeys final : public rocksdb::CompactionFilter {
 public:
  ExpiredKeys(Time now, std::int64_t retention_s) : now_(now), retention_s_(retention_s) {}

  bool Filter(int, const rocksdb::Slice&, const rocksdb::Slice& value, std::string*, bool*) const override {
    return value.size() > prefix_bytes && after({number_at<std::int64_t>(value.data() + 8)}, retention_s_) <= now_;
  }
  const char* Name() const override { return "tote.expired_keys"; }

 private:
  Time now_;
  std::int64_t retention_s_;
};

class ExpiredKeysFactory final : public rocksdb::CompactionFilterFactory {
 public:
  explicit ExpiredKeysFactory(std::int64_t retention_s) : retention_s_(retention_s) {}

  std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(
      const rocksdb::CompactionFilter::Context&) override {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::make_unique<ExpiredKeys>(Time{std::chrono::nanoseconds(now).count()}, retention_s_);
  }
  const char* Name() const override { return "tote.expired_keys"; }

 private:
  std::int64_t retention_s_;
};

}  // namespace

std::uint64_t key_row_hash(std::string_view key) {
  constexpr std::uint64_t seed = 0x746f7465;
  return XXH3_64bits_withSeed(key.data(), key.size(), seed);
}

KeyStore::KeyStore(rocksdb::DB& db, rocksdb::ColumnFamilyHandle& keys, rocksdb::ColumnFamilyHandle& meta,
                   std::string directory)
    : db_(db), keys_(keys), meta_(meta), directory_(std::move(directory)) {}

std::string KeyStore::put(std::string_view tenant, std::span<const Entry> entries, Lsn up_to) {
  if (std::string reason = ingest(tenant, entries); !reason.empty()) return reason;
  std::string number;
  put_number(up_to.value, number);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const auto status = db_.Put(synced, &meta_, meta_key(tenant), number);
  return status.ok() ? std::string{} : status.ToString();
}

std::string KeyStore::ingest(std::string_view tenant, std::span<const Entry> entries) {
  if (entries.empty()) return {};
  // The table keeps the file: its name may still be linked when a crash comes, so it is never written to again.
  const std::string path = directory_ + "/" + new_run_name();
  const rocksdb::Options options = db_.GetOptions(&keys_);
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(options), options, &keys_);
  auto status = writer.Open(path);
  std::string value;
  for (auto entry = entries.begin(); status.ok() && entry != entries.end(); ++entry) {
    value.clear();
    put_number(entry->lsn.value, value);
    put_number(entry->record.time.ns, value);
    encoder_.append(entry->record, value);
    status = writer.Put(row_of(tenant, entry->record.key), value);
  }
  if (status.ok()) status = writer.Finish();
  rocksdb::IngestExternalFileOptions ingestion;
  ingestion.move_files = true;
  ingestion.write_global_seqno = false;  // a table is never changed once it is written
  if (status.ok()) status = db_.IngestExternalFile(&keys_, {path}, ingestion);
  return status.ok() ? std::string{} : status.ToString();
}

Lsn KeyStore::up_to(std::string_view tenant) const {
  std::string number;
  const auto status = db_.Get({}, &meta_, meta_key(tenant), &number);
  return status.ok() && number.size() == sizeof(std::uint64_t) ? Lsn{number_at<std::uint64_t>(number.data())} : Lsn{};
}

KeyStore::Found KeyStore::find(std::string_view tenant, std::string_view key, Entry& entry, std::string& damage) {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  const auto status = db_.Get(options, &keys_, row_of(tenant, key), &value_);
  if (status.IsNotFound()) return Found::absent;
  damage = status.ok() ? std::string{} : status.ToString();
  if (status.ok() && value_.size() <= prefix_bytes) damage = "a row is too short";
  decoded_.clear();
  if (damage.empty()) damage = decoded_.add(std::string_view(value_).substr(prefix_bytes), 1, Time{});
  if (damage.empty() && decoded_.records().front().key != key) damage = "a row holds another key";
  if (!damage.empty()) return Found::damaged;
  entry.lsn = {number_at<std::uint64_t>(value_.data())};
  entry.record = decoded_.records().front();
  return Found::yes;
}

void KeyStore::sweep() const {
  std::vector<std::string> names;
  db_.GetEnv()->GetChildren(directory_, &names).PermitUncheckedError();
  for (const std::string& name : names)
    if (name.ends_with(run_suffix)) db_.GetEnv()->DeleteFile(directory_ + "/" + name).PermitUncheckedError();
}

std::shared_ptr<rocksdb::CompactionFilterFactory> expired_keys_filter(std::int64_t retention_s) {
  if (retention_s == 0) return nullptr;
  return std::make_shared<ExpiredKeysFactory>(retention_s);
}

}  // namespace tote::wal
