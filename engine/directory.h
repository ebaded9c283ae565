// Finds the actor of every entity, and makes it or lets it go (DESIGN D9). It is the only one to send to entities, so
// no message can be lost between an actor's end and its next life.
#pragma once

#include <caf/event_based_actor.hpp>
#include <unordered_map>
#include <vector>

#include "engine/context.h"
#include "engine/live_entities.h"
#include "engine/messages.h"
#include "engine/transactions.h"

namespace tote {

class Directory final : public caf::event_based_actor {
 public:
  Directory(caf::actor_config& config, Context& context);

  const char* name() const override { return "tote.directory"; }

 protected:
  caf::behavior make_behavior() override;

 private:
  void hand_out(FlightList flights);
  void prefetch(const FlightList& flights);
  Slot* slot_for(Flight* flight);
  void stage(Slot* slot, Flight* flight);
  void send(Slot* slot);
  void send_all();
  void wake(Slot* slot);
  void woken(Slot* slot);
  void make_room();
  void make_room_in_memory();
  void fetched(Slot* slot);
  void go_on();
  void wake_due();
  void passivate(Slot* slot);
  void take_back(Slot* slot);
  void go_on_with(Slot* slot);
  // A transaction on its way through its entities; those that are through with one.
  void queue_up(Flight* flight);
  Flight* place_for(Flight* flight);
  void hold(Slot* slot, Flight* flight);
  void joined(Slot* slot);
  void run(Flight* flight);
  // A script has met an entity that is being fetched: it stays until the script is done.
  void wait_for(Slot* slot, Flight* flight);
  void let_go_of_met(const Flight* flight);
  void free(Slot* slot);
  void look_after_freed();
  void take_parked(Slot* slot);
  void rest(Slot* slot);

  Context& context_;
  Transactions transactions_;
  std::vector<Slot*> touched_;  // slots with staged flights
  std::vector<Slot*> freed_;    // slots that a transaction is through with
  std::vector<Slot*> met_;      // by the transaction that was run
  std::vector<EntityRef> refs_;
  LiveEntities live_;
  // Scripts that were run, and wait for an entity that they didn't name; whom they have met so.
  std::unordered_map<const Slot*, std::vector<Flight*>> waiting_for_;
  std::unordered_map<const Flight*, std::vector<Slot*>> kept_for_;
};

}  // namespace tote
