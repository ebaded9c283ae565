#include "engine/world.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tote {
namespace {

std::string key_of(std::string_view tenant, KindId kind, std::string_view id) {
  std::string key(tenant);
  return key.append("/").append(std::to_string(kind)).append("/").append(id);
}

}  // namespace

std::string Contradiction::text() const {
  switch (cause) {
    case Cause::none: return {};
    case Cause::kind: return "is of a kind that this version of tote doesn't know";
    case Cause::version:
      return "goes from version " + std::to_string(was.value) + " to " + std::to_string(change->version.value);
    case Cause::prior:
      return "names LSN " + std::to_string(change->prior.value) + " as the change before its version " +
             std::to_string(change->version.value) + ", which was another";
    case Cause::events: return "has events that can't be applied or break an invariant";
  }
  return {};
}

std::string World::apply(Lsn lsn, const wal::Record& record) {
  const Lsn next = std::exchange(lsn_, lsn).next();
  if (lsn != next) return "the records from LSN " + std::to_string(next.value) + " on are missing";
  const auto found = replay(lsn, record, [&](const wal::Change& change) { return home_of(record.tenant, change); });
  if (found.is_none()) return {};
  return kind_name(kinds_, found.change->kind) + "/" + std::string(found.change->entity) + " " + found.text();
}

AnyEntity* World::home_of(std::string_view tenant, const wal::Change& change) {
  const auto* kind = find_kind(kinds_, change.kind);
  if (kind == nullptr) return nullptr;
  const auto [found, created] = inhabitants_.try_emplace(key_of(tenant, change.kind, change.entity));
  auto& inhabitant = found->second;
  if (created) inhabitant = {std::string(tenant), kind, std::string(change.entity), kind->make()};
  return inhabitant.entity.get();
}

const AnyEntity* World::find(std::string_view tenant, KindId kind, std::string_view id) const {
  const auto found = inhabitants_.find(key_of(tenant, kind, id));
  return found == inhabitants_.end() ? nullptr : found->second.entity.get();
}

std::vector<const Inhabitant*> World::sorted() const {
  std::vector<const Inhabitant*> all;
  all.reserve(inhabitants_.size());
  each([&](const Inhabitant& inhabitant) { all.push_back(&inhabitant); });
  std::ranges::sort(all, {}, [](const Inhabitant* one) {
    return std::tuple<std::string_view, std::string_view, std::string_view>(one->tenant, one->kind->name(), one->id);
  });
  return all;
}

}  // namespace tote
