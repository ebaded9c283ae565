#include "adapters/events/follower.h"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace tote::events {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds backoff_first{100}, backoff_max{5'000};

}  // namespace

Follower::Follower(const wal::LogReader& log, std::string name, const char* thread)
    : log_(log), name_(std::move(name)), thread_name_(thread) {}

void Follower::start() {
  thread_ = std::thread([this] { run(); });
}

void Follower::begin_stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  woken_.notify_all();
}

void Follower::stop() {
  begin_stop();
  if (thread_.joinable()) thread_.join();
}

std::string Follower::join() {
  if (thread_.joinable()) thread_.join();
  return status().problem;
}

FollowerStatus Follower::status() const {
  const std::lock_guard lock(mutex_);
  FollowerStatus status = status_;
  status.name = name_;
  status.destination = destination();
  const bool is_behind = status.cursor < log_.durable();
  status.lag_seconds = is_behind ? std::chrono::duration<double>(Clock::now() - caught_up_at_).count() : 0;
  return status;
}

void Follower::run() {
  pthread_setname_np(pthread_self(), thread_name_);
  while (!stopped_) {
    try {
      follow();
      return;
    } catch (const Away& away) {
      lost();
      if (stopped_) return;
      failed();
      set_problem(away.what(), away.reason());
      backoff_ = std::clamp(backoff_ * 2, backoff_first, backoff_max);
      spdlog::warn("{}: {}; trying again in {} ms", name_, away.what(), backoff_.count());
    } catch (const std::exception& error) {
      set_problem(error.what(), "stopped");
      spdlog::error("{}: {}; it stands still until somebody looks at it", name_, error.what());
      return;
    }
    if (gives_up() && backoff_ == backoff_max) return;
    pause(backoff_);
  }
}

bool Follower::pause(milliseconds time) {
  std::unique_lock lock(mutex_);
  return !woken_.wait_for(lock, time, [this] { return stopped_.load(); });
}

// The back-off goes on until something was taken: a destination that refuses isn't asked again and again.
void Follower::arrived(Lsn cursor) {
  const std::lock_guard lock(mutex_);
  status_.cursor = cursor;
  status_.connected = true;
  status_.problem.clear();
  status_.reason.clear();
}

// Under load the log's end is never reached: so the end as it was some time ago counts, once it is passed.
void Follower::moved(Lsn cursor, std::uint64_t told) {
  if (told > 0) backoff_ = milliseconds{0};
  const std::lock_guard lock(mutex_);
  status_.cursor = cursor;
  status_.told += told;
  if (cursor < ahead_) return;
  caught_up_at_ = ahead_at_;
  ahead_ = log_.durable();
  ahead_at_ = Clock::now();
  if (cursor >= ahead_) caught_up_at_ = ahead_at_;
}

void Follower::caught_up() {
  backoff_ = milliseconds{0};
  const std::lock_guard lock(mutex_);
  caught_up_at_ = ahead_at_ = Clock::now();
}

void Follower::failed() {
  const std::lock_guard lock(mutex_);
  ++status_.failures;
}

void Follower::set_put_aside(std::uint64_t events) {
  const std::lock_guard lock(mutex_);
  status_.put_aside = events;
}

void Follower::set_problem(std::string problem, std::string reason) {
  const std::lock_guard lock(mutex_);
  status_.connected = false;
  status_.problem = std::move(problem);
  status_.reason = std::move(reason);
}

milliseconds Follower::rest_after(Clock::time_point began_at, Lsn durable, std::uint64_t told) const {
  constexpr double busy_records_s = 10'000, told_s_max = 22'000;
  const double took_s = std::chrono::duration<double>(Clock::now() - began_at).count();
  const bool is_busy = static_cast<double>(log_.durable().value - durable.value) > busy_records_s * took_s;
  const double wanted_s = static_cast<double>(told) / told_s_max;
  if (!is_busy || wanted_s <= took_s) return milliseconds{0};
  return milliseconds(static_cast<std::int64_t>((wanted_s - took_s) * 1e3));
}

}  // namespace tote::events
