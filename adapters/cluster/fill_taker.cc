#include "adapters/cluster/fill_taker.h"

#include <random>
#include <utility>

#include "adapters/cluster/log_storage.h"

namespace tote::cluster {

using replication::Mark;
using replication::NodeId;
using TimePoint = FillClock::time_point;

namespace {

std::uint64_t drawn() {
  std::random_device random;
  return (std::uint64_t{random()} << 32) | random();
}

}  // namespace

FillTaker::FillTaker(wal::LogOptions options, std::string id, Told told)
    : options_(std::move(options)), id_(std::move(id)), told_(std::move(told)) {}

std::optional<FillProgress> FillTaker::progress() const {
  return target_ == nullptr ? std::nullopt : std::optional(FillProgress{target_->bytes(), target_->bytes_max()});
}

void FillTaker::want(const NodeId& owner, const Mark& end, TimePoint now) { wanted_ = {owner, end, now}; }

bool FillTaker::is_current(TimePoint now) const {
  return wanted_.at && *wanted_.at + unwanted_after > now && wanted_.owner == owner_ && wanted_.end == end_;
}

void FillTaker::look(TimePoint now) {
  if (is_done_) return;
  if (target_ == nullptr) {
    const bool is_wanted = wanted_.at && *wanted_.at + unwanted_after > now;
    if (is_wanted && now >= not_before_) begin(now);
    return;
  }
  if (!is_current(now)) return give_up(now);
  if (now - progressed_at_ > given_up_after) return fail(owner_.text + " sends nothing", now);
  if (now - asked_at_ > asked_again_after) ask(now);
}

void FillTaker::begin(TimePoint now) {
  owner_ = wanted_.owner;
  end_ = wanted_.end;
  target_ = std::make_unique<wal::FillTarget>(options_, id_, end_of(end_));
  asked_ = {drawn(), 0, 0};
  progressed_at_ = now;
  ask(now);
}

void FillTaker::ask(TimePoint now) {
  asked_at_ = now;
  told_.say(owner_, asked_);
}

// Only the answer to what was asked last.
void FillTaker::take(const NodeId& from, const FillMessage& said, TimePoint now) {
  if (is_done_ || target_ == nullptr || from != owner_) return;
  if (!is_current(now)) return give_up(now);
  if (const auto* page = std::get_if<FillPage>(&said); page != nullptr && page->at == asked_) return take(*page, now);
  const auto* const refused = std::get_if<FillRefused>(&said);
  if (refused == nullptr || refused->image != asked_.image) return;
  if (wal::FillImage::is_check(asked_.offset)) target_->distrust_rest();  // an older program can't prove it
  fail(owner_.text + " " + refused->why, now);
}

void FillTaker::take(const FillPage& page, TimePoint now) {
  progressed_at_ = now;
  if (const std::string reason = target_->take(page.size, page.bytes); !reason.empty())
    return fail(target_->blames_sender() ? owner_.text + " " + reason : reason, now);
  if (!target_->is_whole()) {
    asked_ = {asked_.image, target_->next().number, target_->next().offset};
    return ask(now);
  }
  if (const std::string reason = target_->finish(); !reason.empty()) return fail(reason, now);
  is_done_ = true;
  told_.say(owner_, FillAsk{asked_.image, fill_ended, 0});
  told_.done();
}

void FillTaker::fail(const std::string& why, TimePoint now) {
  told_.problem("this node can't be filled now: " + why);
  give_up(now + (target_->lacks_room() ? room_looked_after : tried_again_after));
}

void FillTaker::give_up(TimePoint next) {
  told_.say(owner_, FillAsk{asked_.image, fill_ended, 0});
  target_->leave();
  target_.reset();
  not_before_ = next;
}

void FillTaker::drop_rest() {
  if (is_done_ || target_ != nullptr) return;
  if (const std::string reason = wal::FillTarget::drop_rest(options_); !reason.empty())
    told_.problem("the rest of a fill can't be removed: " + reason);
}

}  // namespace tote::cluster
