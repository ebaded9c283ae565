#include "engine/core.h"

namespace tote {

bool Core::replay(Lsn lsn, const wal::Record& record, std::string& why) {
  context_.set_recovered(lsn);
  const auto tenant = context_.tenants().get(record.tenant);
  if (!tenant) return why = "too many tenants, or a tenant's name that is not an id", false;
  for (const wal::Change& change : record.changes)
    if (!replay_change(lsn, *tenant, change, why)) return false;
  if (!record.key.empty()) keys_.finished().replay(lsn, *tenant, record);
  return true;
}

bool Core::replay_change(Lsn lsn, Tenant tenant, const wal::Change& change, std::string& why) {
  const Kind* known = context_.kind(change.kind);
  if (known == nullptr)
    return why = "an entity kind that this program doesn't know: " + std::to_string(change.kind), false;
  Slot* slot = context_.slots().find(tenant, change.kind, change.entity);
  if (slot == nullptr) slot = context_.slots().insert(tenant, *known, change.entity);
  AnyEntity& entity = *slot->entity;
  if (change.version != entity.version.next())
    return why = "version " + std::to_string(change.version.value) + " of " + slot->id + " doesn't follow " +
                 std::to_string(entity.version.value),
           false;
  if (!entity.replay(change.events)) return why = "events of " + slot->id + " that can't be applied", false;
  entity.version = change.version;
  entity.lsn = lsn;
  if (entity.version == Version{1}) entity.first_lsn = lsn;
  return true;
}

}  // namespace tote
