// The one shape of every entity: pure functions over a state.
//
//   decide(state, command, now) -> Decision   reads only; every "no" of the domain is said here
//   apply(state, event)                       cannot fail; the same code runs live and on replay
//   check(state)                              true after every apply, on in release builds
//
// docs/entities.md writes one, step by step.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/kernel/command.h"
#include "engine/kernel/decision.h"
#include "engine/kernel/fields.h"
#include "engine/kernel/table.h"
#include "engine/kernel/time.h"

namespace tote {

class Books;       // audit.h
class Neighbours;  // audit.h

using KindId = std::uint16_t;  // on disk: add, never renumber

// A kind is a struct of static functions. It must have:
//
//   kind_id, kind            a number, from 1000 on, and a name of small letters, digits and _
//   State, Command, Event    plain types; a State made of nothing is that of an entity that doesn't exist. The latter two
//                            may be variants of structs
//   decide, apply            one for all commands and events, or one for each alternative of the variant
//
// What it may have; every default is right for any kind, or doesn't compile where it can't be (complete.h):
//
//   check(state)             else true
//   fits(state, event)       false: this event can't have happened in this state (a log that isn't ours, a defect);
//                            else true
//   next_due(state)          when time alone changes the state next (a hold expires); Time::never() when it doesn't;
//   due(state)               the event that happens then. Else time changes nothing
//   encode, decode           one event to and from bytes. decode is false on bytes that aren't an event, and true on all
//                            that encode makes and ever made. Else by its members (members.h): fields and alternatives
//                            may be added at the end
//   digest(command)          bytes that are equal exactly when two commands ask the same. Else by its members
//   answer(state, command)   the bytes that a reply is made from; command is null for a read. Else the state's members
//   describe_answer          that have a bound; names and values: every field but version and LSN, its id first
//   name_of(event)           what the event is called; else by `event_names`, one for each alternative of Event
//   describe_event           names and values; else its members
//   codes                    an array of CodeText: the refusals that are its own (code.h)
//   remembers_refusals       true: a script's refusal may change it (Transaction::if_refused)
//   is_one_of_tenant         true: a tenant has one, or a handful; no quota counts it
//   recorded(state, lsn)     the record of its last change; a part of the state may keep it. Else nobody does
//   follow_up, effects, …    what it does by itself (effect.h)
//   Question, summarize      what else may be asked of it (answer(state, question, out)); what a step of its history
//                            shows, unless that is the answer
//
// And what it says to the world, each unless the default is right; all readers of the log use these:
//
//   told_names               the types of the events that others are told ("hold.opened"), one for each alternative of
//                            Event; empty: they aren't told. Else the kind and the event's name: "wallet.credited"
//   tell(id, event, fields)  what others are told of an event, where that is more: begin(type), its fields, end()
//   tables, rows             its tables and what stands in them (table.h). Else it is in none
//   audit, books             what must be true at the end of a log (audit.h)
//   describe_figures         the whole numbers that a step of its history shows; else those of the answer
//
// decide may throw: that is `internal_error`, and nothing has happened. None of the others may. A function by one of
// these names whose parameters don't fit is an error of the compiler.
template <class E>
concept Entity = requires {
  { E::kind_id } -> std::convertible_to<KindId>;
  { E::kind } -> std::convertible_to<std::string_view>;
  typename E::State;
  typename E::Command;
  typename E::Event;
}
&&std::default_initializable<typename E::State>&& std::default_initializable<typename E::Event>;

template <class E>
inline constexpr bool does_remember_refusals = false;
template <class E>
requires requires { E::remembers_refusals; }
inline constexpr bool does_remember_refusals<E> = E::remembers_refusals;

template <class E>
inline constexpr bool is_kind_one_of_tenant = false;
template <class E>
requires requires { E::is_one_of_tenant; }
inline constexpr bool is_kind_one_of_tenant<E> = E::is_one_of_tenant;

}  // namespace tote
