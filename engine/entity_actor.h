// One entity as a CAF actor: takes its requests one at a time, decides, applies, records, and goes on to the next
// without waiting for the disk (DESIGN D3).
#pragma once

#include <caf/event_based_actor.hpp>
#include <memory>
#include <string>

#include "engine/core.h"
#include "engine/messages.h"

namespace tote {

class EntityActor final : public caf::event_based_actor {
 public:
  EntityActor(caf::actor_config& config, Core& core, Slot& slot);

  const char* name() const override { return "tote.entity"; }

 protected:
  caf::behavior make_behavior() override;

 private:
  void handle(FlightList flights);
  void execute(Flight* flight);
  void read(Flight* flight);
  // One message is done.
  void leave();

  Core& core_;
  Slot& slot_;
  std::unique_ptr<AnyEntity> entity_;
};

}  // namespace tote
