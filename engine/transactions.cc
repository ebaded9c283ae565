#include "engine/transactions.h"

#include <algorithm>

#include "engine/answer_check.h"
#include "engine/kernel/name.h"
#include "engine/recorder.h"
#include "wal/limits.h"

namespace tote {

void LiveStaging::begin(Tenant tenant, Time now) {
  tenant_ = tenant;
  is_outdated_ = is_behind_ = false;
  Staging::begin(now);
}

Staging::Touched LiveStaging::find(EntityRef ref) {
  Slot* slot = context_.slots().find(tenant_, ref.kind, ref.id);
  if (slot == nullptr) {
    const Kind* kind = context_.kind(ref.kind);
    if (kind == nullptr || !is_valid_id(ref.id)) return {};
    slot = context_.tiers().home(tenant_, *kind, ref.id);
  }
  if (slot->entity == nullptr) fetch(*slot);
  if (slot->is_damaged) throw Damaged{};
  if (!is_answering_ && slot->entity->next_due() <= now()) {
    is_outdated_ = true;
    if (!catch_up(context_, *slot, context_.slice().catch_up)) is_behind_ = true;
  }
  return {{slot->kind->id(), slot->id}, slot->entity.get(), slot};
}

// A script whose answer looks further than what it has decided on can't be run again: this once the loop waits.
void LiveStaging::fetch(Slot& slot) {
  if (!is_answering_) throw Absent{&slot};
  const wal::Damage damage = context_.tiers().fetch_now(slot);
  if (!damage.is_none()) context_.options().on_failure("an answer can't be given: " + damage.detail);
}

bool Transactions::prepare(Flight* flight) {
  // The log must not name a kind that no reader knows.
  if (find_kind(context_.options().kinds, flight->request.kind) == nullptr)
    return context_.refuse(flight, Code::invalid_request), false;
  if (!flight->request.entity.empty() && !is_valid_id(flight->request.entity))
    return context_.refuse(flight, Code::invalid_id), false;
  refs_.clear();
  try {
    flight->script()->entities(refs_);
  } catch (...) {
    return context_.fail(flight, text_of_exception()), false;
  }
  std::sort(refs_.begin(), refs_.end());
  refs_.erase(std::unique(refs_.begin(), refs_.end()), refs_.end());
  for (const EntityRef& ref : refs_) {
    const Kind* kind = context_.kind(ref.kind);
    if (kind == nullptr) return context_.refuse(flight, Code::invalid_request), false;
    if (!is_valid_id(ref.id)) return context_.refuse(flight, Code::invalid_id), false;
  }
  return find_all(flight) || (context_.refuse(flight, Code::overloaded), false);
}

// False: too many are being fetched. The engine's own scripts finish what was promised.
bool Transactions::find_all(Flight* flight) {
  const Tenant tenant = flight->request.tenant;
  const auto is_away = [&](const EntityRef& ref) {
    return context_.slots().find(tenant, ref.kind, ref.id) == nullptr &&
           context_.tiers().may_rest(tenant, *context_.kind(ref.kind), ref.id);
  };
  if (context_.tiers().resting() > 0 && flight->purpose != Flight::Purpose::follow_up) {
    const auto away = static_cast<std::size_t>(std::count_if(refs_.begin(), refs_.end(), is_away));
    if (away > 0 && !context_.tiers().may_fetch(tenant, away)) return false;
  }
  for (const EntityRef& ref : refs_) {
    Slot* slot = context_.tiers().home(tenant, *context_.kind(ref.kind), ref.id);
    slot->queue.await();
    flight->visits.push_back(slot);
  }
  return true;
}

Transactions::Ran Transactions::run(Flight* flight, std::vector<Slot*>& met) {
  met.insert(met.end(), flight->visits.begin(), flight->visits.end());
  flight->outcome.kind = flight->request.kind;
  flight->outcome.entity = flight->request.entity;
  const Ran ran = refuse(flight) ? Ran::done : execute(flight);
  staging_.forget([&](const Staging::Touched& one) {
    auto* slot = static_cast<Slot*>(one.keeper);
    if (slot->queue.holder() != flight) met.push_back(slot);
  });
  return ran;
}

bool Transactions::refuse(Flight* flight) {
  const auto is_damaged = [](const Slot* slot) { return slot->is_damaged; };
  Code code = why_not(context_, *flight);
  if (code == Code::ok && std::any_of(flight->visits.begin(), flight->visits.end(), is_damaged))
    code = Code::log_damaged;
  if (code != Code::ok) context_.refuse(flight, code);
  return code != Code::ok;
}

Transactions::Ran Transactions::execute(Flight* flight) {
  std::string defect;
  std::optional<Verdict> verdict;
  try {
    verdict = decide(flight);
    if (!verdict) return Ran::behind;
    defect = problem_of(context_, verdict->code, verdict->facts);
  } catch (const LiveStaging::Absent& absent) {
    missing_ = absent.slot;
    return Ran::absent;
  } catch (const LiveStaging::Damaged&) {
    return context_.refuse(flight, Code::log_damaged), Ran::done;
  } catch (...) {
    defect = text_of_exception();
  }
  if (defect.empty())
    record(flight, *verdict);
  else
    context_.fail(flight, defect);
  return Ran::done;
}

// What its entities have to hear of others comes first, too: a seat isn't sold past somebody who can pay since a moment
// ago.
bool Transactions::catch_up_all(const Flight& flight) {
  return std::all_of(flight.visits.begin(), flight.visits.end(), [this](Slot* slot) {
    return catch_up(context_, *slot, context_.slice().catch_up) && (!slot->has_news || tell_news(context_, *slot));
  });
}

// What time has brought is recorded first, for every entity that is involved: then all of them are as of one instant.
std::optional<Verdict> Transactions::decide(Flight* flight) {
  for (;;) {
    if (!catch_up_all(*flight)) return std::nullopt;
    now_ = context_.clock().next();
    for (Slot* slot : flight->visits)
      if (slot->entity->next_due() <= now_) now_ = pass_time(context_, *slot);
    staging_.begin(flight->request.tenant, now_);
    Verdict verdict = decide_once(flight);
    if (!staging_.is_outdated()) return verdict;
    staging_.undo(0);
    if (staging_.is_behind()) return std::nullopt;
  }
}

// The addressed entity is looked at when there is a record to make: it must be in memory before.
Verdict Transactions::decide_once(Flight* flight) {
  Verdict verdict = is_expected(*flight) ? staging_.perform(*flight->script()) : Verdict{Code::version_mismatch};
  if (context_.kind(flight->request.kind) != nullptr) staging_.look({flight->request.kind, flight->request.entity});
  return verdict;
}

bool Transactions::is_expected(const Flight& flight) {
  const auto& expected = flight.request.expected_version;
  if (!expected) return true;
  const AnyEntity* entity = staging_.look({flight.request.kind, flight.request.entity});
  return *expected == (entity == nullptr ? Version{} : entity->version);
}

void Transactions::record(Flight* flight, const Verdict& verdict) {
  Outcome& outcome = flight->outcome;
  outcome.code = verdict.code;
  outcome.facts = verdict.facts;
  const EntityRef addressed{flight->request.kind, flight->request.entity};
  const AnyEntity* entity = context_.kind(addressed.kind) == nullptr ? nullptr : staging_.look(addressed);
  if (verdict.code == Code::version_mismatch)
    outcome.facts.add(
        {FactName::current_version, entity == nullptr ? 0 : static_cast<std::int64_t>(entity->version.value)});
  if (staging_.changes() > wal::limits::changes_max) return context_.refuse(flight, Code::invalid_request);
  if (!is_stored(verdict.code) && !staging_.changed()) return context_.refuse(flight, verdict.code);
  if (const std::size_t more = made(); more > 0 && !has_room(context_, *flight, more))
    return context_.refuse(flight, Code::quota_exceeded);
  if (!is_success(verdict.code) && !verdict.subject.empty()) verdict.subject.encode(outcome.answer);
  if (staging_.changed() || flight->is_keyed()) {
    commit(flight);
  } else {
    outcome.version = entity == nullptr ? Version{} : entity->version;
    outcome.lsn = newest_seen();
    if (is_success(verdict.code)) staging_.answer(*flight->script(), outcome.answer);
    context_.hold(flight, outcome.lsn);
  }
}

// So many entities are to be, that weren't.
std::size_t Transactions::made() const {
  const auto& touched = staging_.touched();
  return static_cast<std::size_t>(std::count_if(touched.begin(), touched.end(), [](const Staging::Touched& one) {
    return one.entity->version == Version{} && one.entity->staged() > 0 &&
           !static_cast<const Slot*>(one.keeper)->kind->is_one_of_tenant();
  }));
}

// From here on it has happened.
void Transactions::commit(Flight* flight) {
  events_.clear();
  changed_.clear();
  ends_.clear();
  staging_.commit(events_, [this](const Staging::Touched& one, std::size_t) {
    one.entity->version = one.entity->version.next();
    changed_.push_back(static_cast<Slot*>(one.keeper));
    ends_.push_back(events_.size());
  });
  Outcome& outcome = flight->outcome;
  if (is_success(outcome.code)) staging_.answer(*flight->script(), outcome.answer);
  const AnyEntity* addressed = staging_.look({flight->request.kind, flight->request.entity});
  outcome.version = addressed == nullptr ? Version{} : addressed->version;
  // The verifier would call the log damaged.
  TOTE_INVARIANT(!is_success(outcome.code) ||
                 problem_of_answer(*find_kind(context_.options().kinds, flight->request.kind), flight->request.entity,
                                   addressed, outcome.answer)
                     .empty());
  flight->time = now_;
  gather_changes();
  // What remains of a refusal that isn't stored is on record like what time brings: its key stays free, and the same
  // request may be executed later.
  outcome.lsn = append(context_, {.now = now_,
                                  .tenant = flight->request.tenant,
                                  .addressed = {flight->request.kind, flight->request.entity},
                                  .version = outcome.version,
                                  .changes = changes_,
                                  .changed = changed_,
                                  .answered = is_stored(outcome.code) ? flight : nullptr});
  for (Slot* slot : changed_) context_.timers().schedule(slot, slot->entity->next_due());
  context_.hold(flight, outcome.lsn);
}

// Of each changed entity its part of `events_`.
void Transactions::gather_changes() {
  changes_.clear();
  std::size_t from = 0;
  for (std::size_t i = 0; i < changed_.size(); ++i) {
    const Slot& slot = *changed_[i];
    changes_.push_back({slot.kind->id(), slot.id, slot.entity->version,
                        std::string_view(events_).substr(from, ends_[i] - from), slot.entity->lsn});
    from = ends_[i];
  }
}

// The state that was looked at is no newer than this.
Lsn Transactions::newest_seen() const {
  Lsn newest{};
  for (const auto& touched : staging_.touched()) newest = std::max(newest, touched.entity->lsn);
  return newest;
}

}  // namespace tote
