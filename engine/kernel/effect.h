// What an entity wants done by others, told by its state. Like next_due(), it is never stored beside
// the state: recovery asks every entity again.
//
//   follow_up(state, id)          a script that the engine runs by itself, right after the record that brought the
//                                 state; null when there is nothing to do. Its run must change the entity, or it must
//                                 stop asking.
//   effects(state, id, out)       outside calls that are due now. Each is started once its record is durable, and again
//                                 after a restart: a call is made at least once, always with the same id.
//   alert(state)                  what an operator must look at, in one sentence; empty when all is well
//   report(id, effect id, result) the script that tells the entity what a call came to. Reports that come twice, or too
//                                 late, must change nothing. It comes together with effects().
//   watches(state), hear(…)       other entities whose changes it is told of, soon after each, and once when it begins to
//                                 watch. What it makes of that is an event, or nothing.
//
// A kind has those that it needs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/kernel/declares.h"
#include "engine/kernel/script.h"
#include "engine/kernel/watch.h"

namespace tote {

// One outside call. The id names it within its entity: another attempt is another id.
struct Effect {
  std::string id;
  Command call;  // for the worker, e.g. payment::Charge
};
using Effects = std::vector<Effect>;

// Acts on its own: it has one of these functions. Those that it leaves out want nothing.
template <class E>
concept ActiveEntity = Entity<E> &&
    (DeclaresFollowUp<E> || DeclaresEffects<E> || DeclaresAlert<E> || DeclaresWatches<E>);

// And is told of what others have become.
template <class E>
concept WatchingEntity = Entity<E> && DeclaresWatches<E>;

}  // namespace tote
