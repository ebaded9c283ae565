#include "adapters/cluster/fill_giver.h"

#include <algorithm>
#include <utility>

namespace tote::cluster {

using replication::NodeId;

FillGiver::FillGiver(std::shared_ptr<wal::FrameStore> frames, Say say, std::chrono::milliseconds idle_max)
    : frames_(std::move(frames)), say_(std::move(say)), idle_max_(idle_max) {}

std::optional<FillClock::time_point> FillGiver::idle_at() const {
  return image_ == nullptr ? std::nullopt : std::optional(asked_at_ + idle_max_);
}

void FillGiver::look(FillClock::time_point now) {
  if (image_ != nullptr && now >= asked_at_ + idle_max_) give_up();
}

void FillGiver::give_up() {
  image_.reset();
  to_ = {};
  progress_ = {};
}

// Who is given the image has asked again when it asks for the first page of another one.
void FillGiver::take(const NodeId& from, const FillAsk& ask, FillClock::time_point now) {
  if (ask.file == fill_ended) {
    if (image_ != nullptr && from == to_ && ask.image == number_) give_up();
    return;
  }
  look(now);
  if (image_ != nullptr && from != to_)
    return say_(from, FillRefused{ask.image, "is filling " + to_.text + " now, and one node at a time"});
  const bool is_first = ask.file == 0 && ask.offset == 0, is_other = image_ == nullptr || ask.image != number_;
  if (is_other && !is_first) return say_(from, FillRefused{ask.image, "has given up the image that was asked for"});
  if (is_other) {
    give_up();  // both would have the same name
    std::string reason;
    image_ = wal::FillImage::make(frames_, reason);
    if (image_ == nullptr) return say_(from, FillRefused{ask.image, "can't make an image of its log: " + reason});
    number_ = ask.image;
    to_ = from;
    progress_.bytes_max = image_->bytes();
  }
  asked_at_ = now;
  wal::FillImage::Page page;
  if (std::string reason = image_->read(ask.file, ask.offset, page); !reason.empty()) {
    give_up();
    return say_(from, FillRefused{ask.image, "can't read its log: " + reason});
  }
  progress_.bytes = std::max(progress_.bytes, image_->bytes_before(ask.file, ask.offset));
  say_(from, FillPage{ask, page.size, std::move(page.bytes)});
}

}  // namespace tote::cluster
