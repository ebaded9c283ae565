#include "engine/directory.h"

#include <caf/behavior.hpp>
#include <caf/send.hpp>

#include "engine/entity_actor.h"
#include "engine/kernel/name.h"
#include "engine/recorder.h"

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

Directory::Directory(caf::actor_config& config, Core& core)
    : caf::event_based_actor(config), core_(core), transactions_(core) {}

caf::behavior Directory::make_behavior() {
  return {
      [this](const Arrived& arrived) { hand_out(arrived.flights); },
      [this](const TimersDue&) {
        core_.clock().sample();
        go_on();
        wake_due();
      },
      [this](const Joined& arrived) {
        core_.clock().sample();
        joined(arrived.slot);
        look_after_freed();
        send_all();
      },
      [this](const Unused& unused) {
        if (!unused.slot->leaving && unused.slot->holder == nullptr) passivate(unused.slot);
      },
      [this](const Passivated& back) { take_back(back.slot, std::unique_ptr<AnyEntity>(back.entity)); },
  };
}

// One message per entity, however many of the batch's requests are for it; their order stays.
void Directory::hand_out(FlightList flights) {
  prefetch(flights);
  while (!flights.empty()) {
    Flight* flight = flights.pop();
    if (flight->script() != nullptr) {
      core_.clock().sample();
      if (transactions_.prepare(flight)) queue_up(flight);
      look_after_freed();
    } else if (Slot* slot = slot_for(flight)) {
      stage(slot, flight);
    }
  }
  send_all();
}

void Directory::prefetch(const FlightList& flights) {
  for (const Flight* flight = flights.front(); flight != nullptr; flight = flight->next) {
    const Script* script = flight->script();
    if (script == nullptr) {
      core_.slots().prefetch(flight->request);
      continue;
    }
    refs_.clear();
    try {
      script->entities(refs_);
    } catch (...) {
      continue;  // prepare() meets it again, and refuses
    }
    for (const EntityRef& ref : refs_) core_.slots().prefetch(flight->request.tenant, ref.kind, ref.id);
  }
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

// Behind a transaction, or behind what waits for one, or for the slot's next life: parked, in order.
void Directory::stage(Slot* slot, Flight* flight) {
  if (is_parking(*slot)) return slot->parked.push(flight);
  __builtin_prefetch(slot->entity);
  if (slot->staged.empty()) touched_.push_back(slot);
  slot->staged.push(flight);
}

void Directory::send(Slot* slot) {
  if (slot->staged.empty()) return;
  slot->used = true;
  if (slot->dormant != nullptr) activate(slot);
  ++slot->pending;
  caf::anon_send(slot->actor, Arrived{slot->staged.take()});
}

void Directory::send_all() {
  for (Slot* slot : touched_) send(slot);
  touched_.clear();
}

void Directory::activate(Slot* slot) {
  while (live_.size() > 0 && live_.size() >= core_.options().entities_live_max && passivate_oldest()) {
  }
  slot->actor = core_.system().spawn<EntityActor, caf::hidden + caf::lazy_init>(std::ref(core_), std::ref(*slot));
  live_.push(slot);
  ++core_.figures().entities_live;
}

// What has waited for this turn.
void Directory::go_on() {
  for (Slot* slot : core_.take_postponed_slots()) {
    ++slot->pending;
    caf::anon_send(slot->actor, GoOn{});
  }
  FlightList transactions = core_.take_postponed();
  while (!transactions.empty()) run(transactions.pop());
  look_after_freed();
  send_all();
}

// Nobody has asked for these, and without messages on their way they hold still: what is due is recorded here. Whoever
// is at work on one records it there, and schedules it again.
void Directory::wake_due() {
  std::size_t& left = core_.slice().timers;
  while (left > 0 && core_.may_fire()) {
    Slot* slot = core_.timers().pop(core_.clock().last());
    if (slot == nullptr) return;
    if (slot->leaving || slot->holder != nullptr || slot->pending > 0) continue;
    catch_up(core_, *slot, left);
    core_.timers().schedule(slot, slot->entity->next_due());
  }
}

// The slot that was unused longest, roughly: what was used since the hand last came by gets a second chance. After a
// few looks anyone goes, but for those that hold still for a transaction: a search through millions would stall the
// loop. False: nobody went.
bool Directory::passivate_oldest() {
  constexpr int looks_max = 64;
  for (int looks = 0; looks < 2 * looks_max; ++looks) {
    Slot* slot = live_.oldest();
    const bool stays = slot->holder != nullptr || !slot->staged.empty() || (slot->used && looks < looks_max);
    if (!stays) return passivate(slot), true;
    slot->used = false;
    live_.remove(slot);
    live_.push(slot);
  }
  return false;
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
  free(slot);
  look_after_freed();
  send_all();
}

// Takes its place in the queues of all its entities at once: so they all see the same order of transactions, the order
// of their arrival, and none can wait in a circle.
void Directory::queue_up(Flight* flight) {
  flight->missing = flight->visits.size();
  // The last hold() may run it.
  for (std::size_t i = 0; i < flight->visits.size();) {
    Slot* slot = flight->visits[i++];
    const bool is_last = i == flight->visits.size();
    if (is_parking(*slot))
      slot->parked.push(place_for(flight));
    else
      hold(slot, flight);
    if (is_last) return;
  }
  run(flight);  // it names no entity
}

Flight* Directory::place_for(Flight* flight) {
  Flight* place = core_.pool().take();
  place->purpose = Flight::Purpose::place;
  place->duplicates = flight;
  return place;
}

// It has come to the front of this entity's queue.
void Directory::hold(Slot* slot, Flight* flight) {
  slot->holder = flight;
  send(slot);
  if (slot->pending == 0) joined(slot);  // else a message comes when it has done all of it
}

void Directory::joined(Slot* slot) {
  if (--slot->holder->missing == 0) run(slot->holder);
}

void Directory::run(Flight* flight) {
  // The flight is the gate's afterwards, which may recycle it: its visits are looked at before.
  for (Slot* slot : flight->visits) --slot->awaited;
  met_.clear();
  const bool is_done = transactions_.run(flight, met_);
  if (!is_done) {
    for (Slot* slot : flight->visits) ++slot->awaited;
    core_.postpone(flight);
  }
  for (Slot* slot : met_) {
    if (slot->holder == flight) {
      if (!is_done) continue;
      slot->holder = nullptr;
    }
    free(slot);
  }
}

void Directory::free(Slot* slot) {
  if (std::exchange(slot->freed, true)) return;
  freed_.push_back(slot);
}

// Whoever waited for these goes on, in order, up to the next transaction that finds the entity free.
void Directory::look_after_freed() {
  while (!freed_.empty()) {
    Slot* slot = freed_.back();
    freed_.pop_back();
    slot->freed = false;
    while (!slot->parked.empty() && slot->holder == nullptr && !slot->leaving) {
      Flight* flight = slot->parked.pop();
      if (flight->purpose == Flight::Purpose::place) {
        hold(slot, std::exchange(flight->duplicates, nullptr));
        core_.pool().give_back(flight);
        continue;
      }
      if (slot->staged.empty()) touched_.push_back(slot);
      slot->staged.push(flight);
    }
    rest(slot);
  }
}

// Nothing is left to do for it.
void Directory::rest(Slot* slot) {
  if (slot->freed || slot->leaving || slot->holder != nullptr || !slot->staged.empty()) return;
  core_.timers().schedule(slot, slot->entity->next_due());
  if (slot->entity->version != Version{} || slot->pending > 0 || slot->awaited > 0) return;
  if (slot->is_watched) return;
  if (slot->dormant != nullptr)
    core_.slots().erase(slot);
  else
    passivate(slot);
}

}  // namespace tote
