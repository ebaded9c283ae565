#include "engine/recorder.h"

#include "engine/kernel/kinds.h"

namespace tote {
namespace {

// Bytes on their way into a record. Shared by all entities: they run one after the other on the loop thread.
std::string& scratch() {
  thread_local std::string events;
  events.clear();
  return events;
}

Lsn append(Core& core, Slot& slot, Time now, const Flight* cause, bool changed, std::string_view events) {
  AnyEntity& entity = *slot.entity;
  if (changed) entity.version = entity.version.next();
  const wal::Change change{slot.kind->id(), slot.id, entity.version, events};
  wal::Record record{.time = now,
                     .tenant = core.tenant_name(slot.tenant),
                     .kind = slot.kind->id(),
                     .entity = slot.id,
                     .version = entity.version};
  if (changed) record.changes = {&change, 1};
  if (cause != nullptr) {
    record.code = cause->outcome.code;
    record.key = cause->request.key;
    record.fingerprint = cause->request.fingerprint;
    record.facts = cause->outcome.facts;
    record.answer = cause->outcome.answer;
  }
  const Lsn lsn = core.log().append(record);
  if (changed) entity.lsn = lsn;
  if (changed && entity.version == Version{1}) entity.first_lsn = lsn;
  if (changed && slot.is_active) core.activity().changed(slot);
  if (changed && slot.is_watched) core.watching().changed(slot);
  return lsn;
}

void record_due(Core& core, Slot& slot, Time now) {
  auto& events = scratch();
  slot.entity->pass_time(now, events);
  append(core, slot, now, nullptr, true, events);
  ++core.figures().timers_fired;
}

void record(Core& core, Slot& slot, Flight* flight, Time now, const Step& step, std::string_view events) {
  Outcome& outcome = flight->outcome;
  outcome.code = step.code;
  outcome.facts = step.facts;
  if (!is_success(step.code)) {
    if (const auto problem = problem_of(core, step.code, step.facts); !problem.empty())
      return core.fail(flight, problem);
  }
  if (!is_stored(step.code)) return core.refuse(flight, step.code);
  if (!step.part.empty()) Subject{{}, step.part}.encode(outcome.answer);
  if (step.changed || flight->is_keyed()) {
    outcome.version = step.changed ? slot.entity->version.next() : slot.entity->version;
    flight->time = now;
    outcome.lsn = append(core, slot, now, flight, step.changed, events);
    core.hold(flight, outcome.lsn);
  } else {
    outcome.version = slot.entity->version;
    outcome.lsn = slot.entity->lsn;
    core.hold(flight, slot.entity->lsn);
  }
}

}  // namespace

Code why_not(Core& core, const Flight& flight) {
  if (flight.deadline_ns != 0 && core.clock().monotonic_ns() >= flight.deadline_ns) return Code::deadline_exceeded;
  if (flight.is_read()) return Code::ok;
  if (core.options().read_only) return Code::forbidden;
  // What the engine does by itself finishes what was promised, as timers do: it isn't held back.
  if (flight.purpose == Flight::Purpose::follow_up) return Code::ok;
  if (core.log().is_full()) return Code::log_full;
  return core.log().has_room() ? Code::ok : Code::overloaded;
}

bool catch_up(Core& core, Slot& slot, std::size_t& budget) {
  if (core.options().read_only) return true;
  while (slot.entity->next_due() <= core.clock().last()) {
    if (budget == 0) return false;
    --budget;
    record_due(core, slot, core.clock().next());
  }
  return true;
}

Time pass_time(Core& core, Slot& slot) {
  Time now = core.clock().next();
  if (core.options().read_only) return now;
  while (slot.entity->next_due() <= now) {
    record_due(core, slot, now);
    now = core.clock().next();
  }
  return now;
}

bool tell_news(Core& core, Slot& slot) {
  auto& events = scratch();
  const Time now = core.clock().next();
  const bool has_told_all = core.watching().tell(slot, now, events);
  if (!events.empty()) append(core, slot, now, nullptr, true, events);
  return has_told_all;
}

void change(Core& core, Slot& slot, Flight* flight, Time now) {
  const auto& expected = flight->request.expected_version;
  if (expected && *expected != slot.entity->version) {
    const auto current = static_cast<std::int64_t>(slot.entity->version.value);
    return record(core, slot, flight, now, {Code::version_mismatch, {{FactName::current_version, current}}}, {});
  }
  auto& events = scratch();
  Step step;
  try {
    step = slot.entity->handle(flight->request.command, now, events, flight->outcome.answer);
  } catch (...) {
    return core.fail(flight, text_of_exception());
  }
  record(core, slot, flight, now, step, events);
}

std::string problem_of(const Core& core, Code code, const Facts& facts) {
  if (!is_known(core.options().kinds, code))
    return "a code that no kind registers: " + std::to_string(static_cast<std::uint16_t>(code));
  for (const Fact& fact : facts)
    if (name_of(fact.name).empty())
      return "a fact without a name: " + std::to_string(static_cast<std::uint8_t>(fact.name));
  return {};
}

std::string text_of_exception() {
  try {
    throw;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception of an unknown type";
  }
}

}  // namespace tote
