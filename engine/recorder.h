// What becomes a record, and how: one command of one entity, time passing for it, a transaction. Loop thread only.
#pragma once

#include <span>
#include <string>

#include "engine/context.h"
#include "engine/kernel/script.h"
#include "wal/record.h"

namespace tote {

// What one record tells.
struct Happened {
  Time now;
  Tenant tenant;
  EntityRef addressed;
  Version version;  // of the addressed entity, afterwards
  std::span<const wal::Change> changes;
  std::span<Slot* const> changed;  // their slots, in the same order; they have their new versions
  const Flight* answered;          // whose key and answer are recorded with it; null: nobody's
};

// From here on it has happened: who acts by itself will be asked what it wants, who watches has news.
Lsn append(Context& context, const Happened& what);

// What the engine itself has to say, as a command to one entity that nobody is at work on.
void record_by_itself(Context& context, Slot& slot, CommandRef command);

// Whether the tenant may have so many more entities; what finishes what was promised isn't held back.
bool has_room(const Context& context, const Flight& flight, std::uint64_t more);

// Why a change can't be decided now (deadline, full log, …), or Code::ok. Nothing was executed then.
Code why_not(Context& context, const Flight& flight);

// Records what time has brought to the entity, at most `budget` changes, which are taken off it. False: there is more,
// it must go on in another turn before the entity is asked anything.
bool catch_up(Context& context, Slot& slot, std::size_t& budget);

// What only time has changed is recorded before anything else can be seen or decided of the entity: the returned time
// comes before the next change that time brings.
Time pass_time(Context& context, Slot& slot);

// What the entity has to hear of others (engine/watching.h) is recorded as its own change. False: there is more.
bool tell_news(Context& context, Slot& slot);

// One command to one entity: decides, applies, records; the flight waits in the gate.
void change(Context& context, Slot& slot, Flight* flight, Time now);

// Why this answer must not be recorded, since no reader of the log would know what it says; empty when it may be.
std::string problem_of(const Context& context, Code code, const Facts& facts);

// What the exception that is being handled says.
std::string text_of_exception();

}  // namespace tote
