// actors/saga/entity.h: the entity that every saga is, made of its plan. Its own events record each step.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "actors/saga/after.h"
#include "actors/saga/codec.h"
#include "actors/saga/describe.h"
#include "actors/saga/driver.h"
#include "engine/kernel/kind_of.h"
#include "engine/kernel/state_bytes.h"

namespace tote::saga {

// What a new saga has to say (saga.h shows one).
template <class P>
concept Plan = requires(const typename P::Input& seen, typename P::Input& input, std::string& out,
                        std::string_view bytes, Fields& fields) {
  { P::kind_id } -> std::convertible_to<KindId>;
  { P::kind } -> std::convertible_to<std::string_view>;
  { P::steps(seen) } -> std::convertible_to<std::span<const Step>>;  // 1 to steps_max, the same for equal inputs
  { P::encode(seen, out) } -> std::same_as<void>;                    // appends; equal inputs, equal bytes
  { P::decode(bytes, input) } -> std::same_as<bool>;
  { P::describe(seen, fields) } -> std::same_as<void>;
};
// Optional:
//   describe_answer(id, input, progress, fields)  where a client asks for more than the saga
//   told(change)                     what a change means to others, "order.confirmed"; empty: nothing
//   told_start                       the same of the start
//   describe_told(input, fields)     what they are told of it, unless that is describe()
//   tables(), rows(id, input, progress, out)         its tables (engine/kernel/table.h)
//   After                            what happens once it has ended (after.h): then describe_answer() and rows() are
//                                    given its state behind the progress

template <class E>
ScriptPtr advance_script(std::string_view id);
template <class E>
ScriptPtr report_script(std::string_view id, std::string_view effect, Reply reply);

template <class P>
struct SagaState {
  std::shared_ptr<const typename P::Input> input{};
  Progress progress{};

  bool exists() const { return progress.status != Status::none; }
  static constexpr void members(auto&& is) {
    is("input", &SagaState::input);
    is("progress", &SagaState::progress);
  }
};
template <HasAfter P>
struct SagaState<P> {
  std::shared_ptr<const typename P::Input> input{};
  Progress progress{};
  typename P::After::State after{};

  bool exists() const { return progress.status != Status::none; }
  static constexpr void members(auto&& is) {
    is("input", &SagaState::input);
    is("progress", &SagaState::progress);
    is("after", &SagaState::after);
  }
};

template <Plan P>
struct Saga {
  static constexpr KindId kind_id = P::kind_id;
  static constexpr std::string_view kind = P::kind;
  static constexpr bool remembers_refusals = true;  // one that failed at once is kept as compensated

  using Input = typename P::Input;
  using InputPtr = std::shared_ptr<const Input>;  // never changes: command, event and state share it

  using State = SagaState<P>;
  using After = typename AfterOf<P>::Type;

  struct Question {};  // seen as the saga that it is, instead of as what a client asked for

  // Commands: what a driver's run came to. Scripts give them (scripts.h), nobody else should.
  struct Start {
    InputPtr input;
    Changes changes{};
  };
  struct Record {
    Changes changes{};
  };
  using Command = std::variant<Start, Record, typename After::Command>;

  // The one event: the changes of one record, and of the first record the input. On disk by saga.fbs.
  struct Event {
    InputPtr input{};             // also of later ones that others are told of (told): each can be understood alone
    std::size_t steps_count = 0;  // 0: it goes on
    Time started_at{};
    Changes changes{};
    std::shared_ptr<const typename After::Event> after{};  // instead of changes

    bool is_start() const { return steps_count != 0; }
  };

  static Decision<Event> decide(const State& saga, const Command& command, Time now) {
    if (const auto* asked = std::get_if<typename After::Command>(&command)) return decide_after(saga, *asked, now);
    if (const auto* record = std::get_if<Record>(&command)) {
      if (!saga.exists()) return Refusal{Code::not_found};
      if (record->changes.empty()) return Decision<Event>(Code::ok);
      Event event{.changes = record->changes};
      if (std::any_of(event.changes.begin(), event.changes.end(), is_told)) event.input = saga.input;
      if (!fits(saga, event)) return Refusal{Code::invalid_request};
      return Decision<Event>(std::move(event));
    }
    const auto& begin = std::get<Start>(command);
    if (begin.input == nullptr) return Refusal{Code::invalid_request};
    const std::size_t steps_count = P::steps(*begin.input).size();
    if (!fits_start(saga.progress, steps_count)) return Refusal{Code::already_exists};
    Event event{begin.input, steps_count, now, begin.changes};
    if (!fits(saga, event)) return Refusal{Code::invalid_request};
    return Decision<Event>(std::move(event)).as(Code::created);
  }

  static void apply(State& saga, const Event& event) {
    if (event.is_start()) {
      saga.input = event.input;
      if constexpr (HasAfter<P>) saga.after = {};
      saga::start(saga.progress, event.steps_count, event.started_at);
    }
    for (const Change& change : event.changes) saga::apply(saga.progress, change);
    if constexpr (HasAfter<P>)
      if (event.after != nullptr) After::apply(saga.after, *event.after);
  }

  static bool check(const State& saga) { return saga.input != nullptr && saga::check(saga.progress); }

  static bool fits(const State& saga, const Event& event) {
    if (event.changes.size() > changes_max || (event.is_start() ? event.input == nullptr : !saga.exists()))
      return false;
    if (event.after != nullptr) return fits_after(saga, event);
    Progress progress = saga.progress;
    if (event.is_start()) {
      // A plan may get new steps at its end: sagas that are on their way keep the number they began with.
      if (event.steps_count > P::steps(*event.input).size()) return false;
      if (!fits_start(progress, event.steps_count)) return false;
      saga::start(progress, event.steps_count, event.started_at);
    }
    return std::all_of(event.changes.begin(), event.changes.end(), [&](const Change& change) {
      if (!saga::fits(progress, change)) return false;
      saga::apply(progress, change);
      return true;
    });
  }

  static Time next_due(const State& saga) { return saga::next_due(saga.progress); }
  static Event due(const State& saga) { return {.changes = {saga::due(saga.progress)}}; }

  // -- acting on its own (engine/kernel/effect.h)
  static ScriptPtr follow_up(const State& saga, std::string_view id) {
    const bool goes_on = wants_driver(saga.progress) || (saga.exists() && waits_in_vain(steps(saga), saga.progress));
    if (goes_on) return advance_script<Saga>(id);
    if constexpr (HasAfter<P>) return After::follow_up(id, saga.progress, saga.after);
    return nullptr;
  }
  static void effects(const State& saga, std::string_view id, Effects& out) {
    if (!saga.progress.is_calling) return;
    const auto table = steps(saga);
    const Step& step = table[*current(saga.progress)];
    const Action& action = is_undoing(saga.progress) ? step.compensate : step.forward;
    // A plan that has lost the call of a saga that is on its way: its call stays open, for a version that knows it.
    if (action.outside == nullptr) return;
    out.push_back({effect_id(table, saga.progress),
                   action.outside({kind, id, CommandRef::to(*saga.input), saga.progress, step.name})});
  }
  static std::string alert(const State& saga) {
    std::string text = saga.exists() ? alert_of(steps(saga), saga.progress) : std::string();
    if constexpr (HasAfter<P>)
      if (text.empty()) text = After::alert(saga.after);
    return text;
  }
  static ScriptPtr report(std::string_view id, std::string_view effect, CommandRef result) {
    return report_script<Saga>(id, effect, reply_of(result));
  }

  // -- bytes
  static void encode(const Event& event, std::string& out) {
    std::string& input = scratch();
    if (event.input != nullptr) P::encode(*event.input, input);
    std::string after;
    if constexpr (HasAfter<P>)
      if (event.after != nullptr) encode_state(*event.after, after);
    encode_event({event.is_start(), input, event.steps_count, event.started_at, after}, event.changes, out);
  }
  static bool decode(std::string_view from, Event& event) {
    EventBytes bytes;
    event = {};
    if (!decode_event(from, bytes, event.changes)) return false;
    if (!bytes.after.empty() && !decode_after(bytes.after, event)) return false;
    if (!bytes.is_start && bytes.input.empty()) return true;
    auto input = std::make_shared<Input>();
    if (!P::decode(bytes.input, *input)) return false;
    event.input = std::move(input);
    event.steps_count = bytes.steps_count;
    event.started_at = bytes.started_at;
    return true;
  }
  // The answer to a Record is the saga's view of it, which an operator wants to see.
  static void answer(const State& saga, const Command* command, std::string& out) {
    answer_as(saga, command != nullptr && std::holds_alternative<Record>(*command), out);
  }
  static void answer(const State& saga, const Question&, std::string& out) { answer_as(saga, true, out); }
  static void digest(const Command& command, std::string& out) {
    out.push_back(static_cast<char>(command.index()));
    if (const auto* begin = std::get_if<Start>(&command); begin != nullptr && begin->input != nullptr) {
      std::string& input = scratch();
      P::encode(*begin->input, input);
      out.append(std::to_string(input.size())).append(1, ':').append(input);
    }
    if constexpr (HasAfter<P>)
      if (const auto* asked = std::get_if<typename After::Command>(&command)) return encode_state(*asked, out);
    if (const auto* begin = std::get_if<Start>(&command)) append_digest(begin->changes, out);
    if (const auto* record = std::get_if<Record>(&command)) append_digest(record->changes, out);
  }

  // -- names for the edges
  static std::string_view name_of(const Event& event) {
    if constexpr (HasAfter<P>)
      if (event.after != nullptr) return After::name_of(*event.after);
    return event.is_start() ? "started" : "progressed";
  }
  static void describe_event(const Event& event, Fields& fields) {
    if constexpr (HasAfter<P>)
      if (event.after != nullptr) return After::describe(*event.after, fields);
    if (event.input != nullptr) P::describe(*event.input, fields);
    describe_changes(steps_of(event), event.changes, fields);
  }
  static bool describe_answer(std::string_view id, std::string_view bytes, Fields& fields) {
    AnswerBytes seen;
    Input input;
    if (!decode_answer(bytes, seen) || !P::decode(seen.input, input)) return false;
    const std::span<const Step> table = P::steps(input);
    if (seen.progress.steps_count > table.size()) return false;
    if constexpr (HasAfter<P>) {
      typename After::State after{};
      if (!seen.after.empty() && !decode_state(seen.after, after)) return false;
      if (!seen.is_saga_view) {
        P::describe_answer(id, input, seen.progress, after, fields);
        return true;
      }
    } else if constexpr (requires { P::describe_answer(id, input, seen.progress, fields); }) {
      if (!seen.is_saga_view) {
        P::describe_answer(id, input, seen.progress, fields);
        return true;
      }
    }
    describe_view(kind, id, table, seen.progress, fields);
    return true;
  }

  // -- what it says to the world
  static void tell(std::string_view, const Event& event, Fields& fields) {
    if constexpr (HasAfter<P>)
      if (event.after != nullptr) return tell_after(*event.after, fields);
    if constexpr (requires { P::told_start; })
      if (event.is_start()) tell_as(P::told_start, event, fields);
    for (const Change& change : event.changes)
      if (const std::string_view type = told(change); !type.empty()) tell_as(type, event, fields);
  }
  static std::span<const Table> tables() {
    if constexpr (requires { P::tables(); }) return P::tables();
    return {};
  }
  static void rows([[maybe_unused]] std::string_view id, [[maybe_unused]] const State& saga, std::span<const Event>,
                   [[maybe_unused]] RowWriter& out) {
    if constexpr (HasAfter<P>) {
      if (saga.input != nullptr) P::rows(id, *saga.input, saga.progress, saga.after, out);
    } else if constexpr (requires { P::tables(); }) {
      if (saga.input != nullptr) P::rows(id, *saga.input, saga.progress, out);
    }
  }

  static std::span<const Step> steps(const State& saga) { return P::steps(*saga.input); }

 private:
  static Decision<Event> decide_after([[maybe_unused]] const State& saga,
                                      [[maybe_unused]] const typename After::Command& asked,
                                      [[maybe_unused]] Time now) {
    if (!saga.exists()) return Refusal{Code::not_found};
    if constexpr (HasAfter<P>) {
      const auto decision = After::decide(*saga.input, saga.progress, saga.after, asked, now);
      if (decision.refused()) return Refusal{decision.code(), decision.facts(), decision.part()};
      if (decision.begin() == decision.end()) return Decision<Event>(decision.code());
      Event event{.after = std::make_shared<const typename After::Event>(*decision.begin())};
      return Decision<Event>(std::move(event)).as(decision.code());
    }
    return Refusal{Code::invalid_request};
  }
  static bool fits_after([[maybe_unused]] const State& saga, [[maybe_unused]] const Event& event) {
    if constexpr (HasAfter<P>)
      return saga.exists() && !event.is_start() && event.changes.empty() &&
             After::fits(*saga.input, saga.progress, saga.after, *event.after);
    return false;
  }
  static bool decode_after([[maybe_unused]] std::string_view bytes, [[maybe_unused]] Event& event) {
    if constexpr (HasAfter<P>) {
      auto after = std::make_shared<typename After::Event>();
      if (!decode_state(bytes, *after)) return false;
      event.after = std::move(after);
      return true;
    }
    return false;
  }
  template <class AfterEvent>
  static void tell_after(const AfterEvent& event, Fields& fields) {
    const std::string_view type = After::told(event);
    if (type.empty()) return;
    fields.begin(type);
    After::describe(event, fields);
    fields.end();
  }
  // The steps' names depend on the input, which not every event carries.
  static std::span<const Step> steps_of(const Event& event) {
    return event.input == nullptr ? std::span<const Step>() : P::steps(*event.input);
  }
  static std::string_view told(const Change& change) {
    if (change.type == ChangeType::stuck) return "saga.stuck";
    if constexpr (requires { P::told(change); }) return P::told(change);
    return {};
  }
  static bool is_told(const Change& change) { return !told(change).empty(); }
  static void tell_as(std::string_view type, const Event& event, Fields& fields) {
    fields.begin(type);
    if (event.input != nullptr) {
      if constexpr (requires { P::describe_told(*event.input, fields); })
        P::describe_told(*event.input, fields);
      else
        P::describe(*event.input, fields);
    }
    describe_changes(steps_of(event), event.changes, fields);
    fields.end();
  }
  static std::string& scratch() {
    thread_local std::string bytes;
    bytes.clear();
    return bytes;
  }
  static void answer_as(const State& saga, bool is_saga_view, std::string& out) {
    std::string& input = scratch();
    if (saga.input != nullptr) P::encode(*saga.input, input);
    std::string after;
    if constexpr (HasAfter<P>)
      if (!is_saga_view && !After::is_empty(saga.after)) encode_state(saga.after, after);
    encode_answer(input, saga.progress, is_saga_view, after, out);
  }
};

}  // namespace tote::saga
