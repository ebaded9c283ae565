// What an entity wants done by others, told by its state (DESIGN D7, D8). Like next_due(), it is never stored beside
// the state: recovery asks every entity again.
//
//   follow_up(state, id)          a script that the engine runs by itself, right after the record that brought the
//                                 state; null when there is nothing to do. Its run must change the entity, or it must
//                                 stop asking.
//   effects(state, id, out)       outside calls that are due now. Each is started once its record is durable, and again
//                                 after a restart: a call is made at least once, always with the same id.
//   alert(state)                  what an operator must look at, in one sentence; empty when all is well
//   watches(state), hear(…)       optional: other entities whose changes it is told of, soon after each, and once when
//   it
//                                 begins to watch. What it makes of that is an event, or nothing.
//   report(id, effect id, result) the script that tells the entity what a call came to. Reports that come twice, or too
//                                 late, must change nothing.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/kernel/script.h"
#include "engine/kernel/watch.h"

namespace tote {

// One outside call. The id names it within its entity: another attempt is another id.
struct Effect {
  std::string id;
  Command call;  // for the worker, e.g. payment::Charge
};
using Effects = std::vector<Effect>;

// What E must offer to act on its own.
template <class E>
concept ActiveEntity = Entity<E> &&
    requires(const typename E::State& state, std::string_view id, CommandRef result, Effects& out) {
  { E::follow_up(state, id) } -> std::same_as<ScriptPtr>;
  { E::effects(state, id, out) } -> std::same_as<void>;
  { E::alert(state) } -> std::convertible_to<std::string_view>;
  { E::report(id, id, result) } -> std::same_as<ScriptPtr>;
};

// And to be told of what others have become.
template <class E>
concept WatchingEntity = ActiveEntity<E> &&
    requires(const typename E::State& state, EntityRef changed, const AnyEntity& is, Time now) {
  { E::watches(state) } -> std::same_as<const Watches&>;
  { E::hear(state, changed, is, now) } -> std::same_as<std::optional<typename E::Event>>;
};

}  // namespace tote
