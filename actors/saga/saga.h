// actors/saga/saga.h: the machinery that every saga shares: an entity whose own events record each step of
// work that can't be one transaction. A new saga is a plan, one small file:
//
//   struct TripPlan {
//     static constexpr KindId kind_id = 1'042;
//     static constexpr std::string_view kind = "trip";
//     struct Input { std::string seat, card; };
//     static std::span<const saga::Step> steps(const Input&) {
//       static constexpr saga::Step table[] = {
//           {"seat", saga::inside(take_seat), saga::inside(free_seat)},
//           {"charge", saga::outside(charge_card), saga::inside(refund), {.attempts_max = 20}, 600},
//       };
//       return table;
//     }
//     static void encode(const Input&, std::string& out);       // the input, as bytes of its own .fbs
//     static bool decode(std::string_view bytes, Input& input);
//     static void describe(const Input&, Fields&);
//   };
//   using Trip = saga::Saga<TripPlan>;   // a kind for the engine's list: kind_of<Trip>()
//
// A script starts it with saga::start<Trip>(on, id, input); all else comes by itself: steps inside the engine share a
// record with the event that says so, calls go out through effects and come back through report, timers retry and give
// up. Never remove or reorder the steps of a plan that has sagas on their way; add at the end.
#pragma once

#include "actors/saga/entity.h"
#include "actors/saga/scripts.h"
