#include "adapters/cluster/log_storage.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "adapters/cluster/wire.h"
#include "wal/cut_files.h"

namespace tote::cluster {

using namespace replication;

namespace {

constexpr std::size_t marks_kept = 1'024;
constexpr std::size_t bytes_at_once = 4 << 20;  // of frames in one sync
constexpr std::chrono::milliseconds looked_every{250};

template <class What>
const What* as(const Write& write) {
  return std::get_if<What>(&write.what);
}

}  // namespace

Mark mark_of(const wal::FrameEnd& end) { return {end.last, {end.hash.high, end.hash.low}}; }

wal::FrameEnd end_of(const Mark& mark) { return {mark.lsn, {mark.hash.high, mark.hash.low}}; }

LogStorage::LogStorage(std::shared_ptr<wal::FrameStore> frames, Told told)
    : frames_(std::move(frames)),
      told_(std::move(told)),
      disk_end_(mark_of(frames_->end())),
      marks_{disk_end_},
      on_disk_(disk_end_.lsn) {
  thread_ = std::thread([this] { run(); });
}

LogStorage::~LogStorage() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

Kept LogStorage::kept() const { return {{frames_->promised()}, mark_of(frames_->end())}; }

void LogStorage::write(const Write& write, std::function<void()> on_synced) {
  {
    const std::lock_guard lock(mutex_);
    show(write);
    orders_.push_back({write, std::move(on_synced)});
  }
  wake_.notify_one();
}

void LogStorage::show(const Write& write) {
  if (const auto* kept = as<KeepFrames>(write)) {
    for (const Frame& frame : kept->frames) {
      unsynced_.push_back(frame);
      marks_.push_back(frame.end());
    }
  } else if (const auto* cut = as<CutLog>(write)) {
    while (!unsynced_.empty() && unsynced_.back().last > cut->end.lsn) unsynced_.pop_back();
    while (!marks_.empty() && marks_.back().lsn > cut->end.lsn) marks_.pop_back();
    if (marks_.empty()) marks_.push_back(cut->end);
    on_disk_ = std::min(on_disk_, cut->end.lsn);
  }
}

void LogStorage::run() {
  pthread_setname_np(pthread_self(), "tote-log");
  std::deque<Order> orders;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      while (orders_.empty() && !is_stopped_) {
        // Others fill the disk, and free it, while nothing is written.
        if (wake_.wait_for(lock, looked_every) == std::cv_status::no_timeout) continue;
        lock.unlock();
        frames_->look_at_disk(0);
        lock.lock();
      }
      if (is_stopped_) return;
      orders.swap(orders_);
    }
    while (!orders.empty())
      if (!carry_out(orders)) return;
  }
}

// The oldest of them, and what may go with it. False: the disk has failed, or it was stopped; nobody is told anything.
bool LogStorage::carry_out(std::deque<Order>& orders) {
  {
    const std::lock_guard lock(mutex_);
    if (is_stopped_) return false;
  }
  std::vector<std::function<void()>> told;
  bool is_done = false;
  const Write& write = orders.front().write;
  if (const auto* promise = as<KeepPromise>(write)) {
    is_done = frames_->promise(promise->epoch.value);
  } else if (const auto* cut = as<CutLog>(write)) {
    is_done = frames_->cut(end_of(cut->end), cut->by.value);
    disk_end_ = cut->end;
    if (is_done)
      for (const std::string& sentence : wal::drop_old_cut_files(frames_->options()))
        if (told_) told_(sentence);
  } else {
    is_done = append(orders, told);
  }
  if (!is_done) return false;
  if (told.empty()) {
    told.push_back(std::move(orders.front().on_synced));
    orders.pop_front();
  }
  for (const auto& each : told) each();
  return true;
}

bool LogStorage::append(std::deque<Order>& orders, std::vector<std::function<void()>>& told) {
  std::vector<Frame> frames;
  std::vector<std::string_view> bytes;
  for (std::size_t size = 0; !orders.empty() && size < bytes_at_once; orders.pop_front()) {
    auto* kept = std::get_if<KeepFrames>(&orders.front().write.what);
    if (kept == nullptr) break;
    for (Frame& frame : kept->frames) {
      size += frame.bytes->size();
      bytes.emplace_back(*frame.bytes);
      frames.push_back(std::move(frame));
    }
    told.push_back(std::move(orders.front().on_synced));
  }
  if (!frames_->append(bytes, end_of(disk_end_))) return false;
  disk_end_ = frames.back().end();
  synced(frames);
  return true;
}

// But for those that have been cut meanwhile: what shows in their place waits behind them.
void LogStorage::synced(const std::vector<Frame>& frames) {
  const std::lock_guard lock(mutex_);
  for (const Frame& frame : frames) {
    if (unsynced_.empty() || unsynced_.front().bytes != frame.bytes) return;
    on_disk_ = frame.last;
    unsynced_.pop_front();
  }
  while (marks_.size() > marks_kept && marks_.front().lsn < on_disk_) marks_.pop_front();
}

Mark LogStorage::begin() const { return mark_of(frames_->begin()); }

bool LogStorage::has(const Mark& mark) const {
  {
    const std::lock_guard lock(mutex_);
    if (mark.lsn >= marks_.front().lsn) return std::ranges::binary_search(marks_, mark);
  }
  return frames_->has(end_of(mark));
}

Mark LogStorage::end_after(Lsn lsn) const {
  {
    const std::lock_guard lock(mutex_);
    if (lsn >= marks_.front().lsn) {
      const auto found = std::ranges::upper_bound(marks_, lsn, {}, &Mark::lsn);
      return found == marks_.end() ? marks_.back() : *found;
    }
  }
  return mark_of(frames_->end_after(lsn));
}

std::vector<Frame> LogStorage::page(Lsn lsn, std::size_t bytes_max) const {
  std::vector<Frame> unsynced, page;
  Lsn on_disk;
  {
    const std::lock_guard lock(mutex_);
    on_disk = on_disk_;
    std::size_t bytes = 0;
    for (const Frame& frame : unsynced_) {
      if (frame.last <= lsn) continue;
      if (bytes >= bytes_max) break;
      bytes += frame.bytes->size();
      unsynced.push_back(frame);
    }
  }
  if (lsn >= on_disk) return unsynced;
  std::size_t bytes = 0;
  bool is_whole = true;
  frames_->each_after(lsn, [&](std::string_view stored) {
    auto read = read_frame(stored);
    const auto* frame = std::get_if<Frame>(&read);
    is_whole = frame != nullptr;
    if (!is_whole || frame->last > on_disk || bytes >= bytes_max) return false;
    bytes += stored.size();
    page.push_back(*frame);
    return true;
  });
  for (const Frame& frame : unsynced) {
    if (!is_whole || page.empty() || bytes >= bytes_max || !frame.follows(page.back().end())) break;
    bytes += frame.bytes->size();
    page.push_back(frame);
  }
  return page;
}

Time LogStorage::last_time() const {
  Mark end;
  {
    const std::lock_guard lock(mutex_);
    if (!unsynced_.empty()) return wal::last_time_of(*unsynced_.back().bytes);
    end = marks_.back();
  }
  Time last;
  if (end.lsn.value > 0)
    frames_->each_after({end.lsn.value - 1},
                        [&](std::string_view frame) { return last = wal::last_time_of(frame), false; });
  return last;
}

}  // namespace tote::cluster
