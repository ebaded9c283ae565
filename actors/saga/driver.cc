#include "actors/saga/driver.h"

#include "engine/kernel/bounded.h"

namespace tote::saga {
namespace {

std::uint8_t index(std::size_t step) { return static_cast<std::uint8_t>(step); }

// A refusal must have a code: a worker that gives none is believed all the same.
Code refusal_code(const Reply& reply) { return is_success(reply.code) ? Code::payment_declined : reply.code; }

}  // namespace

void Driver::advance() {
  while (const auto step = current(progress_)) {
    if (!wants_driver(progress_) && !waits_in_vain(table_, progress_)) return;
    const bool goes_on = progress_.status == Status::running ? forward(*step) : undo(*step);
    if (!goes_on) return;
  }
}

void Driver::report(const Reply& reply) {
  const auto step = current(progress_);
  TOTE_INVARIANT(step && progress_.is_calling);
  const bool undoing = is_undoing(progress_);
  switch (reply.answer) {
    case Reply::Answer::done:
      happen({undoing ? ChangeType::compensated : ChangeType::completed, index(*step), Code::ok, {}, reply.text});
      break;
    case Reply::Answer::refused:
      happen({undoing ? ChangeType::stuck : ChangeType::failed, index(*step), refusal_code(reply), {}, reply.text});
      break;
    case Reply::Answer::unreachable: unreachable(reply, *step); break;
  }
  advance();
}

void Driver::retry(std::string_view reason) {
  happen({ChangeType::retried, index(*current(progress_)), Code::ok, {}, std::string(reason)});
  advance();
}

void Driver::skip(std::string_view reason) {
  happen({ChangeType::skipped, index(*current(progress_)), Code::ok, {}, std::string(reason)});
  advance();
}

// False: it has to wait for the outside.
bool Driver::forward(std::size_t step) {
  const Action& action = table_[step].forward;
  if (action.outside != nullptr || action.is_awaited) return call(step), false;
  const auto mark = on_.mark();
  if (const Verdict verdict = run(action.inside, step); verdict.refused()) {
    on_.undo(mark);
    if (!refusal_.refused()) refusal_ = verdict;
    happen({ChangeType::failed, index(step), verdict.code, {}, {}});
  } else {
    marks_[step] = mark;
    happen({ChangeType::completed, index(step), Code::ok, {}, {}});
  }
  return true;
}

bool Driver::undo(std::size_t step) {
  if (waits_in_vain(table_, progress_))
    return happen({ChangeType::failed, index(step), Code::deadline_exceeded, {}, {}}), true;
  const bool is_unanswered = progress_.steps[step].status == StepStatus::pending;
  const Action& action = is_unanswered ? table_[step].forward : table_[step].compensate;
  if (action.outside != nullptr) return call(step), false;
  if (marks_[step]) {
    on_.undo(*marks_[step]);
  } else {
    const auto mark = on_.mark();
    if (const Verdict verdict = run(action.inside, step); verdict.refused()) {
      on_.undo(mark);
      happen({ChangeType::stuck, index(step), verdict.code, {}, {}});
      return false;
    }
  }
  happen({ChangeType::compensated, index(step), Code::ok, {}, {}});
  return true;
}

Verdict Driver::run(Action::Inside action, std::size_t step) {
  if (action == nullptr) return {};
  return action(on_, {kind_, id_, input_, progress_, table_[step].name});
}

void Driver::call(std::size_t step) {
  const bool is_first = progress_.status == Status::running && progress_.steps[step].attempts == 0;
  const std::int64_t deadline_s = table_[step].deadline_s;
  const Time deadline = deadline_s == 0 ? Time::never() : after(on_.now(), deadline_s);
  happen({ChangeType::called, index(step), Code::ok, is_first ? deadline : progress_.deadline, {}});
}

void Driver::unreachable(const Reply& reply, std::size_t step) {
  const StepState& state = progress_.steps[step];
  const std::uint32_t attempts = is_undoing(progress_) ? state.undo_attempts : state.attempts;
  const Time retry_at{on_.now().ns + backoff.wait_ns(id_, table_[step].name, attempts)};
  happen({ChangeType::unreachable, index(step), Code::ok, retry_at, reply.text});
  if (progress_.tries < table_[step].retry.attempts_max) return;
  const bool turns = progress_.status == Status::running;
  happen({turns ? ChangeType::turned_back : ChangeType::stuck, index(step), Code::deadline_exceeded, {}, reply.text});
}

void Driver::happen(Change change) {
  change.text = bounded(std::move(change.text), text_bytes_max);
  TOTE_INVARIANT(fits(progress_, change));
  apply(progress_, change);
  if (changes_.empty()) changes_.reserve(2 * steps_max);
  changes_.push_back(std::move(change));
}

bool waits_in_vain(std::span<const Step> table, const Progress& progress) {
  const auto step = current(progress);
  return progress.status == Status::compensating && progress.is_calling && step &&
         progress.steps[*step].status == StepStatus::pending && table[*step].forward.is_awaited;
}

std::string effect_id(std::span<const Step> table, const Progress& progress) {
  const auto step = current(progress);
  TOTE_INVARIANT(step && *step < table.size());
  const StepState& state = progress.steps[*step];
  const bool undoing = is_undoing(progress);
  std::string id(table[*step].name);
  id.append(undoing ? "/undo/" : "/");
  return id.append(std::to_string(progress.calls_before + (undoing ? state.undo_attempts : state.attempts)));
}

}  // namespace tote::saga
