// What a log has in the database when several machines keep it: the epoch that was promised, frames of others, and the
// cut of what the owner's log doesn't have.
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

#include <memory>

#include "wal/backup.h"
#include "wal/format_version.h"
#include "wal/frame.h"
#include "wal/key_run_format.h"
#include "wal/log_id.h"
#include "wal/new_file.h"
#include "wal/status_text.h"
#include "wal/store.h"
#include "wal/store_options.h"
#include "wal/sync_directory.h"

namespace tote::wal {

std::string Store::promised(std::uint64_t& epoch) const {
  std::string row;
  epoch = 0;
  const rocksdb::Status status = db_->Get({}, families_[family_meta], meta_promised, &row);
  if (status.IsNotFound()) return {};
  if (!status.ok()) return status.ToString();
  if (row.size() != sizeof epoch) return "the row " + std::string(meta_promised) + " isn't a number";
  epoch = key_run::number_at<std::uint64_t>(row, 0);
  return {};
}

// A program that doesn't know of epochs must not go on with a log that has promised one.
std::string Store::promise(std::uint64_t epoch) {
  rocksdb::ColumnFamilyHandle* const meta = families_[family_meta];
  std::string row;
  key_run::put_number(epoch, row);
  rocksdb::Status status = raise_format_version(*db_, *meta, store_format_version_epochs);
  if (status.ok()) status = db_->Put(with_sync(), meta, meta_promised, row);
  return text_of(status);
}

std::string Store::put(std::span<const std::string_view> frames, Lsn first) {
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  for (const std::string_view frame : frames) {
    FrameHeader header;
    if (std::string reason = open_frame(frame, header); !reason.empty()) return reason;
    if (header.first != first) return "a frame doesn't follow from the one before it";
    first = header.last.next();
    if (status.ok())
      status = batch.Put(families_[family_log], frame_key(header.first), rocksdb::Slice(frame.data(), frame.size()));
  }
  if (status.ok()) status = db_->Write(with_sync(), &batch);
  return text_of(status);
}

// The file first: what is cut was never acknowledged, and may still be what somebody looks for.
std::string Store::cut(Lsn last, const std::string& aside) {
  const std::string path = options_.directory + "/" + aside, unfinished = path + ".new";
  rocksdb::FileSystem& disk = *keys_env_->GetFileSystem();
  rocksdb::WriteBatch batch;
  NewFile file(disk, unfinished);
  Cursor cursor(*this, last.next(), true);
  for (; cursor.valid(); cursor.next()) {
    FrameHeader header;
    if (std::string reason = open_frame(cursor.frame(), header); !reason.empty()) return reason;
    if (header.last <= last) continue;
    if (header.first <= last) return "a cut goes through a frame";
    std::string sizes;
    key_run::put_number(std::uint64_t{cursor.frame().size()}, sizes);
    file.write(sizes);
    file.write(cursor.frame());
    batch.Delete(families_[family_log], rocksdb::Slice(cursor.key().data(), cursor.key().size()))
        .PermitUncheckedError();
  }
  if (std::string reason = cursor.error(); !reason.empty()) return reason;
  if (std::string reason = file.finish(); !reason.empty()) return reason;
  rocksdb::Status status = disk.RenameFile(unfinished, path, rocksdb::IOOptions(), nullptr);
  if (status.ok()) status = sync_directory(*keys_env_, options_.directory);
  if (status.ok()) status = db_->Write(with_sync(), &batch);
  return text_of(status);
}

// A copy has lost what was promised, and acknowledged, since: it is another disk, also under the same name.
std::string Store::disk_of(const std::string& node, std::string& disk) {
  const std::string list = options_.directory + "/" + backup_list_name;
  rocksdb::FileSystem& files = *keys_env_->GetFileSystem();
  rocksdb::ColumnFamilyHandle* const meta = families_[family_meta];
  const rocksdb::IOStatus copied = files.FileExists(list, rocksdb::IOOptions(), nullptr);
  if (!copied.ok() && !copied.IsNotFound()) return copied.ToString();
  rocksdb::Status status = db_->Get({}, meta, meta_disk, &disk);
  if (!status.ok() && !status.IsNotFound()) return status.ToString();
  if (status.ok() && copied.IsNotFound() && disk.starts_with(node + "/")) return {};
  const std::string drawn = random_log_id();
  if (drawn.empty()) return "the system gives no random bytes";
  disk = node + "/" + drawn;
  status = db_->Put(with_sync(), meta, meta_disk, disk);
  if (status.ok() && copied.ok()) status = files.DeleteFile(list, rocksdb::IOOptions(), nullptr);
  if (status.ok() && copied.ok()) status = sync_directory(*keys_env_, options_.directory);
  return text_of(status);
}

std::string Store::node_rows(NodeRows& rows) const {
  rows = {};
  if (std::string reason = promised(rows.promised); !reason.empty()) return reason;
  const rocksdb::Status status = db_->Get({}, families_[family_meta], meta_disk, &rows.disk);
  if (!status.ok() && !status.IsNotFound()) return status.ToString();
  return shipped_to(rows.shipped);
}

std::string Store::set_node_rows(const NodeRows& rows) {
  rocksdb::ColumnFamilyHandle* const meta = families_[family_meta];
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  const auto set = [&](const char* name, const std::string& row) {
    if (status.ok()) status = row.empty() ? batch.Delete(meta, name) : batch.Put(meta, name, row);
  };
  std::string promised, shipped;
  if (rows.promised > 0) key_run::put_number(rows.promised, promised);
  if (rows.shipped > Lsn{}) key_run::put_number(rows.shipped.value, shipped);
  set(meta_promised, promised);
  set(meta_disk, rows.disk);
  set(meta_shipped_to, shipped);
  if (status.ok()) status = db_->Write(with_sync(), &batch);
  return text_of(status);
}

std::string Store::change_id(const std::string& id) {
  const rocksdb::Status status = db_->Put(with_sync(), families_[family_meta], meta_log_id, id);
  if (!status.ok()) return status.ToString();
  id_ = id;
  return read_beginning();
}

}  // namespace tote::wal
