// Every entity the engine knows: where its actor is, or its state while it has none. Loop thread only.
#pragma once

#include <caf/actor.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/flight.h"
#include "engine/hash_index.h"
#include "engine/kernel/any_entity.h"

namespace tote {

// What every request reads comes first and fits two cache lines: among many entities each line is a miss.
struct alignas(64) Slot {
  std::uint64_t hash = 0;
  const Kind* kind = nullptr;
  Tenant tenant{};
  std::uint32_t pending = 0;  // messages sent to the actor and not handled yet
  std::string id;
  bool leaving = false;     // was asked to hand its state back
  bool used = false;        // since the eviction hand last passed
  bool is_active = false;   // it acts on its own: its changes are looked at (engine/activity.h)
  bool asks = false;        // is in the list of those to be asked what they want done
  bool freed = false;       // is in the directory's list of slots to look after
  bool is_watched = false;  // others want to hear of its changes (engine/watching.h)
  bool has_news = false;    // what it watches has changed, and it wasn't told yet

  FlightList staged;                   // of the batch that is being handed out
  AnyEntity* entity = nullptr;         // wherever it lives
  std::unique_ptr<AnyEntity> dormant;  // set: no actor, this is its state
  caf::actor actor;                    // set: live
  Time timer{Time::never()};           // earliest entry of this slot in Timers
  Flight* holder = nullptr;            // the transaction that it holds still for
  FlightList parked;                   // arrived while the actor was on its way out, or behind `holder`

  std::uint32_t awaited = 0;  // by so many transactions that name it
  Slot* older = nullptr;      // in the queue of live slots
  Slot* newer = nullptr;
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
    slot->dormant = kind.make();
    slot->entity = slot->dormant.get();
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
