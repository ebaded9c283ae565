// The loop: what was asked is handed to the core, a slice a turn.
#include <pthread.h>

#include <algorithm>

#include "engine/local_engine.h"

namespace tote {
namespace {

constexpr std::int64_t deadline_ms_max = 366 * 86'400'000ll;  // a later one is no deadline

}  // namespace

void LocalEngine::accept(Request& request, const Submission& from, std::uint64_t tag) {
  Flight* flight = core_->context().pool().take();
  flight->request = std::move(request);
  flight->sink = from.sink;
  flight->tag = tag;
  const std::int64_t deadline_ms = std::min(flight->request.deadline_ms, deadline_ms_max);
  flight->deadline_ns = deadline_ms == 0 ? 0 : from.arrived_ns + std::max<std::int64_t>(deadline_ms, -1) * ns_per_ms;
  if (from.finds_outcome) flight->purpose = Flight::Purpose::find_outcome;
  core_->wheel().accept(flight);
}

void LocalEngine::turn() {
  if (next_taken_ == taken_.size()) {
    taken_.clear();
    next_taken_ = 0;
    inbox_.take(taken_);
  }
  for (std::size_t parts = 0; next_taken_ < taken_.size() && parts < accepted_at_once; ++parts) {
    if (core_->wheel().accepted() >= accepted_at_once) break;
    if (take_part(taken_[next_taken_])) ++next_taken_;
  }
  answer_histories();
  turn_listing();
  if (hot_questions_.wants_turn())
    in_flight_.fetch_sub(hot_questions_.turn(core_->context().radar()), std::memory_order_release);
  if (!confirming_.empty()) answer_waiting(false);
  core_->wheel().turn(run_actors_);
  if (const auto answered = core_->context().take_answered(); answered > 0)
    in_flight_.fetch_sub(answered, std::memory_order_release);
}

bool LocalEngine::take_part(Submission& submission) {
  if (submission.task) return submission.task(), true;
  if (submission.batch.empty()) return accept(submission.request, submission, submission.tag), true;
  while (next_of_batch_ < submission.batch.size() && core_->wheel().accepted() < accepted_at_once) {
    accept(submission.batch[next_of_batch_], submission, next_of_batch_);
    ++next_of_batch_;
  }
  if (next_of_batch_ < submission.batch.size()) return false;
  next_of_batch_ = 0;
  return true;
}

// What a callback throws leaves a turn half done: it ends the process.
void LocalEngine::poll() noexcept {
  constexpr std::int64_t poll_ns = ns_per_ms;
  if (poller_.load() == std::thread::id{}) poller_ = std::this_thread::get_id();
  if (core_ == nullptr || is_in_callback()) return;  // closed: a host's timer may still fire
  is_polling_ = true;
  turn();
  for (const std::int64_t began_ns = core_->context().clock().monotonic_ns();
       wants_turn() && core_->context().clock().monotonic_ns() - began_ns < poll_ns;)
    turn();
  publish_figures();
  is_polling_ = false;
}

void LocalEngine::run() {
  pthread_setname_np(pthread_self(), "tote-loop");
  while (!stop_.load(std::memory_order_acquire)) {
    poll();
    inbox_.wait(next_due_ms());
  }
}

}  // namespace tote
