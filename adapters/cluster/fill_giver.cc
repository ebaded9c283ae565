#include "adapters/cluster/fill_giver.h"

#include <pthread.h>

#include <tuple>

namespace tote::cluster {

using replication::NodeId;

FillGiver::FillGiver(std::shared_ptr<wal::FrameStore> frames, Say say, std::chrono::milliseconds idle_max)
    : frames_(std::move(frames)), say_(std::move(say)), idle_max_(idle_max) {
  thread_ = std::thread([this] { run(); });
}

FillGiver::~FillGiver() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void FillGiver::take(const NodeId& from, const FillAsk& ask) {
  {
    const std::lock_guard lock(mutex_);
    if (asks_.size() >= asks_max) return;
    asks_.emplace_back(from, ask);
  }
  wake_.notify_one();
}

std::optional<FillProgress> FillGiver::progress(const NodeId& of) const {
  const std::lock_guard lock(mutex_);
  return shown_to_ == of ? std::optional(shown_) : std::nullopt;
}

void FillGiver::show(const NodeId& to, FillProgress progress) {
  const std::lock_guard lock(mutex_);
  shown_to_ = to;
  shown_ = progress;
}

void FillGiver::run() {
  pthread_setname_np(pthread_self(), "tote-fill");
  for (std::unique_lock lock(mutex_);;) {
    const auto has_work = [this] { return is_stopped_ || !asks_.empty(); };
    if (image_ == nullptr)
      wake_.wait(lock, has_work);
    else
      wake_.wait_until(lock, asked_at_ + idle_max_, has_work);
    if (is_stopped_) return;
    if (asks_.empty()) {
      lock.unlock();
      give_up();
      lock.lock();
      continue;
    }
    const auto [from, ask] = std::move(asks_.front());
    asks_.pop_front();
    lock.unlock();
    answer(from, ask);
    lock.lock();
  }
}

void FillGiver::give_up() {
  image_.reset();
  show({}, {});
}

// Who is given the image has asked again when it asks for the first page of another one.
void FillGiver::answer(const NodeId& from, const FillAsk& ask) {
  if (ask.file == fill_ended) {
    if (from == to_ && ask.image == number_) give_up();
    return;
  }
  if (image_ != nullptr && from != to_)
    return say_(from, FillRefused{ask.image, "is filling " + to_.text + " now, and one node at a time"});
  const bool is_first = ask.file == 0 && ask.offset == 0;
  if ((image_ == nullptr || ask.image != number_) && !is_first)
    return say_(from, FillRefused{ask.image, "has given up the image that was asked for"});
  if (image_ == nullptr || ask.image != number_) {
    image_.reset();  // both would have the same name
    std::string reason;
    image_ = wal::FillImage::make(frames_, reason);
    if (image_ == nullptr) {
      give_up();
      return say_(from, FillRefused{ask.image, "can't make an image of its log: " + reason});
    }
    number_ = ask.image;
    to_ = from;
    newest_ = ask;
    sent_bytes_ = 0;
  }
  asked_at_ = Clock::now();
  wal::FillImage::Page page;
  if (std::string reason = image_->read(ask.file, ask.offset, page); !reason.empty()) {
    give_up();
    return say_(from, FillRefused{ask.image, "can't read its log: " + reason});
  }
  if (std::tie(ask.file, ask.offset) > std::tie(newest_.file, newest_.offset)) {
    sent_bytes_ += page.bytes.size();
    newest_ = ask;
  }
  show(to_, {sent_bytes_, image_->bytes()});
  say_(from, FillPage{ask, page.size, std::move(page.bytes)});
}

}  // namespace tote::cluster
