// Where the outcomes of requests go that were submitted with a callback, or waited for. Each deletes itself, but for
// CallSink. A callback that is empty tells nobody.
#pragma once

#include <future>
#include <utility>
#include <vector>

#include "engine/tote.h"

namespace tote {

// Collects the outcomes of one batch.
class BatchSink final : public Sink {
 public:
  BatchSink(std::size_t size, Engine::BatchCallback done) : outcomes_(size), left_(size), done_(std::move(done)) {}

  void done(std::uint64_t tag, Outcome& outcome) override {
    outcomes_[tag] = std::move(outcome);
    if (--left_ > 0) return;
    if (done_) done_(outcomes_);
    delete this;
  }

 private:
  std::vector<Outcome> outcomes_;
  std::size_t left_;
  Engine::BatchCallback done_;
};

class CallbackSink final : public Sink {
 public:
  explicit CallbackSink(Engine::Callback done) : done_(std::move(done)) {}

  void done(std::uint64_t, Outcome& outcome) override {
    if (done_) done_(outcome);
    delete this;
  }

 private:
  Engine::Callback done_;
};

class CallSink final : public Sink {
 public:
  void done(std::uint64_t, Outcome& outcome) override {
    outcome_ = std::move(outcome);
    is_done_.set_value();
  }
  std::future<void> future() { return is_done_.get_future(); }
  Outcome take() { return std::move(outcome_); }

 private:
  Outcome outcome_;
  std::promise<void> is_done_;
};

}  // namespace tote
