// The one shape of every entity: pure functions over a state (DESIGN D2).
//
//   decide(state, command, now) -> Decision   reads only; every "no" of the domain is said here
//   apply(state, event)                       cannot fail; the same code runs live and on replay
//   check(state)                              true after every apply, on in release builds
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/kernel/command.h"
#include "engine/kernel/decision.h"
#include "engine/kernel/fields.h"
#include "engine/kernel/time.h"

namespace tote {

using KindId = std::uint16_t;  // on disk: add, never renumber

// What E must offer beyond decide, apply and check:
//
//   fits(state, event)       false: this event can't have happened in this state (a log that isn't ours, a defect)
//   next_due(state)          when time alone changes the state next (a hold expires); Time::never() when it doesn't
//   due(state)               the event that happens then
//   encode, decode           one event to and from bytes (FlatBuffers, fields are only ever added); decode is false on
//                            bytes that aren't an event, and true on all that encode makes
//   answer(state, command)   the bytes that a reply is made from; command is null for a read
//   digest(command)          bytes that are equal exactly when two commands ask the same
//   describe_event, _answer  names and values; of an answer every field but version and LSN, its id first
//
// decide may throw: that is `internal_error`, and nothing has happened. None of the others may.
//
// Optional:
//
//   codes                    an array of CodeText: the refusals that are its own (code.h)
//   remembers_refusals       true: a script's refusal may change it (Transaction::if_refused)
//   follow_up, effects, …    what it does by itself (effect.h)
//   describe_saga
template <class E>
concept Entity = requires(typename E::State& state, const typename E::State& seen, const typename E::Command& command,
                          typename E::Event& event, const typename E::Event& happened, std::string& out,
                          std::string_view bytes, Time now, Fields& fields) {
  { E::kind_id } -> std::convertible_to<KindId>;
  { E::kind } -> std::convertible_to<std::string_view>;
  { E::decide(seen, command, now) } -> std::same_as<Decision<typename E::Event>>;
  { E::apply(state, happened) } -> std::same_as<void>;
  { E::check(seen) } -> std::same_as<bool>;
  { E::fits(seen, happened) } -> std::same_as<bool>;
  { E::next_due(seen) } -> std::same_as<Time>;
  { E::due(seen) } -> std::same_as<typename E::Event>;
  { E::encode(happened, out) } -> std::same_as<void>;
  { E::decode(bytes, event) } -> std::same_as<bool>;
  { E::answer(seen, &command, out) } -> std::same_as<void>;
  { E::digest(command, out) } -> std::same_as<void>;
  { E::name_of(happened) } -> std::convertible_to<std::string_view>;
  { E::describe_event(happened, fields) } -> std::same_as<void>;
  { E::describe_answer(bytes, bytes, fields) } -> std::same_as<bool>;
};

template <class E>
inline constexpr bool does_remember_refusals = false;
template <class E>
requires requires { E::remembers_refusals; }
inline constexpr bool does_remember_refusals<E> = E::remembers_refusals;

}  // namespace tote
