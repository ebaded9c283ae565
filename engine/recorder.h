// What becomes a record, and how: one command of one entity, time passing for it, a transaction. Loop thread only.
#pragma once

#include <string>
#include <vector>

#include "engine/core.h"

namespace tote {

// Why a change can't be decided now (deadline, full log, …), or Code::ok. Nothing was executed then.
Code why_not(Core& core, const Flight& flight);

// What only time has changed is recorded before anything else can be seen or decided of the entity: the returned time
// comes before the next change that time brings.
Time pass_time(Core& core, Slot& slot);

// One command to one entity: decides, applies, records; the flight waits in the gate.
void change(Core& core, Slot& slot, Flight* flight, Time now);

}  // namespace tote
