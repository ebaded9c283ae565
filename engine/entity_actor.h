// One entity as a CAF actor: takes its requests one at a time, decides, applies, records, and goes on to the next
// without waiting for the disk (DESIGN D3).
#pragma once

#include <caf/event_based_actor.hpp>

#include "engine/context.h"
#include "engine/messages.h"

namespace tote {

class EntityActor final : public caf::event_based_actor {
 public:
  EntityActor(caf::actor_config& config, Context& context, Slot& slot);

  const char* name() const override { return "tote.entity"; }

 protected:
  caf::behavior make_behavior() override;

 private:
  void handle(FlightList flights);
  void go_on();
  void execute(Flight* flight);
  void read(Flight* flight);
  // One message is done, or as much of it as goes into this turn.
  void leave();
  void hand_back();

  Context& context_;
  Slot& slot_;
  AnyEntity& entity_;
  // Time has brought more than one turn takes: the requests wait, and their messages still count as pending.
  FlightList backlog_;
  std::uint32_t unfinished_ = 0;  // messages
  bool is_postponed_ = false;
  bool is_leaving_ = false;
};

}  // namespace tote
