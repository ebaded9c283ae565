#include "engine/core.h"

#include "engine/world.h"

namespace tote {
namespace {

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

bool Core::replay(Lsn lsn, const wal::Record& record, std::string& why) {
  context_.set_recovered(lsn);
  const auto tenant = context_.tenants().get(record.tenant);
  if (!tenant) return why = "too many tenants, or a tenant's name that is not an id", false;
  const auto found = tote::replay(lsn, record, [&](const wal::Change& change) { return home_of(*tenant, change); });
  if (!found.is_none()) return why = sentence_of(found), false;
  if (!record.key.empty()) keys_.finished().replay(lsn, *tenant, record);
  return true;
}

AnyEntity* Core::home_of(Tenant tenant, const wal::Change& change) {
  Slot* slot = context_.slots().find(tenant, change.kind, change.entity);
  if (slot != nullptr) return slot->entity.get();
  const Kind* known = context_.kind(change.kind);
  return known == nullptr ? nullptr : context_.slots().insert(tenant, *known, change.entity)->entity.get();
}

}  // namespace tote
