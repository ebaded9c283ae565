#include "engine/state_loading.h"

#include "engine/kernel/money_books.h"
#include "engine/row_entity.h"
#include "engine/row_pages.h"
#include "wal/state_store.h"

namespace tote {
namespace {

std::string name_of_row(const Kind* kind, const wal::StateRow& row) {
  const std::string name = kind == nullptr ? "kind " + std::to_string(row.kind) : std::string(kind->name());
  return name + "/" + std::string(row.entity) + " of " + std::string(row.tenant);
}

// Row by row; those of one tenant, and of one kind, follow each other.
class Loading {
 public:
  explicit Loading(Context& context) : context_(context) {}

  bool take(const wal::StateRow& row) {
    const Kind* kind = context_.kind(row.kind);
    if (kind == nullptr) {
      loaded.is_unknown = true;
      return refuse(row, "an entity of the kind " + std::to_string(row.kind) +
                             ", which this program doesn't know: " + std::string(row.entity));
    }
    if (!tenant_ || row.tenant != context_.tenant_name(*tenant_)) tenant_ = context_.tenants().get(row.tenant);
    if (!tenant_) return refuse(row, "too many tenants, or a tenant's name that is not an id");
    SlotTable::name(slot_, *tenant_, *kind, row.entity);
    slot_.entity = kind->make();
    if (!take_row(*slot_.entity, row))
      return refuse(row, "the snapshot of " + name_of_row(kind, row) + " isn't a state of its kind");
    count(row);
    if (!context_.tiers().rests_at_start(slot_)) keep(*kind, row);
    return true;
  }

  LoadedStates loaded;

 private:
  bool refuse(const wal::StateRow& row, std::string sentence) {
    loaded.damage = {row.lsn, std::move(sentence)};
    return false;
  }

  void count(const wal::StateRow& row) {
    if (slot_.is_counted || row.kind == MoneyBooks::kind_id)
      context_.books().loaded(tenant_->index, *slot_.entity, row.kind);
    context_.population().add(slot_);
    ++loaded.rows;
    if (row.lsn <= loaded.newest) return;
    loaded.newest = row.lsn;
    loaded.newest_kind = slot_.kind;
    loaded.newest_tenant = row.tenant;
    loaded.newest_id = row.entity;
  }

  void keep(const Kind& kind, const wal::StateRow& row) {
    Slot* slot = context_.slots().insert(*tenant_, kind, row.entity, std::move(slot_.entity));
    slot->has_row = true;
    context_.slots().weigh(*slot, row.state.size());
  }

  Context& context_;
  std::optional<Tenant> tenant_;
  Slot slot_;  // of the row at hand: most of many stay at rest, and need none in the table
};

}  // namespace

std::string LoadedStates::newest_name() const {
  return std::string(newest_kind->name()) + "/" + newest_id + " of " + newest_tenant;
}

LoadedStates load_states(Context& context, const wal::StateStore& store) {
  Loading loading(context);
  const auto take = [&loading](const wal::StateRow& row) { return loading.take(row); };
  const wal::Damage damage = context.options().snapshot_thread ? RowPages(store).each(take) : store.each(take);
  if (loading.loaded.damage.is_none()) loading.loaded.damage = damage;
  return std::move(loading.loaded);
}

}  // namespace tote
