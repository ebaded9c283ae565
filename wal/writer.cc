#include "wal/writer.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/kernel/invariant.h"
#include "wal/codec.h"

namespace tote::wal {
namespace {

constexpr std::uint64_t disk_check_bytes = 4 << 20;  // bytes written between two looks at the disk
constexpr std::int64_t disk_check_ns = 250'000'000;

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// One writer: no read-modify-write needed.
void add(std::atomic<std::uint64_t>& sum, std::uint64_t value) {
  sum.store(sum.load(std::memory_order_relaxed) + value, std::memory_order_relaxed);
}

}  // namespace

Writer::Writer(const LogOptions& options, Store& store) : options_(options), store_(store) {}

void Writer::start(Lsn last, FrameHash chain) {
  TOTE_INVARIANT(!thread_.joinable());
  durable_.store(last.value, std::memory_order_release);
  chain_ = chain;
  check_disk();
  committed_.reserve(buffer_bytes(options_));
  group_.reserve(buffer_bytes(options_));
  thread_ = std::thread([this] { run(); });
}

void Writer::commit(std::string& records) {
  if (records.empty()) return;
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (committed_.empty()) {
      committed_.swap(records);
    } else {
      committed_.append(records);
    }
    wake = std::exchange(idle_, false);
  }
  records.clear();
  if (wake) wake_.notify_one();
}

void Writer::close() { order(Order::drain); }

void Writer::stop() { order(Order::stop); }

void Writer::order(Order order) {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    order_ = order;
  }
  wake_.notify_one();
  thread_.join();
}

Log::Figures Writer::figures() const {
  Log::Figures out;
  out.frames = out.syncs = frames_.load(std::memory_order_relaxed);
  out.bytes = stored_bytes_.load(std::memory_order_relaxed);
  out.sync_ns = sync_ns_.load(std::memory_order_relaxed);
  out.disk_free_bytes = disk_free_bytes_.load(std::memory_order_relaxed);
  return out;
}

void Writer::run() {
  pthread_setname_np(pthread_self(), "tote-log");
  while (take()) {
    if (!write_group()) return;
  }
}

// Waits for records and takes all there are; false when there is nothing left to do.
bool Writer::take() {
  group_.clear();
  std::unique_lock lock(mutex_);
  while (committed_.empty() && order_ == Order::run) {
    idle_ = true;
    // Others fill the disk, and free it, while nothing is written: nothing else would ever notice.
    if (wake_.wait_for(lock, std::chrono::nanoseconds(disk_check_ns)) == std::cv_status::timeout) check_disk();
  }
  idle_ = false;
  if (order_ == Order::stop || committed_.empty()) return false;
  group_.swap(committed_);
  return true;
}

// Cuts the group into frames of at most frame_bytes_max; a record that is larger gets a frame of its own.
bool Writer::write_group() {
  std::string_view rest = group_;
  while (!rest.empty()) {
    const char* const begin = rest.data();
    std::size_t frame_bytes = 0;
    std::uint32_t count = 0;
    while (!rest.empty()) {
      std::string_view after = rest;
      std::string_view record;
      const std::string reason = next_record(after, record);
      TOTE_INVARIANT(reason.empty());
      if (count > 0 && frame_bytes + record.size() > options_.frame_bytes_max) break;
      frame_bytes += record.size();
      ++count;
      rest = after;
    }
    if (!write_frame({begin, frame_bytes}, count)) return false;
  }
  return true;
}

bool Writer::write_frame(std::string_view records, std::uint32_t count) {
  const Lsn first = durable().next();
  const FrameBuilder::Frame frame = builder_.build(first, count, records, chain_);
  const std::int64_t begin_ns = now_ns();
  if (written_bytes() - disk_checked_bytes_ >= disk_check_bytes || begin_ns - disk_checked_ns_ >= disk_check_ns) {
    check_disk();
  }
  const std::string reason = store_.put(first, frame.header, frame.payload);
  if (!reason.empty()) {
    fail("the log can't be written at LSN " + std::to_string(first.value) + ": " + reason);
    return false;
  }
  add(sync_ns_, static_cast<std::uint64_t>(now_ns() - begin_ns));
  add(frames_, 1);
  add(stored_bytes_, frame.header.size() + frame.payload.size());
  add(written_bytes_, records.size());
  chain_ = frame.hash;
  const Lsn last{first.value + count - 1};
  durable_.store(last.value, std::memory_order_release);
  if (options_.on_durable) options_.on_durable(last);
  return true;
}

void Writer::fail(const std::string& sentence) {
  options_.on_failure(sentence);  // returns only in tests; the thread ends, nothing is written any more
}

void Writer::check_disk() {
  disk_checked_bytes_ = written_bytes();
  disk_checked_ns_ = now_ns();
  const std::uint64_t free_bytes = store_.disk_free_bytes();
  disk_free_bytes_.store(free_bytes, std::memory_order_relaxed);
  const std::uint64_t needed_bytes = std::max(options_.disk_free_bytes_min, store_.reserve_bytes() + group_.size());
  disk_needed_bytes_.store(needed_bytes, std::memory_order_relaxed);
  full_.store(free_bytes < needed_bytes, std::memory_order_relaxed);
}

}  // namespace tote::wal
