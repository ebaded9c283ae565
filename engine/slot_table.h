// Every entity the engine knows: where it lives, and who waits for it. Loop thread only.
#pragma once

#include <caf/actor.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/entity_queue.h"
#include "engine/hash_index.h"
#include "engine/kernel/any_entity.h"
#include "engine/residence.h"

namespace tote {

// What every request reads comes first and fits two cache lines: among many entities each line is a miss.
struct alignas(64) Slot {
  std::uint64_t hash = 0;
  const Kind* kind = nullptr;
  std::string id;
  Tenant tenant{};
  Residence residence;
  bool freed = false;           // is in the directory's list of slots to look after
  bool asks = false;            // is in the list of those to be asked what they want done
  bool used : 1 = false;        // since the eviction hand last passed
  bool is_active : 1 = false;   // it acts on its own: its changes are looked at (engine/activity.h)
  bool is_watched : 1 = false;  // others want to hear of its changes (engine/watching.h)
  bool has_news : 1 = false;    // what it watches has changed, and it wasn't told yet
  bool is_unsaved : 1 = false;  // it has changed since its row was written (engine/unsaved.h)
  bool has_row : 1 = false;     // in a snapshot, or on its way there
  EntityQueue queue;
  std::unique_ptr<AnyEntity> entity;  // null: its state isn't in memory
  caf::actor actor;                   // live or passivating
  Time timer{Time::never()};          // earliest entry of this slot in Timers

  Slot* older = nullptr;  // among the live
  Slot* newer = nullptr;

  // What comes for it now has to wait, in order.
  bool is_parking() const { return residence.is_on_its_way() || queue.holder() != nullptr || queue.has_parked(); }
  // It was named and never made, and nobody is at work on it: forgetting it changes nothing.
  bool is_needless() const {
    return entity->version == Version{} && queue.is_empty() && !residence.is_on_its_way() && !is_watched && !freed &&
           !asks;
  }
};

class SlotTable {
 public:
  explicit SlotTable(HugePages& pages) : index_(pages) {}
  SlotTable(const SlotTable&) = delete;
  SlotTable& operator=(const SlotTable&) = delete;
  ~SlotTable() {
    index_.for_each([](Slot* slot) { delete slot; });
  }

  Slot* find(Tenant tenant, KindId kind, std::string_view id) const {
    return index_.find(hash(tenant, kind, id), [&](const Slot& slot) {
      return slot.tenant == tenant && slot.kind->id() == kind && slot.id == id;
    });
  }

  // Asks for the memory that find() of this request will read.
  [[gnu::always_inline]] void prefetch(const Request& request) const {
    prefetch(request.tenant, request.kind, request.entity);
  }
  [[gnu::always_inline]] void prefetch(Tenant tenant, KindId kind, std::string_view id) const {
    index_.prefetch(hash(tenant, kind, id));
  }

  // A new slot with a fresh, not yet created entity.
  Slot* insert(Tenant tenant, const Kind& kind, std::string_view id) {
    auto* slot = new Slot;
    slot->hash = hash(tenant, kind.id(), id);
    slot->tenant = tenant;
    slot->kind = &kind;
    slot->is_active = kind.is_active();
    slot->id = id;
    slot->entity = kind.make();
    index_.insert(slot);
    return slot;
  }

  void erase(Slot* slot) {
    index_.erase(slot);
    delete slot;
  }

  template <class Visit>
  void for_each(const Visit& visit) const {
    index_.for_each(visit);
  }

  std::size_t size() const { return index_.size(); }

 private:
  static std::uint64_t hash(Tenant tenant, KindId kind, std::string_view id) {
    return hash_of(id, (std::uint64_t{tenant.index} << 16) | kind);
  }

  HashIndex<Slot> index_;
};

}  // namespace tote
