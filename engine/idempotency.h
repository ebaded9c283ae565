// Exactly one effect per idempotency key of a tenant (DESIGN D5). Every keyed request passes here twice: on its way in
// (Arrived) and, its outcome durable, on its way out (Settled). One whose key may be on disk waits until that is known,
// and with it, so that their order stays, what comes behind it from the same tenant.
#pragma once

#include <caf/event_based_actor.hpp>

#include "engine/core.h"
#include "engine/hash_index.h"
#include "engine/messages.h"

namespace tote {

class Idempotency final : public caf::event_based_actor {
 public:
  Idempotency(caf::actor_config& config, Core& core);

  const char* name() const override { return "tote.idempotency"; }

 protected:
  caf::behavior make_behavior() override;

 private:
  void arrive(FlightList flights);
  // These answer and return true, or return false and leave the flight to others.
  bool answer_at_once(Flight* flight);
  bool wait_for_disk(Flight* flight);
  bool refuse(Flight* flight, Code code);
  bool refuse_unknown(Flight* flight);
  bool replay(Flight* flight);
  void go_on();
  void judge(Flight* flight, FlightList& onward);
  void answer_stored(Flight* flight, const Outcome& stored, const Fingerprint& fingerprint);
  void settle(FlightList flights);
  void remember(const Flight& flight);
  static Flight* reversed(Flight* duplicates);
  void answer_duplicates(Flight* duplicates, const Outcome& first);
  // The first request of this key, on its way.
  Flight* find_in_flight(const Flight& flight) const;

  Core& core_;
  FinishedKeys& finished_;
  HashIndex<Flight> in_flight_;
};

// XXH3-128 over kind, entity, command and expected version, never zero. An unknown kind (null) is refused later.
Fingerprint fingerprint_of(const Request& request, const Kind* kind);

}  // namespace tote
