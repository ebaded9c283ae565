#include "wal/replica_seam.h"

#include <algorithm>
#include <utility>

#include "engine/kernel/invariant.h"
#include "wal/codec.h"

namespace tote::wal {

void ReplicaSeam::may_apply(Lsn lsn) {
  {
    const std::lock_guard lock(mutex_);
    may_apply_ = std::max(may_apply_, lsn);
    durable_.store(std::max(durable_.load(std::memory_order_relaxed), lsn.value), std::memory_order_release);
  }
  tell_engine(durable());
}

void ReplicaSeam::open() {
  {
    const std::lock_guard lock(mutex_);
    may_apply_ = std::max(may_apply_, durable());
    is_open_.store(true, std::memory_order_release);
  }
  tell_engine(durable());
}

void ReplicaSeam::durable(Lsn lsn) {
  {
    const std::lock_guard lock(mutex_);
    durable_.store(std::max(durable_.load(std::memory_order_relaxed), lsn.value), std::memory_order_release);
  }
  changed_.notify_all();
  tell_engine(lsn);
}

void ReplicaSeam::confirmed(std::uint64_t number) {
  confirmed_.store(number, std::memory_order_release);
  tell_engine(durable());
}

void ReplicaSeam::want_record() {
  wants_record_.store(true, std::memory_order_release);
  tell_engine(durable());
}

void ReplicaSeam::tell_engine(Lsn lsn) {
  const std::lock_guard lock(engine_mutex_);
  if (wake_engine_) wake_engine_(lsn);
}

void ReplicaSeam::wake_engine_with(std::function<void(Lsn)> woken) {
  const std::lock_guard lock(engine_mutex_);
  wake_engine_ = std::move(woken);
}

void ReplicaSeam::wake_replica_with(std::function<void()> woken) {
  const std::lock_guard lock(replica_mutex_);
  wake_replica_ = std::move(woken);
}

void ReplicaSeam::wake_replica() {
  const std::lock_guard lock(replica_mutex_);
  if (wake_replica_) wake_replica_();
}

void ReplicaSeam::stop(const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_.empty()) stopped_ = why;
    is_stopped_.store(true, std::memory_order_release);
  }
  changed_.notify_all();
  tell_engine(durable());
}

ReplicaSeam::Next ReplicaSeam::next() const {
  const std::lock_guard lock(mutex_);
  return {may_apply_, is_open(), stopped_};
}

void ReplicaSeam::wait_durable(Lsn lsn) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return durable() >= lsn || is_stopped(); });
}

void ReplicaSeam::commit(std::string& records) {
  if (records.empty()) return;
  bool wakes = false;
  {
    const std::lock_guard lock(mutex_);
    if (committed_.empty())
      committed_.swap(records);
    else
      committed_.append(records);
    wakes = std::exchange(is_idle_, false);
  }
  records.clear();
  if (wakes) wake_replica();
}

std::uint64_t ReplicaSeam::ask() {
  const std::uint64_t number = asked_.fetch_add(1, std::memory_order_acq_rel) + 1;
  wake_replica();
  return number;
}

ReplicaSeam::Group ReplicaSeam::take_group(std::size_t bytes_max) {
  if (group_taken_ == group_.size()) {
    group_.clear();
    group_taken_ = 0;
    const std::lock_guard lock(mutex_);
    is_idle_ = committed_.empty();
    if (is_idle_) return {};
    group_.swap(committed_);
  }
  std::string_view rest = std::string_view(group_).substr(group_taken_);
  const char* const begin = rest.data();
  Group group;
  std::size_t bytes = 0;
  while (!rest.empty()) {
    std::string_view after = rest, record;
    const std::string reason = next_record(after, record);
    TOTE_INVARIANT(reason.empty());
    const std::size_t taken = rest.size() - after.size();
    if (group.count > 0 && bytes + taken > bytes_max) break;
    bytes += taken;
    ++group.count;
    rest = after;
  }
  group.records = {begin, bytes};
  group_taken_ += bytes;
  taken_bytes_.fetch_add(bytes, std::memory_order_relaxed);
  return group;
}

}  // namespace tote::wal
