// CAF's scheduler, reduced to what the loop needs: actors run on the thread that calls run(), one after the other.
// Cross-thread wake-ups, not work, are what an actor system costs on few cores (DESIGN §4).
#pragma once

#include <caf/actor_system.hpp>
#include <caf/detail/test_actor_clock.hpp>
#include <caf/execution_unit.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <deque>

namespace tote {

// Load with actor_system_config::load<LoopScheduler>(). Actors must be sent to from the loop's thread only.
class LoopScheduler final : public caf::scheduler::abstract_coordinator {
 public:
  explicit LoopScheduler(caf::actor_system& system);

  static caf::actor_system::module* make(caf::actor_system& system, caf::detail::type_list<>);

  // Runs actors until none has work.
  void run();

  bool detaches_utility_actors() const override { return false; }
  caf::actor_clock& clock() noexcept override { return clock_; }

 protected:
  void start() override {}  // no printer actor, no threads
  void stop() override;
  void enqueue(caf::resumable* job) override { jobs_.push_back(job); }

 private:
  class Worker final : public caf::execution_unit {
   public:
    Worker(caf::actor_system* system, std::deque<caf::resumable*>& jobs) : execution_unit(system), jobs_(jobs) {}
    void exec_later(caf::resumable* job) override { jobs_.push_back(job); }

   private:
    std::deque<caf::resumable*>& jobs_;
  };

  std::deque<caf::resumable*> jobs_;
  caf::detail::test_actor_clock clock_;  // never asked: the engine's timers are its own
};

}  // namespace tote
