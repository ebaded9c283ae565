#include "engine/entity_actor.h"

#include <caf/behavior.hpp>
#include <caf/send.hpp>

#include "engine/recorder.h"

namespace tote {

EntityActor::EntityActor(caf::actor_config& config, Context& context, Slot& slot)
    : caf::event_based_actor(config), context_(context), slot_(slot), entity_(*slot.entity) {}

caf::behavior EntityActor::make_behavior() {
  return {
      [this](const Arrived& arrived) { handle(arrived.flights); },
      [this](const GoOn&) {
        is_postponed_ = false;
        go_on();
      },
      [this](const Passivate&) {
        is_leaving_ = true;
        if (backlog_.empty()) hand_back();
      },
  };
}

void EntityActor::handle(FlightList flights) {
  backlog_.append(flights);
  go_on();
}

void EntityActor::go_on() {
  context_.clock().sample();
  // Once a message: until the clock is read again it moves by nanoseconds only, and pass_time() looks at every request.
  if (catch_up(context_, slot_, context_.slice().catch_up))
    while (!backlog_.empty()) execute(backlog_.pop());
  leave();
}

void EntityActor::leave() {
  context_.schedule(&slot_);
  if (!backlog_.empty()) {
    ++unfinished_;
    if (!std::exchange(is_postponed_, true)) context_.postpone(&slot_);
    return;
  }
  if (entity_.version == Version{} && !is_leaving_) caf::anon_send(context_.directory(), Unused{&slot_});
  if (slot_.queue.done(1 + std::exchange(unfinished_, 0))) caf::anon_send(context_.directory(), Joined{&slot_});
  if (is_leaving_) hand_back();
}

void EntityActor::hand_back() {
  caf::anon_send(context_.directory(), Passivated{&slot_});
  quit();
}

void EntityActor::execute(Flight* flight) {
  if (slot_.is_damaged) return context_.refuse(flight, Code::log_damaged);
  if (const Code code = why_not(context_, *flight); code != Code::ok) return context_.refuse(flight, code);
  const Time now = pass_time(context_, slot_);
  flight->outcome.kind = flight->request.kind;
  flight->outcome.entity = flight->request.entity;
  if (flight->is_read()) return read(flight);
  change(context_, slot_, flight, now);
}

void EntityActor::read(Flight* flight) {
  Outcome& outcome = flight->outcome;
  outcome.code = entity_.version == Version{} ? Code::not_found : Code::ok;
  try {
    if (outcome.code == Code::ok) entity_.answer(flight->request.command, outcome.answer);
  } catch (...) {
    return context_.fail(flight, text_of_exception());
  }
  outcome.version = entity_.version;
  outcome.lsn = entity_.lsn;
  context_.hold(flight, entity_.lsn);
}

}  // namespace tote
