#include "actors/saga/progress.h"

#include <algorithm>

#include "engine/kernel/invariant.h"

namespace tote::saga {
namespace {

const Note* find_note(const Progress& progress, std::size_t step) {
  const auto found = std::find_if(progress.notes.begin(), progress.notes.end(),
                                  [step](const Note& note) { return note.step == step; });
  return found == progress.notes.end() ? nullptr : &*found;
}

Note& note_of(Progress& progress, std::uint8_t step) {
  for (Note& note : progress.notes)
    if (note.step == step) return note;
  return progress.notes.emplace_back(Note{step});
}

void set_error(Progress& progress, const Change& change) {
  progress.steps[change.step].code = change.code;
  if (!change.text.empty() || find_note(progress, change.step) != nullptr)
    note_of(progress, change.step).error = change.text;
}

void clear_error(Progress& progress, std::uint8_t step) {
  progress.steps[step].code = Code::ok;
  if (find_note(progress, step) != nullptr) note_of(progress, step).error.clear();
}

// The current step is done with, one way or the other.
void settle(Progress& progress, std::uint8_t step, StepStatus status) {
  progress.steps[step].status = status;
  progress.is_calling = false;
  progress.tries = 0;
  progress.retry_at = Time::never();
  progress.deadline = Time::never();
}

void turn_back(Progress& progress, Code why) {
  progress.status = Status::compensating;
  progress.code = why;
  progress.tries = 0;
  progress.deadline = Time::never();
}

void call(Progress& progress, const Change& change) {
  StepState& step = progress.steps[change.step];
  ++(is_undoing(progress) ? step.undo_attempts : step.attempts);
  ++progress.tries;
  progress.is_calling = true;
  progress.retry_at = Time::never();
  if (progress.status == Status::running) progress.deadline = change.at;
}

void end_call(Progress& progress, Time retry_at) {
  progress.is_calling = false;
  progress.retry_at = retry_at;
}

void finish(Progress& progress) {
  if (current(progress)) return;
  if (progress.status == Status::running) progress.status = Status::completed;
  if (progress.status == Status::compensating) progress.status = Status::compensated;
}

bool is_moving(const Progress& progress) {
  return progress.status == Status::running || progress.status == Status::compensating;
}

// Running, or asked again after the turn: the step may still turn out to be done, or not.
bool is_open(const Progress& progress, const StepState& step) {
  return step.status == StepStatus::pending &&
         (progress.status == Status::running || (progress.status == Status::compensating && progress.is_calling));
}

}  // namespace

std::string_view name_of(Status status) {
  static constexpr std::string_view names[] = {"none", "running", "compensating", "completed", "compensated", "stuck"};
  return names[static_cast<std::size_t>(status)];
}

std::string_view name_of(StepStatus status) {
  static constexpr std::string_view names[] = {"pending", "completed", "failed", "compensated", "skipped"};
  return names[static_cast<std::size_t>(status)];
}

std::string_view name_of(ChangeType type) {
  static constexpr std::string_view names[] = {"none",        "called",      "completed", "failed",  "unreachable",
                                               "turned_back", "compensated", "stuck",     "retried", "skipped"};
  return names[static_cast<std::size_t>(type)];
}

std::string_view Progress::result(std::size_t step) const {
  const Note* note = find_note(*this, step);
  return note == nullptr ? std::string_view{} : note->result;
}

std::string_view Progress::error(std::size_t step) const {
  const Note* note = find_note(*this, step);
  if (note != nullptr && !note->error.empty()) return note->error;
  return steps[step].code == Code::ok ? std::string_view{} : tote::name_of(steps[step].code);
}

std::optional<std::size_t> current(const Progress& progress) {
  if (progress.status == Status::running) {
    for (std::size_t i = 0; i < progress.steps_count; ++i)
      if (progress.steps[i].status == StepStatus::pending) return i;
  }
  if (progress.status == Status::compensating || progress.status == Status::stuck) {
    for (std::size_t i = progress.steps_count; i-- > 0;) {
      const StepState& step = progress.steps[i];
      const bool may_have_happened = step.status == StepStatus::pending && step.attempts > 0;
      if (step.status == StepStatus::completed || may_have_happened) return i;
    }
  }
  return std::nullopt;
}

bool is_undoing(const Progress& progress) {
  const auto step = current(progress);
  return progress.status != Status::running && step && progress.steps[*step].status == StepStatus::completed;
}

bool wants_driver(const Progress& progress) {
  return is_moving(progress) && !progress.is_calling && progress.retry_at == Time::never();
}

bool fits_start(const Progress& progress, std::size_t steps_count) {
  return (progress.status == Status::none || progress.status == Status::compensated) && steps_count >= 1 &&
         steps_count <= steps_max;
}

void start(Progress& progress, std::size_t steps_count, Time at) {
  std::uint64_t calls = progress.calls_before;
  for (const StepState& step : progress.steps) calls += step.attempts + step.undo_attempts;
  progress = Progress{};
  progress.status = Status::running;
  progress.steps_count = static_cast<std::uint8_t>(steps_count);
  progress.calls_before = calls;
  progress.started_at = at;
}

bool fits(const Progress& progress, const Change& change) {
  const auto at = current(progress);
  if (!at || *at != change.step) return false;
  const StepState& step = progress.steps[*at];
  switch (change.type) {
    case ChangeType::called: return is_moving(progress) && !progress.is_calling;
    case ChangeType::completed:
    case ChangeType::failed: return is_open(progress, step);
    case ChangeType::unreachable: return progress.is_calling;
    case ChangeType::turned_back: return progress.status == Status::running && step.attempts > 0;
    case ChangeType::compensated:
      return progress.status == Status::compensating && step.status == StepStatus::completed;
    case ChangeType::stuck: return progress.status == Status::compensating;
    case ChangeType::retried:
    case ChangeType::skipped: return progress.status == Status::stuck;
  }
  return false;
}

void apply(Progress& progress, const Change& change) {
  TOTE_INVARIANT(change.step < progress.steps_count);
  switch (change.type) {
    case ChangeType::called: call(progress, change); break;
    case ChangeType::completed:
      settle(progress, change.step, StepStatus::completed);
      clear_error(progress, change.step);
      if (!change.text.empty()) note_of(progress, change.step).result = change.text;
      break;
    case ChangeType::failed:
      settle(progress, change.step, StepStatus::failed);
      set_error(progress, change);
      if (progress.status == Status::running) turn_back(progress, change.code);
      break;
    case ChangeType::unreachable:
      end_call(progress, change.at);
      set_error(progress, change);
      break;
    case ChangeType::turned_back:
      set_error(progress, change);
      turn_back(progress, change.code);
      break;
    case ChangeType::compensated:
      settle(progress, change.step, StepStatus::compensated);
      clear_error(progress, change.step);
      break;
    case ChangeType::stuck:
      settle(progress, change.step, progress.steps[change.step].status);
      set_error(progress, change);
      progress.status = Status::stuck;
      break;
    case ChangeType::retried: progress.status = Status::compensating; break;
    case ChangeType::skipped:
      settle(progress, change.step, StepStatus::skipped);
      progress.status = Status::compensating;
      break;
  }
  finish(progress);
}

bool check(const Progress& progress) {
  if (progress.steps_count < 1 || progress.steps_count > steps_max) return false;
  const auto step = current(progress);
  const bool is_at_end = progress.status == Status::completed || progress.status == Status::compensated;
  if (progress.status == Status::none || is_at_end == step.has_value()) return false;
  if (progress.is_calling && (!is_moving(progress) || progress.retry_at != Time::never())) return false;
  if (progress.retry_at != Time::never() && !is_moving(progress)) return false;
  if (progress.deadline != Time::never() && progress.status != Status::running) return false;
  for (std::size_t i = 0; i < progress.steps_count; ++i) {
    const StepStatus status = progress.steps[i].status;
    const bool is_done = status == StepStatus::completed;
    const bool is_before = progress.status == Status::completed || (step && i < *step);
    if (is_before && !is_done) return false;
    if (progress.status == Status::running && !is_before && status != StepStatus::pending) return false;
    if (progress.status != Status::running && !is_before && is_done && (!step || i > *step)) return false;
  }
  return true;
}

Time next_due(const Progress& progress) {
  return is_moving(progress) ? std::min(progress.retry_at, progress.deadline) : Time::never();
}

Change due(const Progress& progress) {
  const auto step = current(progress);
  TOTE_INVARIANT(step.has_value());
  const auto at = static_cast<std::uint8_t>(*step);
  if (progress.retry_at <= progress.deadline) return {ChangeType::called, at, Code::ok, progress.deadline, {}};
  return {ChangeType::turned_back, at, Code::deadline_exceeded, {}, std::string(progress.error(at))};
}

}  // namespace tote::saga
