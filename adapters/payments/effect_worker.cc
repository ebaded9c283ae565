#include "adapters/payments/effect_worker.h"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace tote::payments {
namespace {

constexpr std::chrono::milliseconds report_again_after{200};

// What the call asks for; a call of another kind is nobody's: it fails for good.
payment::Result make(payment::Gateway& gateway, const EffectCall& call) {
  if (const auto* charge = call.call.get<payment::Charge>())
    return gateway.charge(for_tenant(call.tenant_name, *charge));
  if (const auto* refund = call.call.get<payment::Refund>())
    return gateway.refund(for_tenant(call.tenant_name, *refund));
  return {payment::Status::failed, {}, "no worker knows this call"};
}

}  // namespace

EffectWorker::EffectWorker(payment::Gateway& gateway, std::size_t threads) : gateway_(gateway) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

bool EffectWorker::offer(EffectCall& call) {
  const std::lock_guard lock(mutex_);
  if (stopped_ || tasks_.size() >= waiting_max) return false;
  tasks_.push_back({std::move(call)});
  changed_.notify_one();
  return true;
}

void EffectWorker::attach(Engine& engine) {
  const std::lock_guard lock(mutex_);
  engine_ = &engine;
  changed_.notify_all();
}

void EffectWorker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    tasks_.clear();
    changed_.notify_all();
  }
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void EffectWorker::run() {
  pthread_setname_np(pthread_self(), "tote-effects");
  for (Task task; next(task);) {
    if (!task.is_called) {
      task.result = make(gateway_, task.call);
      task.is_called = true;
    }
    report(std::move(task));
  }
}

// Waits for a task whose time has come. False: the end.
bool EffectWorker::next(Task& task) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (stopped_) return false;
    const auto first = engine_ == nullptr ? tasks_.end() : std::ranges::min_element(tasks_, {}, &Task::not_before);
    if (first == tasks_.end()) {
      changed_.wait(lock);
    } else if (first->not_before > Clock::now()) {
      changed_.wait_until(lock, first->not_before);
    } else {
      task = std::move(*first);
      tasks_.erase(first);
      return true;
    }
  }
}

// An engine that can't take the report now is told again: until then the entity waits.
void EffectWorker::report(Task task) {
  auto kept = std::make_shared<Task>(std::move(task));
  engine_->report(kept->call, Command(kept->result), [this, kept](Outcome& outcome) {
    if (is_stored(outcome.code) || outcome.code == Code::draining) return;
    if (outcome.code != Code::overloaded && outcome.code != Code::log_full && outcome.code != Code::not_enough_replicas)
      spdlog::error("payments: the report of {}/{} was refused: {}", kept->call.entity, kept->call.effect,
                    name_of(outcome.code));
    else
      again(std::move(*kept));
  });
}

void EffectWorker::again(Task task) {
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  task.not_before = Clock::now() + report_again_after;
  tasks_.push_back(std::move(task));
  changed_.notify_one();
}

}  // namespace tote::payments
