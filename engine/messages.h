// The messages between the engine's actors. They never leave the process, so they carry plain pointers (CAF's "unsafe"
// message types); FlatBuffers stays the only codec.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

#include "engine/flight.h"

namespace tote {

struct Slot;

struct Arrived {  // to the idempotency actor, the directory, an entity: requests to be handled, in order
  FlightList flights;
};
struct Settled {  // to the idempotency actor: keyed requests whose outcome is final and, where recorded, durable
  FlightList flights;
};
struct LookedUp {};   // to the idempotency actor: some keys have been looked up on disk
struct TimersDue {};  // to the directory: some slot's time has come, or something goes on from the last turn
struct GoOn {};       // to an entity: with the requests that it has kept since the last turn
struct Joined {       // to the directory: nothing more to do, the transaction that waits for this entity may go on
  Slot* slot;
};
struct Unused {  // to the directory: this entity was asked for and never created, let it go
  Slot* slot;
};
struct Fetched {  // to the directory: the state of this entity, which is activating, is in memory now
  Slot* slot;
};
struct MakeRoom {};   // to the directory: entities take more memory than they may
struct Passivate {};  // to an entity: give your state back
struct Passivated {   // to the directory: it doesn't touch it any more
  Slot* slot;
};

}  // namespace tote

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tote::Arrived)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tote::Settled)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tote::LookedUp)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tote::TimersDue)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tote::GoOn)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tote::Joined)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tote::Unused)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tote::Fetched)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tote::MakeRoom)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tote::Passivate)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tote::Passivated)
