#include "adapters/cluster/fill_taker.h"

#include <pthread.h>

#include <random>
#include <utility>

#include "adapters/cluster/log_storage.h"

namespace tote::cluster {

using replication::Mark;
using replication::NodeId;

namespace {

constexpr std::chrono::milliseconds look_every{100}, asked_again_after{1'000}, tried_again_after{1'000};
constexpr std::chrono::milliseconds unwanted_after{5'000};   // nobody has said that it is wanted
constexpr std::chrono::milliseconds given_up_after{20'000};  // no page has come
constexpr std::chrono::milliseconds room_looked_after{10'000};

std::uint64_t drawn() {
  std::random_device random;
  return (std::uint64_t{random()} << 32) | random();
}

std::uint64_t image_of(const FillMessage& said) {
  if (const auto* page = std::get_if<FillPage>(&said)) return page->at.image;
  if (const auto* refused = std::get_if<FillRefused>(&said)) return refused->image;
  return 0;
}

}  // namespace

FillTaker::FillTaker(wal::LogOptions options, std::string id, Told told)
    : options_(std::move(options)), id_(std::move(id)), told_(std::move(told)) {
  thread_ = std::thread([this] { run(); });
}

FillTaker::~FillTaker() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void FillTaker::want(const NodeId& owner, const Mark& end) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = {owner, end, Clock::now()};
  }
  wake_.notify_one();
}

void FillTaker::take(const NodeId& from, FillMessage said) {
  {
    const std::lock_guard lock(mutex_);
    if (from != awaited_from_ || image_of(said) != awaited_.image) return;
    if (const auto* page = std::get_if<FillPage>(&said); page != nullptr && page->at != awaited_) return;
    said_ = std::move(said);
  }
  wake_.notify_one();
}

std::optional<FillProgress> FillTaker::progress() const {
  const std::lock_guard lock(mutex_);
  return shown_;
}

void FillTaker::run() {
  pthread_setname_np(pthread_self(), "tote-fill");
  for (std::unique_lock lock(mutex_);;) {
    wake_.wait_for(lock, look_every, [this] { return is_stopped_ || said_; });
    if (is_stopped_) return;
    const Wanted wanted = wanted_;
    std::optional<FillMessage> said = std::exchange(said_, {});
    lock.unlock();
    if (!is_done_) turn(wanted, std::move(said));
    lock.lock();
    if (target_ != nullptr)
      shown_ = FillProgress{target_->bytes(), target_->bytes_max()};
    else
      shown_.reset();
  }
}

void FillTaker::turn(const Wanted& wanted, std::optional<FillMessage> said) {
  const auto now = Clock::now();
  const bool is_wanted = wanted.at + unwanted_after > now;
  if (target_ == nullptr) {
    if (is_wanted && now >= not_before_) begin(wanted);
    return;
  }
  if (!is_wanted || wanted.owner != owner_ || wanted.end != end_) return give_up({});
  if (said) {
    if (const auto* page = std::get_if<FillPage>(&*said)) return take(*page);
    if (const auto* refused = std::get_if<FillRefused>(&*said)) return fail(owner_.text + " " + refused->why);
  }
  if (now - progressed_at_ > given_up_after) return fail(owner_.text + " sends nothing");
  if (now - asked_at_ > asked_again_after) ask();
}

void FillTaker::begin(const Wanted& wanted) {
  owner_ = wanted.owner;
  end_ = wanted.end;
  target_ = std::make_unique<wal::FillTarget>(options_, id_, end_of(end_));
  asked_ = {drawn(), 0, 0};
  progressed_at_ = Clock::now();
  ask();
}

void FillTaker::ask() {
  asked_at_ = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    awaited_ = asked_;
    awaited_from_ = owner_;
  }
  told_.say(owner_, asked_);
}

void FillTaker::take(const FillPage& page) {
  progressed_at_ = Clock::now();
  if (const std::string reason = target_->take(page.size, page.bytes); !reason.empty())
    return fail(target_->blames_sender() ? owner_.text + " " + reason : reason);
  if (!target_->is_whole()) {
    asked_ = {asked_.image, target_->next().number, target_->next().offset};
    return ask();
  }
  if (const std::string reason = target_->finish(); !reason.empty()) return fail(reason);
  is_done_ = true;
  told_.say(owner_, FillAsk{asked_.image, fill_ended, 0});
  told_.done();
}

void FillTaker::fail(const std::string& why) {
  told_.problem("this node can't be filled now: " + why);
  give_up(target_->lacks_room() ? room_looked_after : tried_again_after);
}

void FillTaker::give_up(std::chrono::milliseconds pause) {
  told_.say(owner_, FillAsk{asked_.image, fill_ended, 0});
  target_->drop();
  target_.reset();
  not_before_ = Clock::now() + pause;
  const std::lock_guard lock(mutex_);
  awaited_from_ = {};
}

}  // namespace tote::cluster
