// A transaction on entities that somebody else keeps: stages, undoes, and at the end commits all or forgets all. The
// engine runs scripts with it on its live entities, tests on a map.
#pragma once

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "engine/kernel/any_entity.h"
#include "engine/kernel/invariant.h"
#include "engine/kernel/limits.h"
#include "engine/kernel/script.h"

namespace tote {

class Staging : public Transaction {
 public:
  // One entity that was touched. Pointers are the keeper's and stay valid until forget() or the end of the commit.
  struct Touched {
    EntityRef ref;
    AnyEntity* entity = nullptr;
    void* keeper = nullptr;
  };

  void begin(Time now) { now_ = now; }

  // Runs the script. Refused: all that it staged is taken back, and what it named by if_refused() is staged instead.
  // What the script throws comes out; nothing is staged then.
  Verdict perform(const Script& script) {
    try {
      steps_ = 0;
      is_running_ = true;
      Verdict verdict = script.run(*this);
      is_running_ = false;
      const auto remains = std::exchange(remains_, {});
      if (verdict.refused()) {
        undo(0);
        for (const Remaining& one : remains) stage_remaining(one);
      }
      return verdict;
    } catch (...) {
      is_running_ = false;
      undo(0);
      throw;
    }
  }

  Time now() const override { return now_; }

  Step run(EntityRef ref, CommandRef command) override {
    const std::size_t at = touch(ref);
    if (at == none) return {Code::invalid_request};
    AnyEntity& entity = *touched_[at].entity;
    stages_.push_back({at, entity.staged()});
    Step step = entity.stage(command, now_);
    if (!step.changed) stages_.pop_back();
    return step;
  }

  const AnyEntity* look(EntityRef ref) override {
    const std::size_t at = touch(ref);
    if (at == none) return nullptr;
    const AnyEntity& entity = *touched_[at].entity;
    return entity.version == Version{} && entity.staged() == 0 ? nullptr : &entity;
  }

  void if_refused(EntityRef ref, Command command) override {
    remains_.push_back({stages_.size(), ref.kind, std::string(ref.id), std::move(command)});
  }

  Mark mark() const override { return stages_.size() + remains_.size(); }

  void undo(Mark mark) override {
    while (stages_.size() + remains_.size() > mark) {
      if (!remains_.empty() && remains_.back().behind == stages_.size()) {
        remains_.pop_back();
        continue;
      }
      touched_[stages_.back().touched].entity->unstage(stages_.back().before);
      stages_.pop_back();
    }
  }

  bool changed() const { return !stages_.empty(); }
  // Number of entities that are to change.
  std::size_t changes() const {
    return static_cast<std::size_t>(std::count_if(touched_.begin(), touched_.end(),
                                                  [](const Touched& touched) { return touched.entity->staged() > 0; }));
  }

  // Applies what was staged and appends its events to `events`; calls changed(touched, from) for every entity that has
  // changed, in the order in which they were first touched: its events begin at `from`.
  template <class Changed>
  void commit(std::string& events, const Changed& changed) {
    for (const Touched& touched : touched_) {
      if (touched.entity->staged() == 0) continue;
      const std::size_t from = events.size();
      touched.entity->commit(events);
      changed(touched, from);
    }
    stages_.clear();
  }

  // Nothing of it has happened; calls left(touched) for every entity it knew.
  template <class Left>
  void forget(const Left& left) {
    undo(0);
    for (const Touched& touched : touched_) left(touched);
    touched_.clear();
  }
  const std::vector<Touched>& touched() const { return touched_; }

 protected:
  // The entity of that name, a fresh one when it was never heard of. Null entity: there is no such kind, or the id is
  // not one.
  virtual Touched find(EntityRef ref) = 0;

 private:
  static constexpr std::size_t none = ~std::size_t{0};
  struct Stage {
    std::size_t touched;
    std::size_t before;  // events staged at that entity before
  };

  struct Remaining {
    std::size_t behind;  // so many stages
    KindId kind;
    std::string id;
    Command command;
  };

  void stage_remaining(const Remaining& one) {
    const std::size_t at = touch({one.kind, one.id});
    if (at == none) return;
    if (!touched_[at].entity->remembers_refusals())
      throw std::logic_error("a script's refusal may only change kinds that remember refusals");
    run(touched_[at].ref, one.command);
  }

  // Few entities: looking through them all is faster than an index.
  std::size_t touch(EntityRef ref) {
    if (is_running_ && ++steps_ > limits::script_steps_max)
      throw std::length_error("a script took more than 65536 steps");
    for (std::size_t i = 0; i < touched_.size(); ++i)
      if (touched_[i].ref == ref) return i;
    if (is_running_ && touched_.size() >= limits::script_entities_max)
      throw std::length_error("a script met more than 4096 entities");
    const Touched found = find(ref);
    if (found.entity == nullptr) return none;
    TOTE_INVARIANT(found.entity->staged() == 0);
    touched_.push_back(found);
    return touched_.size() - 1;
  }

  Time now_{};
  std::vector<Touched> touched_;
  std::vector<Stage> stages_;
  std::vector<Remaining> remains_;
  std::size_t steps_ = 0;    // of the script that runs
  bool is_running_ = false;  // its answer, and the engine, look at what they like
};

}  // namespace tote
