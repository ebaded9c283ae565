#include "adapters/cluster/fill_threads.h"

#include <pthread.h>

#include <chrono>

namespace tote::cluster {

using replication::Mark;
using replication::NodeId;

namespace {

constexpr std::chrono::milliseconds look_every{100};

}  // namespace

FillGiverThread::FillGiverThread(std::shared_ptr<wal::FrameStore> frames, FillGiver::Say say)
    : giver_(std::move(frames), std::move(say)) {
  thread_ = std::thread([this] { run(); });
}

FillGiverThread::~FillGiverThread() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void FillGiverThread::take(const NodeId& from, const FillAsk& ask) {
  {
    const std::lock_guard lock(mutex_);
    if (asks_.size() >= asks_max) return;
    asks_.emplace_back(from, ask);
  }
  wake_.notify_one();
}

std::optional<FillProgress> FillGiverThread::progress(const NodeId& of) const {
  const std::lock_guard lock(mutex_);
  return shown_to_ == of ? std::optional(shown_) : std::nullopt;
}

void FillGiverThread::run() {
  pthread_setname_np(pthread_self(), "tote-fill");
  for (std::unique_lock lock(mutex_);;) {
    const auto has_work = [this] { return is_stopped_ || !asks_.empty(); };
    if (const auto idle_at = giver_.idle_at())
      wake_.wait_until(lock, *idle_at, has_work);
    else
      wake_.wait(lock, has_work);
    if (is_stopped_) return;
    std::optional<std::pair<NodeId, FillAsk>> asked;
    if (!asks_.empty()) {
      asked = std::move(asks_.front());
      asks_.pop_front();
    }
    lock.unlock();
    giver_.look(FillClock::now());
    if (asked) giver_.take(asked->first, asked->second, FillClock::now());
    lock.lock();
    shown_to_ = giver_.to();
    shown_ = giver_.progress();
  }
}

FillTakerThread::FillTakerThread(wal::LogOptions options, std::string id, FillTaker::Told told)
    : taker_(std::move(options), std::move(id), std::move(told)) {
  thread_ = std::thread([this] { run(); });
}

FillTakerThread::~FillTakerThread() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void FillTakerThread::want(const NodeId& owner, const Mark& end) {
  const std::lock_guard lock(mutex_);
  wanted_ = {owner, end};
}

void FillTakerThread::take(const NodeId& from, FillMessage said) {
  {
    const std::lock_guard lock(mutex_);
    if (said_.size() >= said_max) return;
    said_.emplace_back(from, std::move(said));
  }
  wake_.notify_one();
}

void FillTakerThread::drop_rest() {
  {
    const std::lock_guard lock(mutex_);
    is_to_drop_rest_ = true;
  }
  wake_.notify_one();
}

std::optional<FillProgress> FillTakerThread::progress() const {
  const std::lock_guard lock(mutex_);
  return shown_;
}

void FillTakerThread::run() {
  pthread_setname_np(pthread_self(), "tote-fill");
  for (std::unique_lock lock(mutex_);;) {
    wake_.wait_for(lock, look_every, [this] { return is_stopped_ || is_to_drop_rest_ || !said_.empty(); });
    if (is_stopped_) return;
    const auto wanted = std::exchange(wanted_, {});
    const auto said = std::exchange(said_, {});
    const bool drops_rest = std::exchange(is_to_drop_rest_, false);
    lock.unlock();
    if (wanted) taker_.want(wanted->first, wanted->second, FillClock::now());
    for (const auto& [from, message] : said) taker_.take(from, message, FillClock::now());
    if (drops_rest) taker_.drop_rest();
    taker_.look(FillClock::now());
    lock.lock();
    shown_ = taker_.progress();
  }
}

}  // namespace tote::cluster
