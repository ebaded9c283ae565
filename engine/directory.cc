#include "engine/directory.h"

#include <caf/behavior.hpp>
#include <caf/send.hpp>

#include "engine/entity_actor.h"
#include "engine/kernel/name.h"

namespace tote {

void SlotQueue::push(Slot* slot) {
  slot->older = newest_;
  slot->newer = nullptr;
  (newest_ == nullptr ? oldest_ : newest_->newer) = slot;
  newest_ = slot;
  ++size_;
}

void SlotQueue::remove(Slot* slot) {
  (slot->older == nullptr ? oldest_ : slot->older->newer) = slot->newer;
  (slot->newer == nullptr ? newest_ : slot->newer->older) = slot->older;
  --size_;
}

Directory::Directory(caf::actor_config& config, Core& core) : caf::event_based_actor(config), core_(core) {}

caf::behavior Directory::make_behavior() {
  return {
      [this](const Arrived& arrived) { hand_out(arrived.flights); },
      [this](const TimersDue&) { wake_due(); },
      [this](const Unused& unused) {
        if (!unused.slot->leaving) passivate(unused.slot);
      },
      [this](const Passivated& back) { take_back(back.slot, std::unique_ptr<AnyEntity>(back.entity)); },
  };
}

// One message per entity, however many of the batch's requests are for it; their order stays.
void Directory::hand_out(FlightList flights) {
  for (const Flight* flight = flights.front(); flight != nullptr; flight = flight->next)
    core_.slots().prefetch(flight->request);
  while (!flights.empty()) {
    Flight* flight = flights.pop();
    Slot* slot = slot_for(flight);
    if (slot == nullptr) continue;
    if (slot->staged.empty()) touched_.push_back(slot);
    slot->staged.push(flight);
  }
  for (Slot* slot : touched_) send(slot);
  touched_.clear();
}

// Null: the flight was refused.
Slot* Directory::slot_for(Flight* flight) {
  const Request& request = flight->request;
  if (Slot* slot = core_.slots().find(request.tenant, request.kind, request.entity)) return slot;
  const Kind* kind = core_.kind(request.kind);
  if (kind == nullptr) return core_.refuse(flight, Code::invalid_request), nullptr;
  if (!is_valid_id(request.entity)) return core_.refuse(flight, Code::invalid_id), nullptr;
  // A read makes no slot: asking for what doesn't exist must not fill the memory.
  if (flight->is_read()) return core_.refuse(flight, Code::not_found), nullptr;
  return core_.slots().insert(request.tenant, *kind, request.entity);
}

void Directory::send(Slot* slot) {
  slot->used = true;
  if (slot->leaving) {
    slot->parked.append(slot->staged);
    return;
  }
  if (slot->dormant != nullptr) activate(slot);
  caf::anon_send(slot->actor, Arrived{slot->staged.take()});
}

void Directory::activate(Slot* slot) {
  while (live_.size() > 0 && live_.size() >= core_.options().entities_live_max) passivate_oldest();
  slot->actor = core_.system().spawn<EntityActor, caf::hidden + caf::lazy_init>(std::ref(core_), std::ref(*slot));
  live_.push(slot);
  ++core_.figures().entities_live;
}

void Directory::wake_due() {
  while (Slot* slot = core_.timers().pop(core_.clock().last())) {
    if (slot->leaving) continue;  // take_back() schedules it again
    if (slot->dormant != nullptr) activate(slot);
    caf::anon_send(slot->actor, TimePassed{});
  }
}

// The slot that was unused longest, roughly: what was used since the hand last came by gets a second chance. After a
// few looks anyone goes: a search through millions would stall the loop.
void Directory::passivate_oldest() {
  constexpr int looks_max = 64;
  for (int looks = 0; live_.oldest()->used && looks < looks_max; ++looks) {
    Slot* slot = live_.oldest();
    slot->used = false;
    live_.remove(slot);
    live_.push(slot);
  }
  passivate(live_.oldest());
}

// Requests sent to it before are handled before it hands its state back; those that come after are parked here.
void Directory::passivate(Slot* slot) {
  live_.remove(slot);
  slot->leaving = true;
  caf::anon_send(slot->actor, Passivate{});
}

void Directory::take_back(Slot* slot, std::unique_ptr<AnyEntity> entity) {
  slot->dormant = std::move(entity);
  slot->actor = nullptr;
  slot->leaving = false;
  --core_.figures().entities_live;
  if (!slot->parked.empty()) {
    slot->staged.append(slot->parked);
    send(slot);
  } else if (slot->dormant->version == Version{}) {
    core_.slots().erase(slot);
  } else {
    core_.timers().schedule(slot, slot->dormant->next_due());
  }
}

}  // namespace tote
