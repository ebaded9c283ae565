#include "engine/core.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/kernel/money_books.h"
#include "engine/world.h"

namespace tote {
namespace {

bool says_books(const wal::Record& record) {
  return !record.changes.empty() && record.changes.front().kind == MoneyBooks::kind_id;
}

std::string sentence_of(const Contradiction& found) {
  const std::string id(found.change->entity);
  switch (found.cause) {
    case Contradiction::Cause::none: return {};
    case Contradiction::Cause::kind:
      return "an entity kind that this program doesn't know: " + std::to_string(found.change->kind);
    case Contradiction::Cause::version:
      return "version " + std::to_string(found.change->version.value) + " of " + id + " doesn't follow " +
             std::to_string(found.was.value);
    case Contradiction::Cause::prior:
      return "version " + std::to_string(found.change->version.value) + " of " + id +
             " names another change before it than there was";
    case Contradiction::Cause::events: return "events of " + id + " that can't be applied";
  }
  return {};
}

}  // namespace

LoadedStates Core::load_states() {
  const auto newest = context_.options().from_snapshot ? snapshots_.newest() : std::nullopt;
  const Lsn first = context_.log().first();
  if (newest) {
    snapshot_ = *newest;
    loaded_ = tote::load_states(context_, *context_.log().states());
    keys_.finished().begin_replay(snapshot_);
    context_.unsaved().set_keys(snapshot_.keys);
    if (loaded_.damage.is_none() && loaded_.rows < snapshot_.rows)
      loaded_.damage.detail = "the snapshot has lost entities: it has " + std::to_string(loaded_.rows) + " of " +
                              std::to_string(snapshot_.rows);
  }
  if (loaded_.damage.is_none() && first > snapshot_.lsn.next())
    loaded_.damage = {snapshot_.lsn.next(),
                      "the log begins at LSN " + std::to_string(first.value) + ", and no snapshot has what was before"};
  return loaded_;
}

Lsn Core::replay_from() {
  const Lsn needed = std::min(snapshot_.lsn.next(), keys_.finished().needed_from());
  return std::max(needed, context_.log().first());
}

void Core::look_ahead(Lsn first, std::span<const wal::Record> records) {
  if (context_.tiers().resting() == 0) return;
  std::vector<Slot*> resting;
  for (Lsn lsn = first; const wal::Record& record : records) {
    const Lsn at = std::exchange(lsn, lsn.next());
    const auto tenant = at > snapshot_.lsn ? context_.tenants().get(record.tenant) : std::nullopt;
    if (!tenant) continue;
    for (const wal::Change& change : record.changes) {
      const Kind* kind = context_.kind(change.kind);
      if (kind == nullptr || change.version <= Version{1}) continue;
      if (context_.slots().find(*tenant, change.kind, change.entity) != nullptr) continue;
      resting.push_back(context_.slots().insert(*tenant, *kind, change.entity, nullptr));
    }
  }
  context_.tiers().fetch_now(std::move(resting));
}

bool Core::replay(Lsn lsn, const wal::Record& record, std::string& why) {
  context_.set_recovered(std::max(lsn, snapshot_.lsn));
  const auto tenant = context_.tenants().get(record.tenant);
  if (!tenant) return why = "too many tenants, or a tenant's name that is not an id", false;
  if (lsn > snapshot_.lsn) {
    for (const wal::Change& change : record.changes)
      if (const auto found = replay(lsn, change, *tenant); !found.is_none())
        return why = damage_.is_none() ? sentence_of(found) : damage_.detail, false;
    context_.books().settle();
    if (!record.key.empty()) context_.unsaved().finished_key(lsn);
    if (says_books(record)) context_.books().said(tenant->index, {lsn, record.time, context_.unsaved().keys()});
  }
  if (!record.key.empty()) keys_.finished().replay(lsn, *tenant, record);
  return true;
}

// Where an entity's row is as new as the change, it has it already; then the two must agree.
Contradiction Core::replay(Lsn lsn, const wal::Change& change, Tenant tenant) {
  Slot* slot = home_of(tenant, change);
  if (slot == nullptr) return {Contradiction::Cause::kind, &change, {}};
  AnyEntity& entity = *slot->entity;
  if (lsn <= loaded_.newest && lsn <= entity.lsn && slot->has_row && !slot->is_unsaved) {
    const bool agrees = lsn == entity.lsn ? change.version == entity.version : change.version < entity.version;
    if (agrees) context_.books().replayed(lsn, change, *slot, true);
    return agrees ? Contradiction{} : Contradiction{Contradiction::Cause::version, &change, entity.version};
  }
  context_.unsaved().changed(*slot);
  const Contradiction found = tote::replay(entity, lsn, change);
  if (!found.is_none()) return found;
  context_.books().replayed(lsn, change, *slot, false);
  if (change.version == Version{1}) {
    context_.population().add(*slot);
    context_.walks().made(slot->tenant, slot->kind->id(), slot->id, lsn);
  }
  return found;
}

std::string Core::check_end(Lsn last) {
  if (loaded_.newest > last)
    return "the snapshot has " + loaded_.newest_name() + " as of LSN " + std::to_string(loaded_.newest.value) +
           ", which the log doesn't reach";
  const std::ptrdiff_t wrong = context_.books().close();
  if (wrong < 0) return {};
  return "the entities of " + std::string(context_.tenant_name({static_cast<std::uint32_t>(wrong)})) +
         " have another sum than its books: issued - destroyed isn't balances";
}

void Core::stand_by() {
  context_.set_passive(true);
  context_.set_recovered(std::max(snapshot_.lsn, context_.durable()));
  snapshots_.start(loaded_.rows);
  wheel_.stand_by();
}

// Where entities can't leave memory it is theirs, or a standing-by machine would never come to the end of the log.
bool Core::may_replay() const {
  return !keys_.finished().has_too_many() && !(context_.tiers().is_full() && snapshots_.has_round());
}

void Core::start() {
  const bool stood_by = context_.is_standing_by();
  context_.set_passive(context_.options().read_only);
  context_.tiers().start();
  if (!stood_by) snapshots_.start(loaded_.rows);
  wheel_.start();
}

Slot* Core::home_of(Tenant tenant, const wal::Change& change) {
  Slot* slot = context_.slots().find(tenant, change.kind, change.entity);
  if (slot != nullptr) slot->used = true;
  if (slot != nullptr && slot->entity != nullptr) return slot;
  const Kind* known = context_.kind(change.kind);
  if (known == nullptr) return nullptr;
  if (slot == nullptr && !context_.tiers().may_rest(tenant, *known, change.entity))
    return context_.slots().insert(tenant, *known, change.entity);
  // A reader may have asked for it a moment ago: it takes what is there when its answer comes.
  if (slot == nullptr) slot = context_.slots().insert(tenant, *known, change.entity, nullptr);
  damage_ = context_.tiers().fetch_now(*slot);
  return damage_.is_none() ? slot : nullptr;
}

}  // namespace tote
