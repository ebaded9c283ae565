#include "wal/log_cut.h"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "wal/archive.h"
#include "wal/codec.h"
#include "wal/key_run_format.h"
#include "wal/log_id.h"
#include "wal/status_text.h"
#include "wal/store.h"
#include "wal/store_options.h"

namespace tote::wal {
namespace {

constexpr std::string_view runs_prefix = "keys/run/";
const std::string past_every_key(9, '\xff');

// Of its records those up to `last`.
std::string shorten(std::string_view frame, Lsn last, std::string& out) {
  FrameHeader header;
  if (std::string reason = open_frame(frame, header); !reason.empty()) return reason;
  out = frame;
  if (header.last <= last) return {};
  const auto bytes = std::make_unique_for_overwrite<char[]>(header.raw_bytes);
  if (std::string reason = unpack_frame(frame, header, bytes.get()); !reason.empty()) return reason;
  std::string_view rest(bytes.get(), header.raw_bytes), record;
  const auto count = static_cast<std::uint32_t>(last.value - header.first.value + 1);
  for (std::uint32_t i = 0; i < count; ++i)
    if (std::string reason = next_record(rest, record); !reason.empty()) return reason;
  FrameBuilder builder;
  const std::string_view kept(bytes.get(), header.raw_bytes - rest.size());
  const FrameBuilder::Frame made = builder.build(header.first, count, kept, header.previous, header.epoch);
  out.assign(made.header).append(made.payload);
  return {};
}

class Cutting {
 public:
  explicit Cutting(const std::string& directory) : directory_(directory) { options_.directory = directory; }
  ~Cutting() {
    for (rocksdb::ColumnFamilyHandle* family : families_) db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  }
  Cutting(const Cutting&) = delete;
  Cutting& operator=(const Cutting&) = delete;

  std::string run(Lsn last, bool is_cut, std::string& id, std::string& parent) {
    std::string reason = open(parent);
    if (reason.empty()) reason = read_beginning(parent);
    if (reason.empty() && is_cut) reason = last >= first_ ? cut_log(last) : cut_archive(last);
    if (reason.empty() && is_cut) reason = forget_what_was_made();
    if (reason.empty()) reason = rename(id, parent);
    return reason;
  }

 private:
  std::string open(std::string& parent) {
    const rocksdb::Options options = store_options(options_);
    rocksdb::DB* db = nullptr;
    rocksdb::Status status = rocksdb::DB::Open(options, directory_, family_options(options, options_), &families_, &db);
    db_.reset(db);
    if (status.ok()) status = db_->Get({}, families_[family_meta], meta_log_id, &parent);
    return text_of(status);
  }

  std::string read_beginning(const std::string& parent) {
    std::string row;
    const rocksdb::Status status = db_->Get({}, families_[family_meta], meta_first, &row);
    anchor_ = row;
    if (status.ok() && row.size() == 24) first_ = {key_run::number_at<std::uint64_t>(row, 0)};
    if (status.ok()) return row.size() == 24 ? std::string() : "the row first isn't one";
    if (!status.IsNotFound()) return status.ToString();
    set_anchor({1}, chain_start(parent));
    return {};
  }

  void set_anchor(Lsn first, const FrameHash& previous) {
    first_ = first;
    anchor_.clear();
    for (const std::uint64_t number : {first.value, previous.high, previous.low}) key_run::put_number(number, anchor_);
  }

  std::string cut_log(Lsn last) {
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}, families_[family_log]));
    at->SeekForPrev(frame_key(last));
    if (!at->Valid()) return "the log has no record of LSN " + std::to_string(last.value);
    std::string frame;
    if (std::string reason = shorten(at->value().ToStringView(), last, frame); !reason.empty()) return reason;
    batch_.DeleteRange(families_[family_log], frame_key(last.next()), past_every_key);
    batch_.Put(families_[family_log], at->key(), frame);
    return {};
  }

  // The log is then what the segment has that ends it.
  std::string cut_archive(Lsn last) {
    Archive archive(rocksdb::FileSystem::Default(), directory_ + "/archive");
    std::string reason = archive.open();
    if (!reason.empty()) return reason;
    const Archive::Reader segment = archive.find(last, reason);
    if (segment == nullptr) return reason.empty() ? "the archive has no such record" : reason;
    set_anchor(segment->footer().first, segment->footer().previous);
    batch_.DeleteRange(families_[family_log], frame_key({}), past_every_key);
    ArchiveCursor cursor(archive, first_, last.next());
    for (; cursor.valid() && reason.empty(); cursor.next()) {
      std::string frame;
      reason = shorten(cursor.frame(), last, frame);
      batch_.Put(families_[family_log], rocksdb::Slice(cursor.key().data(), cursor.key().size()), frame);
    }
    if (reason.empty()) reason = cursor.error();
    for (const SegmentName& name : archive.names())
      if (name.first >= first_) surplus_.push_back(archive.path_of(name));
    return reason;
  }

  std::string forget_what_was_made() {
    rocksdb::ColumnFamilyHandle* const meta = families_[family_meta];
    batch_.DeleteRange(families_[family_state], std::string(), std::string(300, '\xff'));
    for (const char* row : {meta_snapshot, meta_keys_up_to, meta_shipped_to}) batch_.Delete(meta, row);
    const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator({}, meta));
    for (row->Seek({runs_prefix.data(), runs_prefix.size()});
         row->Valid() && row->key().ToStringView().starts_with(runs_prefix); row->Next()) {
      batch_.Delete(meta, row->key());
      surplus_.push_back(directory_ + "/keys/" + std::string(row->key().ToStringView().substr(runs_prefix.size())));
    }
    return text_of(row->status());
  }

  std::string rename(std::string& id, const std::string& parent) {
    id = random_log_id();
    if (id.empty()) return "the system gives no random bytes";
    rocksdb::ColumnFamilyHandle* const meta = families_[family_meta];
    batch_.Put(meta, meta_log_id, id);
    batch_.Put(meta, meta_parent, parent);
    batch_.Put(meta, meta_first, anchor_);
    batch_.Delete(meta, meta_disk);
    batch_.Delete(meta, meta_promised);  // another history: of one machine, until a cluster is made over it
    batch_.Put(meta, meta_format_version, std::to_string(store_format_version_trimmed));
    rocksdb::Status status = db_->Write(with_sync(), &batch_);
    if (status.ok()) status = db_->Flush(rocksdb::FlushOptions(), families_);
    if (!status.ok()) return status.ToString();
    std::error_code error;
    for (const std::string& path : surplus_) std::filesystem::remove(path, error);
    return error ? error.message() : std::string();
  }

  const std::string directory_;
  LogOptions options_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
  rocksdb::WriteBatch batch_;
  Lsn first_{1};
  std::string anchor_;
  std::vector<std::string> surplus_;  // files that go when all is written
};

}  // namespace

std::string cut_log(const std::string& directory, Lsn last, bool is_cut, std::string& id, std::string& parent) {
  return Cutting(directory).run(last, is_cut, id, parent);
}

}  // namespace tote::wal
