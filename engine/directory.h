// Finds the actor of every entity, and makes it or lets it go (DESIGN D9). It is the only one to send to entities, so
// no message can be lost between an actor's end and its next life.
#pragma once

#include <caf/event_based_actor.hpp>
#include <vector>

#include "engine/core.h"
#include "engine/messages.h"
#include "engine/transactions.h"

namespace tote {

// Live slots, oldest first. Owns nothing.
class SlotQueue {
 public:
  void push(Slot* slot);
  void remove(Slot* slot);
  Slot* oldest() const { return oldest_; }
  std::size_t size() const { return size_; }

 private:
  Slot* oldest_ = nullptr;
  Slot* newest_ = nullptr;
  std::size_t size_ = 0;
};

class Directory final : public caf::event_based_actor {
 public:
  Directory(caf::actor_config& config, Core& core);

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
  void activate(Slot* slot);
  void go_on();
  void wake_due();
  bool passivate_oldest();
  void passivate(Slot* slot);
  void take_back(Slot* slot, std::unique_ptr<AnyEntity> entity);
  // A transaction on its way through its entities; those that are through with one.
  static bool is_parking(const Slot& slot) { return slot.leaving || slot.holder != nullptr || !slot.parked.empty(); }
  void queue_up(Flight* flight);
  Flight* place_for(Flight* flight);
  void hold(Slot* slot, Flight* flight);
  void joined(Slot* slot);
  void run(Flight* flight);
  void free(Slot* slot);
  void look_after_freed();
  void rest(Slot* slot);

  Core& core_;
  Transactions transactions_;
  std::vector<Slot*> touched_;  // slots with staged flights
  std::vector<Slot*> freed_;    // slots that a transaction is through with
  std::vector<Slot*> met_;      // by the transaction that was run
  std::vector<EntityRef> refs_;
  SlotQueue live_;  // the eviction hand takes from its front, and puts back what was used since (second chance)
};

}  // namespace tote
