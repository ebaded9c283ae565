// The loop: what was asked is handed to the core, a slice a turn.
#include <pthread.h>

#include "engine/local_engine.h"

namespace tote {

void LocalEngine::accept(Request& request, const Submission& from, std::uint64_t tag) {
  Flight* flight = core_->context().pool().take();
  flight->request = std::move(request);
  flight->sink = from.sink;
  flight->tag = tag;
  flight->deadline_ns =
      flight->request.deadline_ms == 0 ? 0 : from.arrived_ns + flight->request.deadline_ms * ns_per_ms;
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

void LocalEngine::poll() {
  constexpr std::int64_t poll_ns = ns_per_ms;
  if (poller_.load() == std::thread::id{}) poller_ = std::this_thread::get_id();
  if (core_ == nullptr) return;  // closed: a host's timer may still fire
  turn();
  for (const std::int64_t began_ns = core_->context().clock().monotonic_ns();
       wants_turn() && core_->context().clock().monotonic_ns() - began_ns < poll_ns;)
    turn();
  publish_figures();
}

void LocalEngine::run() {
  pthread_setname_np(pthread_self(), "tote-loop");
  while (!stop_.load(std::memory_order_acquire)) {
    poll();
    inbox_.wait(next_due_ms());
  }
}

}  // namespace tote
