#include "engine/entity_actor.h"

#include <caf/behavior.hpp>
#include <caf/send.hpp>

namespace tote {
namespace {

// Bytes on their way into a record. Shared by all entities: they run one after the other on the loop thread.
struct Scratch {
  std::string events;
};

Scratch& scratch() {
  thread_local Scratch scratch;
  return scratch;
}

}  // namespace

EntityActor::EntityActor(caf::actor_config& config, Core& core, Slot& slot)
    : caf::event_based_actor(config), core_(core), slot_(slot), entity_(std::move(slot.dormant)) {}

caf::behavior EntityActor::make_behavior() {
  return {
      [this](const Arrived& arrived) { handle(arrived.flights); },
      [this](const TimePassed&) {
        core_.clock().sample();
        pass_time();
        core_.timers().schedule(&slot_, entity_->next_due());
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
  core_.timers().schedule(&slot_, entity_->next_due());
  if (entity_->version == Version{}) caf::anon_send(core_.directory(), Unused{&slot_});
}

// What only time has changed is recorded before anything else can be seen or decided: the returned time comes before
// the next change that time brings.
Time EntityActor::pass_time() {
  Time now = core_.clock().next();
  if (core_.options().read_only) return now;
  auto& events = scratch().events;
  while (entity_->next_due() <= now) {
    events.clear();
    entity_->pass_time(now, events);
    append(now, nullptr, true);
    ++core_.figures().timers_fired;
    now = core_.clock().next();
  }
  return now;
}

void EntityActor::execute(Flight* flight) {
  if (flight->deadline_ns != 0 && core_.clock().monotonic_ns() >= flight->deadline_ns)
    return core_.refuse(flight, Code::deadline_exceeded);
  const Time now = pass_time();
  flight->outcome.kind = flight->request.kind;
  flight->outcome.entity = flight->request.entity;
  if (flight->is_read()) return read(flight);
  if (core_.options().read_only) return core_.refuse(flight, Code::forbidden);
  if (core_.log().is_full()) return core_.refuse(flight, Code::log_full);
  if (!core_.log().has_room()) return core_.refuse(flight, Code::overloaded);
  change(flight, now);
}

void EntityActor::read(Flight* flight) {
  Outcome& outcome = flight->outcome;
  outcome.code = entity_->version == Version{} ? Code::not_found : Code::ok;
  if (outcome.code == Code::ok) entity_->answer({}, outcome.answer);
  outcome.version = entity_->version;
  outcome.lsn = entity_->lsn;
  core_.hold(flight, entity_->lsn);
}

void EntityActor::change(Flight* flight, Time now) {
  const auto& expected = flight->request.expected_version;
  if (expected && *expected != entity_->version) {
    const auto current = static_cast<std::int64_t>(entity_->version.value);
    return record(flight, now, {Code::version_mismatch, {{FactName::current_version, current}}});
  }
  auto& events = scratch().events;
  events.clear();
  record(flight, now, entity_->handle(flight->request.command, now, events, flight->outcome.answer));
}

void EntityActor::record(Flight* flight, Time now, const Step& step) {
  Outcome& outcome = flight->outcome;
  outcome.code = step.code;
  outcome.facts = step.facts;
  if (!is_stored(step.code)) return core_.refuse(flight, step.code);
  if (step.changed || flight->is_keyed()) {
    outcome.version = step.changed ? entity_->version.next() : entity_->version;
    flight->time = now;
    outcome.lsn = append(now, flight, step.changed);
    core_.hold(flight, outcome.lsn);
  } else {
    outcome.version = entity_->version;
    outcome.lsn = entity_->lsn;
    core_.hold(flight, entity_->lsn);
  }
}

Lsn EntityActor::append(Time now, const Flight* cause, bool changed) {
  if (changed) entity_->version = entity_->version.next();
  const wal::Change change{slot_.kind->id(), slot_.id, entity_->version, scratch().events};
  wal::Record record{.time = now,
                     .tenant = core_.tenant_name(slot_.tenant),
                     .kind = slot_.kind->id(),
                     .entity = slot_.id,
                     .version = entity_->version};
  if (changed) record.changes = {&change, 1};
  if (cause != nullptr) {
    record.code = cause->outcome.code;
    record.key = cause->request.key;
    record.fingerprint = cause->request.fingerprint;
    record.facts = cause->outcome.facts;
    record.answer = cause->outcome.answer;
  }
  const Lsn lsn = core_.log().append(record);
  if (changed) entity_->lsn = lsn;
  return lsn;
}

}  // namespace tote
