// actors/saga/after.h: what may happen to the subject of a saga once the saga has ended, such as a refund of an order.
// It is the same entity: one version, one history. A plan that knows of such things says so (Plan::After):
//
//   struct State;                                                what is kept, with members(); anew with each start
//   struct Command;   struct Event;                              both with members()
//   static Decision<Event> decide(input, progress, state, command, now);    one event at most
//   static bool fits(input, progress, state, event);
//   static void apply(State&, event);
//   static bool is_empty(state);                                 nothing has happened: answers show nothing of it
//   static std::string_view name_of(event);
//   static std::string_view told(event);                         "order.refunded"; empty: nobody is told
//   static void describe(event, fields);
//   static ScriptPtr follow_up(id, progress, state);             null: nothing
//   static std::string alert(state);
#pragma once

#include "engine/kernel/members.h"

namespace tote::saga {

// Of a plan that has none.
struct NothingAfter {
  struct State {};
  struct Command {};
  struct Event {};
};

template <class P>
concept HasAfter = requires {
  typename P::After;
};

template <class P>
struct AfterOf {
  using Type = NothingAfter;
};
template <HasAfter P>
struct AfterOf<P> {
  using Type = typename P::After;
};

}  // namespace tote::saga
