// actors/saga/step.h: what a saga's steps are declared with. See saga.h for a whole one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "actors/saga/progress.h"
#include "engine/kernel/backoff.h"
#include "engine/kernel/command.h"
#include "engine/kernel/invariant.h"
#include "engine/kernel/script.h"

namespace tote::saga {

// What a step may know of its saga.
struct Context {
  std::string_view kind;
  std::string_view id;
  CommandRef input_ref;  // P::Input
  const Progress& progress;
  std::string_view step;  // its name

  template <class Input>
  const Input& input() const {
    const auto* found = input_ref.get<Input>();
    TOTE_INVARIANT(found != nullptr);
    return *found;
  }
  Time started_at() const { return progress.started_at; }
};

// "order:o1:1700000000000000000:charge": the same over all attempts of one run, another when the id is run again. For
// the provider's idempotency key.
std::string key_of(const Context& of);

// What is done for a step, or to undo it: nothing, something inside or something outside.
//  - inside: commands to entities of this engine, in the same record as the saga's own event. What it staged is undone
//    when it refuses.
//  - outside: a call for a worker (e.g. payment::Charge), made once the record is durable, at least once.
//  - awaited: nobody is called. It happens outside by itself, and somebody reports it (Driver::report), or its deadline
//    passes: then it has failed. Only forward.
struct Action {
  using Inside = Verdict (*)(Transaction& on, const Context& of);
  using Outside = Command (*)(const Context& of);

  Inside inside = nullptr;
  Outside outside = nullptr;
  bool is_awaited = false;
};
constexpr Action inside(Action::Inside run) { return {run, nullptr}; }
constexpr Action outside(Action::Outside call) { return {nullptr, call}; }
constexpr Action awaited() { return {nullptr, nullptr, true}; }
constexpr Action nothing() { return {}; }

// The waits between outside calls that get no answer.
inline constexpr Backoff backoff{100 * ns_per_ms, 60 * ns_per_s};

// Of outside calls that get no answer.
struct Retry {
  std::uint32_t attempts_max = 20;  // then it turns back; when undoing or clearing up: it is stuck
};

struct Step {
  std::string_view name;
  Action forward;
  Action compensate = nothing();
  Retry retry{};
  std::int64_t deadline_s = 0;  // of an outside forward action, from its first call; 0: none
};

// What a worker's result means for a step.
struct Reply {
  enum class Answer : std::uint8_t {
    done,         // `text`: what the outside named it
    refused,      // for good: `code`, `text`
    unreachable,  // it may have happened or not
  };
  Answer answer = Answer::unreachable;
  Code code = Code::ok;
  std::string text{};
};

// Reads a payment::Result, or a Reply as it is. Anything else says nothing: unreachable.
Reply reply_of(CommandRef result);

}  // namespace tote::saga
