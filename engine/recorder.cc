#include "engine/recorder.h"

#include "engine/kernel/kinds.h"
#include "engine/kernel/limits.h"

namespace tote {
namespace {

// Of one entity, by itself or for a request.
Lsn append(Context& context, Slot& slot, Time now, const Flight* cause, bool changed, std::string_view events) {
  AnyEntity& entity = *slot.entity;
  if (changed) entity.version = entity.version.next();
  const wal::Change change{slot.kind->id(), slot.id, entity.version, events, entity.lsn};
  Slot* const one = &slot;
  const std::size_t count = changed ? 1 : 0;
  return append(context, {.now = now,
                          .tenant = slot.tenant,
                          .addressed = {slot.kind->id(), slot.id},
                          .version = entity.version,
                          .changes = {&change, count},
                          .changed = {&one, count},
                          .answered = cause});
}

void record_due(Context& context, Slot& slot, Time now) {
  auto& events = context.scratch();
  slot.entity->pass_time(now, events);
  append(context, slot, now, nullptr, true, events);
  ++context.figures().timers_fired;
}

// Whether the command would make an entity beyond the tenant's limit; what is refused anyway is refused as ever.
bool is_one_too_many(Context& context, Slot& slot, const Flight& flight, Time now) {
  if (slot.kind->is_one_of_tenant() || has_room(context, flight, 1)) return false;
  try {
    const bool would_be = slot.entity->stage(flight.request.command, now).changed;
    slot.entity->unstage(0);
    return would_be;
  } catch (...) {
    return false;  // it will be thrown again, and told
  }
}

void record(Context& context, Slot& slot, Flight* flight, Time now, const Step& step, std::string_view events) {
  Outcome& outcome = flight->outcome;
  outcome.code = step.code;
  outcome.facts = step.facts;
  if (!is_success(step.code)) {
    if (const auto problem = problem_of(context, step.code, step.facts); !problem.empty())
      return context.fail(flight, problem);
  }
  if (!is_stored(step.code)) return context.refuse(flight, step.code);
  if (!step.part.empty()) Subject{{}, step.part}.encode(outcome.answer);
  if (step.changed || flight->is_keyed()) {
    outcome.version = step.changed ? slot.entity->version.next() : slot.entity->version;
    flight->time = now;
    outcome.lsn = append(context, slot, now, flight, step.changed, events);
    context.hold(flight, outcome.lsn);
  } else {
    outcome.version = slot.entity->version;
    outcome.lsn = slot.entity->lsn;
    context.hold(flight, slot.entity->lsn);
  }
}

}  // namespace

Lsn append(Context& context, const Happened& what) {
  wal::Record record{.time = what.now,
                     .tenant = context.tenant_name(what.tenant),
                     .kind = what.addressed.kind,
                     .entity = what.addressed.id,
                     .version = what.version,
                     .changes = what.changes};
  if (what.answered != nullptr) {
    record.code = what.answered->outcome.code;
    record.key = what.answered->request.key;
    record.fingerprint = what.answered->request.fingerprint;
    record.facts = what.answered->outcome.facts;
    record.answer = what.answered->outcome.answer;
    record.actor = std::string_view(what.answered->request.actor).substr(0, limits::actor_bytes_max);
    record.trace = what.answered->request.trace;
  }
  const Lsn lsn = context.log().append(record);
  if (!record.key.empty()) context.unsaved().finished_key(lsn);
  for (Slot* slot : what.changed) {
    slot->entity->lsn = lsn;
    slot->entity->recorded(lsn);
    if (slot->entity->version == Version{1}) {
      slot->entity->first_lsn = lsn;
      context.population().add(*slot);
      context.walks().made(slot->tenant, slot->kind->id(), slot->id, lsn);
    }
    context.unsaved().changed(*slot);
    if (slot->is_active) context.activity().changed(*slot);
    if (slot->is_watched) context.watching().changed(*slot);
    if (slot->is_counted) context.books().moved(slot->tenant.index, slot->entity->take_moved());
  }
  if (context.books().has_open()) context.books().settle();
  return lsn;
}

void record_by_itself(Context& context, Slot& slot, CommandRef command) {
  auto& events = context.scratch();
  std::string answer;
  const Time now = context.clock().next();
  const Step step = slot.entity->handle(command, now, events, answer);
  if (step.changed) append(context, slot, now, nullptr, true, events);
}

Code why_not(Context& context, const Flight& flight) {
  if (flight.deadline_ns != 0 && context.clock().monotonic_ns() >= flight.deadline_ns) return Code::deadline_exceeded;
  if (flight.is_read()) return Code::ok;
  if (context.is_passive()) return Code::forbidden;
  // What the engine does by itself finishes what was promised, as timers do: it isn't held back.
  if (flight.purpose == Flight::Purpose::follow_up) return Code::ok;
  if (context.is_shared() && !context.log().has_enough()) return Code::not_enough_replicas;
  if (context.log().is_full()) return Code::log_full;
  return context.log().has_room() ? Code::ok : Code::overloaded;
}

bool catch_up(Context& context, Slot& slot, std::size_t& budget) {
  if (context.is_passive()) return true;
  while (slot.entity->next_due() <= context.clock().last()) {
    if (budget == 0) return false;
    --budget;
    record_due(context, slot, context.clock().next());
  }
  return true;
}

Time pass_time(Context& context, Slot& slot) {
  Time now = context.clock().next();
  if (context.is_passive()) return now;
  while (slot.entity->next_due() <= now) {
    record_due(context, slot, now);
    now = context.clock().next();
  }
  return now;
}

bool tell_news(Context& context, Slot& slot) {
  auto& events = context.scratch();
  const Time now = context.clock().next();
  const bool has_told_all = context.watching().tell(slot, now, events);
  if (!events.empty()) append(context, slot, now, nullptr, true, events);
  return has_told_all;
}

bool has_room(const Context& context, const Flight& flight, std::uint64_t more) {
  const bool is_promised = flight.purpose == Flight::Purpose::follow_up || flight.request.is_promised;
  return is_promised || context.population().has_room(flight.request.tenant, more);
}

void change(Context& context, Slot& slot, Flight* flight, Time now) {
  const auto& expected = flight->request.expected_version;
  if (expected && *expected != slot.entity->version) {
    const auto current = static_cast<std::int64_t>(slot.entity->version.value);
    return record(context, slot, flight, now, {Code::version_mismatch, {{FactName::current_version, current}}}, {});
  }
  if (slot.entity->version == Version{} && is_one_too_many(context, slot, *flight, now))
    return context.refuse(flight, Code::quota_exceeded);
  auto& events = context.scratch();
  Step step;
  try {
    step = slot.entity->handle(flight->request.command, now, events, flight->outcome.answer);
  } catch (...) {
    return context.fail(flight, text_of_exception());
  }
  record(context, slot, flight, now, step, events);
}

std::string problem_of(const Context& context, Code code, const Facts& facts) {
  if (!is_known(context.options().kinds, code))
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
