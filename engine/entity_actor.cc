#include "engine/entity_actor.h"

#include <caf/behavior.hpp>
#include <caf/send.hpp>

#include "engine/recorder.h"

namespace tote {

EntityActor::EntityActor(caf::actor_config& config, Core& core, Slot& slot)
    : caf::event_based_actor(config), core_(core), slot_(slot), entity_(std::move(slot.dormant)) {}

caf::behavior EntityActor::make_behavior() {
  return {
      [this](const Arrived& arrived) { handle(arrived.flights); },
      [this](const TimePassed&) {
        core_.clock().sample();
        pass_time(core_, slot_);
        leave();
      },
      [this](const Passivate&) {
        caf::anon_send(core_.directory(), Passivated{&slot_, entity_.release()});
        quit();
      },
  };
}

void EntityActor::handle(FlightList flights) {
  core_.clock().sample();
  while (!flights.empty()) execute(flights.pop());
  if (entity_->version == Version{}) caf::anon_send(core_.directory(), Unused{&slot_});
  leave();
}

void EntityActor::leave() {
  core_.timers().schedule(&slot_, entity_->next_due());
  if (--slot_.pending == 0 && slot_.holder != nullptr) caf::anon_send(core_.directory(), Joined{&slot_});
}

void EntityActor::execute(Flight* flight) {
  if (const Code code = why_not(core_, *flight); code != Code::ok) return core_.refuse(flight, code);
  const Time now = pass_time(core_, slot_);
  flight->outcome.kind = flight->request.kind;
  flight->outcome.entity = flight->request.entity;
  if (flight->is_read()) return read(flight);
  change(core_, slot_, flight, now);
}

void EntityActor::read(Flight* flight) {
  Outcome& outcome = flight->outcome;
  outcome.code = entity_->version == Version{} ? Code::not_found : Code::ok;
  if (outcome.code == Code::ok) entity_->answer({}, outcome.answer);
  outcome.version = entity_->version;
  outcome.lsn = entity_->lsn;
  core_.hold(flight, entity_->lsn);
}

}  // namespace tote
