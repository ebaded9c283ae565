#include "engine/directory.h"

#include <caf/behavior.hpp>
#include <caf/send.hpp>

#include "engine/entity_actor.h"
#include "engine/kernel/name.h"
#include "engine/recorder.h"

namespace tote {

Directory::Directory(caf::actor_config& config, Context& context)
    : caf::event_based_actor(config), context_(context), transactions_(context) {}

caf::behavior Directory::make_behavior() {
  return {
      [this](const Arrived& arrived) { hand_out(arrived.flights); },
      [this](const TimersDue&) {
        context_.clock().sample();
        go_on();
        wake_due();
      },
      [this](const Joined& arrived) {
        context_.clock().sample();
        joined(arrived.slot);
        look_after_freed();
        send_all();
      },
      [this](const Unused& unused) {
        Slot* slot = unused.slot;
        if (slot->residence.is(Residence::State::live) && slot->queue.holder() == nullptr) passivate(slot);
      },
      [this](const Fetched& arrived) { fetched(arrived.slot); },
      [this](const MakeRoom&) { make_room_in_memory(); },
      [this](const Passivated& back) { take_back(back.slot); },
  };
}

// One message per entity, however many of the batch's requests are for it; their order stays.
void Directory::hand_out(FlightList flights) {
  prefetch(flights);
  while (!flights.empty()) {
    Flight* flight = flights.pop();
    if (flight->script() != nullptr) {
      context_.clock().sample();
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
      context_.slots().prefetch(flight->request);
      continue;
    }
    refs_.clear();
    try {
      script->entities(refs_);
    } catch (...) {
      continue;  // prepare() meets it again, and refuses
    }
    for (const EntityRef& ref : refs_) context_.slots().prefetch(flight->request.tenant, ref.kind, ref.id);
  }
}

// Null: the flight was refused.
Slot* Directory::slot_for(Flight* flight) {
  const Request& request = flight->request;
  if (Slot* slot = context_.slots().find(request.tenant, request.kind, request.entity)) return slot;
  const Kind* kind = context_.kind(request.kind);
  if (kind == nullptr) return context_.refuse(flight, Code::invalid_request), nullptr;
  if (!is_valid_id(request.entity)) return context_.refuse(flight, Code::invalid_id), nullptr;
  Tiers& tiers = context_.tiers();
  if (tiers.may_rest(request.tenant, *kind, request.entity)) {
    if (tiers.may_fetch(request.tenant)) return tiers.fetch(request.tenant, *kind, request.entity);
    return context_.refuse(flight, Code::overloaded), nullptr;
  }
  // A read makes no slot: asking for what doesn't exist must not fill the memory.
  if (flight->is_read()) return context_.refuse(flight, Code::not_found), nullptr;
  if (tiers.is_full()) return context_.refuse(flight, Code::overloaded), nullptr;
  return context_.slots().insert(request.tenant, *kind, request.entity);
}

// Behind a transaction, or behind what waits for one, or for the slot's next life: parked, in order.
void Directory::stage(Slot* slot, Flight* flight) {
  if (slot->is_parking()) return slot->queue.park(flight);
  __builtin_prefetch(slot->entity.get());
  if (!slot->queue.has_staged()) touched_.push_back(slot);
  slot->queue.stage(flight);
}

void Directory::send(Slot* slot) {
  if (!slot->queue.has_staged()) return;
  slot->used = true;
  if (slot->residence.is(Residence::State::dormant)) wake(slot);
  if (slot->residence.is(Residence::State::activating)) return slot->queue.park_staged();
  slot->queue.sent();
  caf::anon_send(slot->actor, Arrived{slot->queue.take_staged()});
}

void Directory::send_all() {
  for (Slot* slot : touched_) send(slot);
  touched_.clear();
}

// An entity whose state is in memory is live at once; else whoever fetches it says so (Fetched).
void Directory::wake(Slot* slot) {
  slot->residence.wake();
  if (slot->entity != nullptr) woken(slot);
}

void Directory::woken(Slot* slot) {
  make_room();
  slot->actor = context_.system().spawn<EntityActor, caf::hidden + caf::lazy_init>(std::ref(context_), std::ref(*slot));
  slot->residence.woken();
  live_.add(slot);
  ++context_.figures().entities_live;
}

void Directory::make_room() {
  while (live_.size() >= context_.options().entities_live_max) {
    Slot* slot = live_.unused_longest();
    if (slot == nullptr) return;
    passivate(slot);
  }
}

// What has waited for this turn.
void Directory::go_on() {
  for (Slot* slot : context_.take_postponed_slots()) {
    slot->queue.sent();
    caf::anon_send(slot->actor, GoOn{});
  }
  FlightList transactions = context_.take_postponed();
  while (!transactions.empty()) run(transactions.pop());
  look_after_freed();
  send_all();
}

// Nobody has asked for these, and without messages on their way they hold still: what is due is recorded here. Whoever
// is at work on one records it there, and schedules it again.
void Directory::wake_due() {
  std::size_t& left = context_.slice().timers;
  while (left > 0 && context_.may_fire()) {
    Slot* slot = context_.timers().pop(context_.clock().last());
    if (slot == nullptr) return;
    if (slot->residence.is_on_its_way() || !slot->queue.is(EntityQueue::State::idle)) continue;
    catch_up(context_, *slot, left);
    context_.schedule(slot);
  }
}

// Requests sent to it before are handled before it hands its state back; those that come after are parked here.
void Directory::passivate(Slot* slot) {
  live_.remove(slot);
  slot->residence.let_go();
  caf::anon_send(slot->actor, Passivate{});
}

void Directory::take_back(Slot* slot) {
  slot->actor = nullptr;
  slot->residence.given_back();
  --context_.figures().entities_live;
  go_on_with(slot);
}

// It has arrived, and with it what was parked.
void Directory::go_on_with(Slot* slot) {
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
    send(slot);
    if (slot->is_parking())
      slot->queue.park(place_for(flight));
    else
      hold(slot, flight);
    if (is_last) return;
  }
  run(flight);  // it names no entity
}

Flight* Directory::place_for(Flight* flight) {
  Flight* place = context_.pool().take();
  place->purpose = Flight::Purpose::place;
  place->transaction = flight;
  return place;
}

// It has come to the front of this entity's queue.
void Directory::hold(Slot* slot, Flight* flight) {
  slot->used = true;
  slot->queue.hold(flight);
  if (slot->queue.is(EntityQueue::State::held)) joined(slot);  // else a message comes when it has settled
}

void Directory::joined(Slot* slot) {
  Flight* transaction = slot->queue.holder();
  if (--transaction->missing == 0) run(transaction);
}

void Directory::run(Flight* flight) {
  // The flight is the gate's afterwards, which may recycle it: its visits are looked at before.
  for (Slot* slot : flight->visits) slot->queue.await_no_more();
  met_.clear();
  const Transactions::Ran ran = transactions_.run(flight, met_);
  const bool is_done = ran == Transactions::Ran::done;
  if (!is_done)
    for (Slot* slot : flight->visits) slot->queue.await();
  if (ran == Transactions::Ran::behind) context_.postpone(flight);
  if (ran == Transactions::Ran::absent) wait_for(transactions_.missing(), flight);
  if (is_done) let_go_of_met(flight);
  for (Slot* slot : met_) {
    if (slot->queue.holder() == flight) {
      if (!is_done) continue;
      slot->queue.let_go();
    }
    free(slot);
  }
}

// It holds its own entities meanwhile. It doesn't queue up for this one, which others may hold who wait for those.
void Directory::wait_for(Slot* slot, Flight* flight) {
  slot->queue.await();
  waiting_for_[slot].push_back(flight);
  kept_for_[flight].push_back(slot);
}

void Directory::let_go_of_met(const Flight* flight) {
  if (kept_for_.empty()) return;
  auto kept = kept_for_.extract(flight);
  if (kept.empty()) return;
  for (Slot* slot : kept.mapped()) {
    slot->queue.await_no_more();
    free(slot);
  }
}

void Directory::fetched(Slot* slot) {
  context_.clock().sample();
  slot->residence.fetched();
  const auto waiting = waiting_for_.extract(slot);
  if (!waiting.empty())
    for (Flight* flight : waiting.mapped()) run(flight);
  go_on_with(slot);
}

// Whoever has an actor gives its state back first, and leaves then (rest). More leave in a turn than come back in one.
void Directory::make_room_in_memory() {
  constexpr std::size_t leave_max = 192;
  std::size_t looks = 1'024;
  for (std::size_t left = leave_max; left > 0 && context_.tiers().is_over(); --left) {
    Slot* slot = context_.tiers().next_unused(looks);
    if (slot == nullptr) return;
    if (slot->residence.is(Residence::State::dormant)) {
      context_.tiers().leave(slot);
    } else {
      slot->is_leaving = true;
      passivate(slot);
    }
  }
}

void Directory::free(Slot* slot) {
  if (slot->freed) return;
  slot->freed = true;
  freed_.push_back(slot);
}

// Whoever waited for these goes on, in order, up to the next transaction that finds the entity free.
void Directory::look_after_freed() {
  while (!freed_.empty()) {
    Slot* slot = freed_.back();
    freed_.pop_back();
    slot->freed = false;
    take_parked(slot);
    rest(slot);
  }
}

void Directory::take_parked(Slot* slot) {
  const auto is_free = [slot] { return slot->queue.holder() == nullptr && !slot->residence.is_on_its_way(); };
  while (slot->queue.has_parked() && is_free()) {
    if (slot->queue.first_parked()->purpose == Flight::Purpose::place) {
      send(slot);
      if (!is_free()) return;  // what was staged waits for its actor, this behind it
      Flight* place = slot->queue.take_parked();
      hold(slot, place->transaction);
      context_.pool().give_back(place);
      continue;
    }
    if (!slot->queue.has_staged()) touched_.push_back(slot);
    slot->queue.stage(slot->queue.take_parked());
  }
}

// Nothing is left to do for it.
void Directory::rest(Slot* slot) {
  if (slot->freed || slot->is_parking() || slot->queue.has_staged()) return;
  context_.schedule(slot);
  const bool leaves = slot->is_leaving && !slot->used && slot->residence.is(Residence::State::dormant);
  slot->is_leaving = false;
  if (leaves && context_.tiers().may_leave(*slot)) return context_.tiers().leave(slot);
  if (!slot->is_needless()) return;
  if (slot->residence.is(Residence::State::dormant))
    context_.slots().erase(slot);
  else
    passivate(slot);
}

}  // namespace tote
