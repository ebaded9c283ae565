#include "adapters/sportsbook/checking.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace tote::sportsbook {
namespace {

// The loop has a core of its own.
std::size_t threads_count() { return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 2, 5) - 1; }

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace

Checking::Checking(const Options& options, KeySetPtr keys, Done done)
    : options_(options), done_(std::move(done)), keys_(std::move(keys)) {}

bool Checking::ask(Callback&& callback, const Post& post) {
  const std::lock_guard lock(mutex_);
  if (stopped_ || waiting_.size() >= waiting_max) return false;
  waiting_.push_back(std::move(callback));
  start(post);
  changed_.notify_one();
  return true;
}

std::vector<Callback> Checking::stop() {
  std::vector<Callback> left;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    std::ranges::move(waiting_, std::back_inserter(left));
    waiting_.clear();
    changed_.notify_all();
  }
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
  const std::lock_guard lock(finished_mutex_);
  std::ranges::move(finished_, std::back_inserter(left));
  finished_.clear();
  return left;
}

void Checking::set_keys(KeySetPtr keys) {
  const std::lock_guard lock(mutex_);
  keys_ = std::move(keys);
}

void Checking::start(const Post& post) {
  if (!threads_.empty()) return;
  post_ = post;
  for (std::size_t i = 0; i < threads_count(); ++i) threads_.emplace_back([this] { run(); });
}

void Checking::run() {
  pthread_setname_np(pthread_self(), "tote-verify");
  Verifier verifier;
  for (std::vector<Callback> batch; take(batch);) check(batch, verifier);
}

bool Checking::take(std::vector<Callback>& batch) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
  if (stopped_) return false;
  const std::size_t fair = std::clamp<std::size_t>(waiting_.size() / threads_.size(), 1, batch_max);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(fair);
  batch.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return true;
}

void Checking::check(std::vector<Callback>& batch, Verifier& verifier) {
  KeySetPtr keys;
  {
    const std::lock_guard lock(mutex_);
    keys = keys_;
  }
  for (Callback& one : batch) {
    Opened opened = open_token(one.body, options_, keys, verifier, now_ms());
    if (auto* refused = std::get_if<Refused>(&opened))
      one.read = std::move(*refused);
    else
      one.read = read_payload(one.action, std::get<Json>(opened), options_);
    one.body.clear();
  }
  bool is_first = false;
  {
    const std::lock_guard lock(finished_mutex_);
    is_first = finished_.empty();
    std::ranges::move(batch, std::back_inserter(finished_));
  }
  batch.clear();
  if (!is_first) return;  // whoever was first has posted
  post_([this] {
    std::vector<Callback> finished;
    {
      const std::lock_guard lock(finished_mutex_);
      finished.swap(finished_);
    }
    done_(std::move(finished));
  });
}

}  // namespace tote::sportsbook
