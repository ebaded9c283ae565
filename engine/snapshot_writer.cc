#include "engine/snapshot_writer.h"

#include <pthread.h>

#include <chrono>
#include <utility>

namespace tote {
namespace {

constexpr std::size_t batches_max = 4;
constexpr std::chrono::milliseconds look_again_after{1};     // for the log to be durable
constexpr std::chrono::milliseconds room_again_after{100};   // for the disk to have room
constexpr std::chrono::milliseconds sorted_again_after{10};  // for its tables to become fewer

}  // namespace

SnapshotWriter::SnapshotWriter(wal::StateStore& store, const wal::Log& log, Options options)
    : store_(store), log_(log), options_(std::move(options)) {
  for (std::size_t i = 0; i < batches_max; ++i) empty_.push_back(std::make_unique<SnapshotBatch>());
}

std::unique_ptr<SnapshotBatch> SnapshotWriter::empty_batch() {
  if (empty_.empty()) return nullptr;
  auto batch = std::move(empty_.back());
  empty_.pop_back();
  return batch;
}

void SnapshotWriter::put(std::unique_ptr<SnapshotBatch> batch) {
  {
    const std::lock_guard lock(mutex_);
    full_.push_back(std::move(batch));
    if (options_.has_thread && !thread_.joinable()) thread_ = std::thread([this] { run(); });
  }
  changed_.notify_one();
}

void SnapshotWriter::take_back(const std::function<void(SnapshotBatch&)>& each) {
  std::deque<std::unique_ptr<SnapshotBatch>> done;
  {
    const std::lock_guard lock(mutex_);
    done.swap(done_);
    done_count_.store(0, std::memory_order_relaxed);
  }
  for (auto& batch : done) {
    each(*batch);
    batch->clear();
    empty_.push_back(std::move(batch));
  }
}

bool SnapshotWriter::step() {
  SnapshotBatch* batch = next();
  if (batch == nullptr || !may_write(*batch) || !has_room_for(*batch)) return false;
  write(*batch);
  done();
  return true;
}

void SnapshotWriter::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
  full_.clear();
  done_.clear();
}

void SnapshotWriter::run() {
  pthread_setname_np(pthread_self(), "tote-snapshots");
  for (;;) {
    SnapshotBatch* batch = nullptr;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopped_ || !full_.empty(); });
      if (stopped_) return;
      batch = full_.front().get();
    }
    while (!may_write(*batch))
      if (!sleep(look_again_after)) return;
    while (!has_room_for(*batch))
      if (!sleep(room_again_after)) return;
    while (store_.is_behind())
      if (!sleep(sorted_again_after)) return;
    write(*batch);
    const auto bytes = batch->written_bytes;
    done();
    options_.wake();
    if (!sleep(std::chrono::nanoseconds(bytes * 1'000'000'000 / pace_.load()))) return;
  }
}

SnapshotBatch* SnapshotWriter::next() {
  const std::lock_guard lock(mutex_);
  return full_.empty() ? nullptr : full_.front().get();
}

bool SnapshotWriter::may_write(const SnapshotBatch& batch) const { return batch.newest <= log_.durable(); }

// A nearly full disk is met before it is written to, as everywhere; a round that waits loses nothing.
bool SnapshotWriter::has_room_for(const SnapshotBatch& batch) const {
  constexpr std::uint64_t merging_bytes = 64 << 20;  // that tables take for a while, which are merged meanwhile
  return log_.has_disk_for(2 * batch.bytes.size() + merging_bytes);
}

void SnapshotWriter::write(SnapshotBatch& batch) {
  std::string reason = write_rows(batch);
  if (reason.empty() && batch.ends && batch.counts) reason = store_.finish(*batch.ends);
  if (!reason.empty()) options_.on_failure("a snapshot can't be written: " + reason);
}

// A frozen state may be large: each is a row by itself.
std::string SnapshotWriter::write_rows(SnapshotBatch& batch) {
  rows_.clear();
  std::size_t from = 0;
  for (SnapshotBatch::Row& row : batch.rows) {
    wal::StateRow written{row.tenant, row.slot->kind->id(), row.slot->id, row.lsn, row.first, row.version, {}};
    if (row.frozen == nullptr) {
      written.state = std::string_view(batch.bytes).substr(from, row.end - from);
      rows_.push_back(written);
    } else {
      state_.clear();
      row.frozen->encode(state_);
      written.state = state_;
      row.frozen_bytes = state_.size();
      if (std::string reason = store_.put({&written, 1}); !reason.empty()) return reason;
    }
    from = row.end;
    batch.written_bytes += written.state.size() + row.slot->id.size();
  }
  return store_.put(rows_);
}

void SnapshotWriter::done() {
  const std::lock_guard lock(mutex_);
  done_.push_back(std::move(full_.front()));
  full_.pop_front();
  done_count_.store(done_.size(), std::memory_order_release);
}

// False: it is to end.
bool SnapshotWriter::sleep(std::chrono::nanoseconds time) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [this] { return stopped_; });
}

}  // namespace tote
