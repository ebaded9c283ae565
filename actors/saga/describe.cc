#include "actors/saga/describe.h"

namespace tote::saga {
namespace {

std::string_view step_name(std::span<const Step> table, std::size_t step) {
  return step < table.size() ? table[step].name : std::string_view{};
}

// API.md knows fewer words: a saga that turns back is still running, and a step that an operator skipped counts as
// undone.
std::string_view public_name(Status status) {
  return name_of(status == Status::compensating ? Status::running : status);
}
std::string_view public_name(StepStatus status) {
  return name_of(status == StepStatus::skipped ? StepStatus::compensated : status);
}

}  // namespace

std::string public_id(std::string_view kind, std::string_view id) {
  return std::string(kind).append(1, ':').append(id);
}

void describe_view(std::string_view kind, std::string_view id, std::span<const Step> table, const Progress& progress,
                   Fields& fields) {
  fields.text("id", public_id(kind, id));
  fields.text("kind", kind);
  fields.text("status", public_name(progress.status));
  fields.begin_list("steps");
  for (std::size_t i = 0; i < progress.steps_count; ++i) {
    const StepState& step = progress.steps[i];
    fields.begin({});
    fields.text("name", step_name(table, i));
    fields.text("status", public_name(step.status));
    fields.integer("attempts", std::int64_t{step.attempts} + step.undo_attempts);
    if (!progress.error(i).empty()) fields.text("error", progress.error(i));
    fields.end();
  }
  fields.end_list();
}

void describe_changes(std::span<const Step> table, const Changes& changes, Fields& fields) {
  fields.begin_list("changes");
  for (const Change& change : changes) {
    const std::string_view name = step_name(table, change.step);
    fields.begin({});
    name.empty() ? fields.integer("step", change.step) : fields.text("step", name);
    fields.text("change", name_of(change.type));
    if (change.code != Code::ok) fields.text("code", tote::name_of(change.code));
    if (change.at.ns != 0 && change.at != Time::never()) fields.time("at", change.at);
    if (!change.text.empty()) fields.text("text", change.text);
    fields.end();
  }
  fields.end_list();
}

std::string alert_of(std::span<const Step> table, const Progress& progress) {
  if (progress.status != Status::stuck) return {};
  const auto step = current(progress);
  std::string text(is_undoing(progress) ? "stuck: step '" : "stuck: nobody knows whether step '");
  text.append(step ? step_name(table, *step) : std::string_view{});
  text.append(is_undoing(progress) ? "' can't be undone: " : "' has happened: ");
  return text.append(step ? progress.error(*step) : std::string_view{}).append("; retry it, or skip it with a reason");
}

}  // namespace tote::saga
