#include "actors/saga/codec.h"

#include "actors/codec/flat.h"
#include "actors/saga/saga_generated.h"
#include "engine/kernel/invariant.h"

namespace tote::saga {
namespace {

using flat::append;
using flat::builder;
using flat::FlatBufferBuilder;
using flat::Offset;
using flat::optional_string;
using flat::verified;
using flat::view;

constexpr flatbuffers::uoffset_t tables_max = 2 + changes_max;

using Bytes = flatbuffers::Vector<std::uint8_t>;

Offset<Bytes> optional_bytes(FlatBufferBuilder& to, std::string_view bytes) {
  if (bytes.empty()) return {};
  return to.CreateVector(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

template <class Enum>
bool is_known(std::uint8_t value, Enum first, Enum last) {
  return value >= static_cast<std::uint8_t>(first) && value <= static_cast<std::uint8_t>(last);
}

Offset<flatbuffers::Vector<Offset<fbs::Change>>> written(FlatBufferBuilder& to, const Changes& changes) {
  std::array<Offset<fbs::Change>, changes_max> at{};
  TOTE_INVARIANT(changes.size() <= at.size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change& change = changes[i];
    const auto text_at = optional_string(to, change.text);
    at[i] = fbs::CreateChange(to, static_cast<std::uint8_t>(change.type), change.step,
                              static_cast<std::uint16_t>(change.code), change.at.ns, text_at);
  }
  return to.CreateVector(at.data(), changes.size());
}

bool read(const fbs::Change& from, Change& change) {
  const auto code = code_of(from.code());
  if (!code || from.step() >= steps_max || !is_known(from.type(), ChangeType::called, ChangeType::skipped))
    return false;
  change = {static_cast<ChangeType>(from.type()), from.step(), *code, {from.at_ns()}, std::string(view(from.text()))};
  return true;
}

Offset<fbs::Step> written(FlatBufferBuilder& to, const Progress& progress, std::size_t step) {
  const StepState& state = progress.steps[step];
  const auto result_at = optional_string(to, progress.result(step));
  const auto error_at = optional_string(to, progress.error(step));
  return fbs::CreateStep(to, static_cast<std::uint8_t>(state.status), static_cast<std::uint16_t>(state.code),
                         state.attempts, state.undo_attempts, result_at, error_at);
}

bool read(const fbs::Step& from, std::size_t step, Progress& progress) {
  const auto code = code_of(from.code());
  if (!code || !is_known(from.status(), StepStatus::pending, StepStatus::skipped)) return false;
  progress.steps[step] = {static_cast<StepStatus>(from.status()), *code, from.attempts(), from.undo_attempts()};
  if (from.result() != nullptr || from.error() != nullptr)
    progress.notes.push_back(
        {static_cast<std::uint8_t>(step), std::string(view(from.result())), std::string(view(from.error()))});
  return true;
}

}  // namespace

void encode_event(const EventBytes& event, const Changes& changes, std::string& out) {
  auto& to = builder<fbs::Event>();
  const auto changes_at = written(to, changes);
  const auto input_at = optional_bytes(to, event.input);
  const auto after_at = optional_bytes(to, event.after);
  to.Finish(fbs::CreateEvent(to, changes_at, input_at, static_cast<std::uint8_t>(event.steps_count),
                             event.started_at.ns, after_at));
  append(to, out);
}

bool decode_event(std::string_view bytes, EventBytes& event, Changes& changes) {
  const auto* from = verified<fbs::Event>(bytes, tables_max);
  if (from == nullptr || from->changes() == nullptr || from->changes()->size() > changes_max) return false;
  event = {
      from->steps_count() != 0, view(from->input()), from->steps_count(), {from->started_at_ns()}, view(from->after())};
  changes.resize(from->changes()->size());
  for (std::size_t i = 0; i < changes.size(); ++i)
    if (!read(*from->changes()->Get(static_cast<flatbuffers::uoffset_t>(i)), changes[i])) return false;
  return true;
}

void encode_answer(std::string_view input, const Progress& progress, bool is_saga_view, std::string_view after,
                   std::string& out) {
  auto& to = builder<fbs::Event>();
  std::array<Offset<fbs::Step>, steps_max> at{};
  for (std::size_t i = 0; i < progress.steps_count; ++i) at[i] = written(to, progress, i);
  const auto steps_at = to.CreateVector(at.data(), progress.steps_count);
  const auto input_at = optional_bytes(to, input);
  const auto after_at = optional_bytes(to, after);
  to.Finish(fbs::CreateAnswer(to, input_at, static_cast<std::uint8_t>(progress.status),
                              static_cast<std::uint16_t>(progress.code), progress.started_at.ns, steps_at, is_saga_view,
                              after_at));
  append(to, out);
}

bool decode_answer(std::string_view bytes, AnswerBytes& answer) {
  const auto* from = verified<fbs::Answer>(bytes, tables_max);
  if (from == nullptr || from->steps() == nullptr || from->steps()->size() > steps_max) return false;
  const auto code = code_of(from->code());
  if (!code || !is_known(from->status(), Status::none, Status::stuck)) return false;
  answer = {view(from->input()), {}, from->is_saga_view(), view(from->after())};
  Progress& progress = answer.progress;
  progress.status = static_cast<Status>(from->status());
  progress.code = *code;
  progress.started_at = {from->started_at_ns()};
  progress.steps_count = static_cast<std::uint8_t>(from->steps()->size());
  for (std::size_t i = 0; i < progress.steps_count; ++i)
    if (!read(*from->steps()->Get(static_cast<flatbuffers::uoffset_t>(i)), i, progress)) return false;
  return true;
}

void append_digest(const Changes& changes, std::string& out) {
  for (const Change& change : changes) {
    out.append(1, static_cast<char>(change.type)).append(1, static_cast<char>(change.step));
    out.append(std::to_string(static_cast<std::uint16_t>(change.code))).append(1, ' ');
    out.append(std::to_string(change.at.ns)).append(1, ' ');
    out.append(std::to_string(change.text.size())).append(1, ' ').append(change.text);
  }
}

}  // namespace tote::saga
