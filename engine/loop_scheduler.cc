#include "engine/loop_scheduler.h"

#include <caf/resumable.hpp>
#include <limits>

namespace tote {

LoopScheduler::LoopScheduler(caf::actor_system& system) : abstract_coordinator(system) {}

caf::actor_system::module* LoopScheduler::make(caf::actor_system& system, caf::detail::type_list<>) {
  return new LoopScheduler(system);
}

void LoopScheduler::run() {
  Worker worker(&system(), jobs_);
  while (!jobs_.empty()) {
    caf::resumable* job = jobs_.front();
    jobs_.pop_front();
    switch (job->resume(&worker, std::numeric_limits<std::size_t>::max())) {
      case caf::resumable::resume_later: jobs_.push_back(job); break;
      case caf::resumable::done:
      case caf::resumable::awaiting_message: caf::intrusive_ptr_release(job); break;
      case caf::resumable::shutdown_execution_unit: break;
    }
  }
}

void LoopScheduler::stop() { run(); }

}  // namespace tote
