#include "engine/world.h"

#include <algorithm>
#include <tuple>

namespace tote {
namespace {

std::string key_of(std::string_view tenant, KindId kind, std::string_view id) {
  std::string key(tenant);
  return key.append("/").append(std::to_string(kind)).append("/").append(id);
}

}  // namespace

std::string World::apply(Lsn lsn, const wal::Record& record) {
  for (const auto& change : record.changes)
    if (auto problem = apply(lsn, record.tenant, change); !problem.empty())
      return kind_name(kinds_, change.kind) + "/" + std::string(change.entity) + " " + problem;
  return {};
}

std::string World::apply(Lsn lsn, std::string_view tenant, const wal::Change& change) {
  const auto* kind = find_kind(kinds_, change.kind);
  if (kind == nullptr) return "is of a kind that this version of tote doesn't know";
  const auto [found, created] = inhabitants_.try_emplace(key_of(tenant, change.kind, change.entity));
  auto& inhabitant = found->second;
  if (created) inhabitant = {std::string(tenant), kind, std::string(change.entity), kind->make()};
  auto& entity = *inhabitant.entity;
  if (change.version != entity.version.next())
    return "goes from version " + std::to_string(entity.version.value) + " to " + std::to_string(change.version.value);
  if (!entity.replay(change.events)) return "has events that can't be applied or break an invariant";
  entity.version = change.version;
  entity.lsn = lsn;
  return {};
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
