// Finds the actor of every entity, and makes it or lets it go (DESIGN D9). It is the only one to send to entities, so
// no message can be lost between an actor's end and its next life.
#pragma once

#include <caf/event_based_actor.hpp>
#include <vector>

#include "engine/core.h"
#include "engine/messages.h"

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
  Slot* slot_for(Flight* flight);
  void send(Slot* slot);
  void activate(Slot* slot);
  void wake_due();
  void passivate_oldest();
  void passivate(Slot* slot);
  void take_back(Slot* slot, std::unique_ptr<AnyEntity> entity);

  Core& core_;
  std::vector<Slot*> touched_;  // slots with staged flights
  SlotQueue live_;  // the eviction hand takes from its front, and puts back what was used since (second chance)
};

}  // namespace tote
