#include "wal/store.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <limits>

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

rocksdb::Slice slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

}  // namespace

std::string frame_key(Lsn first) {
  const auto bytes = key_bytes(first);
  return {bytes.data(), bytes.size()};
}

rocksdb::Status Store::open_database(const rocksdb::Options& options, bool read_only) {
  rocksdb::DB* db = nullptr;
  const auto families = family_options(options);
  rocksdb::Status status = read_only ? rocksdb::DB::OpenForReadOnly(options, directory_, families, &families_, &db)
                                     : rocksdb::DB::Open(options, directory_, families, &families_, &db);
  db_.reset(db);
  if (status.ok())
    keys_ = std::make_unique<KeyStore>(*db_, *families_[family_meta], *families_[family_keys], directory_);
  return status;
}

Store::~Store() {
  keys_.reset();
  for (rocksdb::ColumnFamilyHandle* family : families_) db_->DestroyColumnFamilyHandle(family);
}

std::string Store::put(Lsn first, std::string_view header, std::string_view payload) {
  const auto bytes = key_bytes(first);
  const rocksdb::Slice key(bytes.data(), bytes.size());
  const std::array<rocksdb::Slice, 2> pieces{slice(header), slice(payload)};
  rocksdb::WriteBatch batch(frame_key(first).size() + header.size() + payload.size() + 64);
  rocksdb::Status status = batch.Put(families_[family_log], rocksdb::SliceParts(&key, 1),
                                     rocksdb::SliceParts(pieces.data(), static_cast<int>(pieces.size())));
  rocksdb::WriteOptions options;
  options.sync = true;
  if (status.ok()) status = db_->Write(options, &batch);
  return status.ok() ? std::string() : status.ToString();
}

void Store::flush() { db_->Flush(rocksdb::FlushOptions(), families_).PermitUncheckedError(); }

Damage Store::check_tables() const {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.readahead_size = 4 << 20;
  const rocksdb::Status status = db_->VerifyChecksum(options);
  Damage damage{{}, status.ok() ? std::string() : status.ToString()};
  if (status.ok()) damage.detail = keys_->check(damage.lsn);
  return damage;
}

std::uint64_t Store::disk_free_bytes() const {
  std::uint64_t bytes = 0;
  const bool known = env_->GetFileSystem()->GetFreeSpace(directory_, rocksdb::IOOptions(), &bytes, nullptr).ok();
  return known ? bytes : std::numeric_limits<std::uint64_t>::max();
}

Lsn Store::newest_frame() const {
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(rocksdb::ReadOptions(), families_[family_log]));
  at->SeekToLast();
  Lsn first;
  if (at->Valid())
    for (const char byte : at->key().ToStringView())
      first.value = (first.value << 8) | static_cast<unsigned char>(byte);
  return first;
}

Store::Cursor::Cursor(const Store& store) {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  options.readahead_size = 4 << 20;
  iterator_.reset(store.db_->NewIterator(options, store.families_[family_log]));
  iterator_->SeekToFirst();
}

Store::Cursor::Cursor(const Store& store, Lsn from) {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  iterator_.reset(store.db_->NewIterator(options, store.families_[family_log]));
  iterator_->SeekForPrev(frame_key(from));
}

Store::Cursor::~Cursor() = default;

bool Store::Cursor::valid() const { return iterator_->Valid(); }

void Store::Cursor::next() { iterator_->Next(); }

std::string Store::Cursor::error() const {
  const rocksdb::Status status = iterator_->status();
  return status.ok() ? std::string() : status.ToString();
}

std::string_view Store::Cursor::key() const { return {iterator_->key().data(), iterator_->key().size()}; }

std::string_view Store::Cursor::frame() const { return {iterator_->value().data(), iterator_->value().size()}; }

}  // namespace tote::wal
