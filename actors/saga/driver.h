// actors/saga/driver.h: brings one saga as far as one transaction can: every step inside the engine that is next, until
// a step outside has to be waited for. Pure over the Transaction. Nothing is staged on the saga itself: the changes are
// collected, and become one command to it at the end, so that its state is never copied.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "actors/saga/step.h"

namespace tote::saga {

class Driver {
 public:
  // `table` and what the views look at live as long as the driver.
  Driver(Transaction& on, std::string_view kind, std::string_view id, CommandRef input, std::span<const Step> table,
         const Progress& from)
      : on_(on), kind_(kind), id_(id), input_(input), table_(table), progress_(from) {}

  // A step that refuses is undone, and then all before it, last first, in the same transaction. What this very
  // transaction had staged is simply taken back; what earlier ones have recorded is compensated.
  void advance();
  // What the call that is out came to; then advances.
  void report(const Reply& reply);
  // An operator's word; then advances.
  void retry(std::string_view reason);
  void skip(std::string_view reason);

  const Progress& progress() const { return progress_; }
  const Changes& changes() const { return changes_; }
  // The first refusal of a step in this transaction, with its facts.
  const Verdict& refusal() const { return refusal_; }

 private:
  bool forward(std::size_t step);
  bool undo(std::size_t step);
  Verdict run(Action::Inside action, std::size_t step);
  void call(std::size_t step);
  void unreachable(const Reply& reply, std::size_t step);
  void happen(Change change);

  Transaction& on_;
  std::string_view kind_, id_;
  CommandRef input_;
  std::span<const Step> table_;
  Progress progress_;
  Changes changes_;
  Verdict refusal_;
  std::array<std::optional<Transaction::Mark>, steps_max> marks_{};  // before the steps that this transaction did
};

// It waits for what was to happen by itself, and the saga has turned back meanwhile: it hasn't happened.
bool waits_in_vain(std::span<const Step> table, const Progress& progress);

// "charge/2": the second attempt; "charge/undo/1". Only while a call is out.
std::string effect_id(std::span<const Step> table, const Progress& progress);

}  // namespace tote::saga
