#include "engine/state_loading.h"

#include "engine/kernel/money_books.h"
#include "engine/row_entity.h"
#include "wal/state_store.h"

namespace tote {
namespace {

std::string name_of_row(const Kind* kind, const wal::StateRow& row) {
  const std::string name = kind == nullptr ? "kind " + std::to_string(row.kind) : std::string(kind->name());
  return name + "/" + std::string(row.entity) + " of " + std::string(row.tenant);
}

}  // namespace

LoadedStates load_states(Context& context, const wal::StateStore& store) {
  LoadedStates out;
  const auto refuse = [&out](const wal::StateRow& row, std::string sentence) {
    out.damage = {row.lsn, std::move(sentence)};
    return false;
  };
  const wal::Damage damage = store.each([&](const wal::StateRow& row) {
    const Kind* kind = context.kind(row.kind);
    if (kind == nullptr) {
      out.is_unknown = true;
      return refuse(row, "an entity of the kind " + std::to_string(row.kind) +
                             ", which this program doesn't know: " + std::string(row.entity));
    }
    const auto tenant = context.tenants().get(row.tenant);
    if (!tenant) return refuse(row, "too many tenants, or a tenant's name that is not an id");
    Slot* slot = context.slots().insert(*tenant, *kind, row.entity);
    AnyEntity& entity = *slot->entity;
    if (!take_row(entity, row))
      return refuse(row, "the snapshot of " + name_of_row(kind, row) + " isn't a state of its kind");
    slot->has_row = true;
    if (slot->is_counted || row.kind == MoneyBooks::kind_id) context.books().loaded(tenant->index, entity, row.kind);
    context.population().add(*slot);
    context.slots().weigh(*slot, row.state.size());
    ++out.rows;
    if (row.lsn > out.newest) {
      out.newest = row.lsn;
      out.newest_name = name_of_row(kind, row);
    }
    context.tiers().leaves_at_start(*slot);
    return true;
  });
  if (out.damage.is_none()) out.damage = damage;
  return out;
}

}  // namespace tote
