// Every entity the engine knows: where it lives, and who waits for it. Loop thread only.
#pragma once

#include <algorithm>
#include <caf/actor.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
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
  bool freed : 1 = false;       // is in the directory's list of slots to look after
  bool asks : 1 = false;        // is in the list of those to be asked what they want done
  bool used : 1 = false;        // since the eviction hand last passed
  bool is_active : 1 = false;   // it acts on its own: its changes are looked at (engine/activity.h)
  bool is_watched : 1 = false;  // others want to hear of its changes (engine/watching.h)
  bool has_news : 1 = false;    // what it watches has changed, and it wasn't told yet
  bool is_unsaved : 1 = false;  // it has changed since its row was written (engine/unsaved.h)
  bool has_row : 1 = false;     // in a snapshot, or on its way there
  bool is_damaged : 1 = false;  // its row can't be read: whoever asks is told so, and then it is forgotten
  bool is_leaving : 1 = false;  // for its row, once its actor has given it back (engine/tiers.h)
  bool is_counted : 1 = false;  // the books have what it has (engine/books.h)
  EntityQueue queue;
  std::unique_ptr<AnyEntity> entity;  // null: its state isn't in memory
  caf::actor actor;                   // live or passivating
  Time timer{Time::never()};          // earliest entry of this slot in Timers

  Slot* older = nullptr;  // among the live
  Slot* newer = nullptr;
  std::uint32_t place = 0;      // in SlotTable::at
  std::uint32_t bytes = 0;      // that it takes, as it is reckoned (SlotTable::weigh)
  std::uint32_t row_batch = 0;  // its newest row is on disk when this one is (engine/snapshot_batch.h)
  std::uint32_t offers = 0;     // entries of it among the calls that are to be offered (engine/activity.h)

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
  Slot* insert(Tenant tenant, const Kind& kind, std::string_view id) { return insert(tenant, kind, id, kind.make()); }
  // With its entity, or without: then it is to be fetched.
  Slot* insert(Tenant tenant, const Kind& kind, std::string_view id, std::unique_ptr<AnyEntity> entity) {
    auto* slot = new Slot;
    name(*slot, tenant, kind, id);
    slot->entity = std::move(entity);
    slot->place = static_cast<std::uint32_t>(all_.size());
    all_.push_back(slot);
    weigh(*slot, 0);
    index_.insert(slot);
    return slot;
  }

  // Whose slot it is; of one that isn't in the table, too.
  static void name(Slot& slot, Tenant tenant, const Kind& kind, std::string_view id) {
    slot.hash = hash(tenant, kind.id(), id);
    slot.tenant = tenant;
    slot.kind = &kind;
    slot.is_active = kind.is_active();
    slot.is_counted = kind.has_holdings();
    slot.id = id;
  }

  void erase(Slot* slot) {
    index_.erase(slot);
    all_[slot->place] = all_.back();
    all_[slot->place]->place = slot->place;
    all_.pop_back();
    bytes_ -= slot->bytes;
    delete slot;
  }

  // Its state takes so many bytes in its row. In memory that is about what is reckoned here, for any kind: what a slot
  // and the empty entity take, and so many times the state's bytes as a hold, a seat or a text take in a map's node.
  void weigh(Slot& slot, std::size_t state_bytes) {
    constexpr std::size_t slot_bytes = sizeof(Slot) + 80;  // with its places in the tables, and what malloc adds
    constexpr std::size_t plain_bytes = 24, times = 4;     // of a state without maps
    const std::size_t nodes = state_bytes > plain_bytes ? (state_bytes - plain_bytes) * times : 0;
    const std::size_t all =
        std::min<std::size_t>(slot_bytes + slot.kind->object_bytes() + slot.id.size() + nodes, UINT32_MAX);
    bytes_ += all - slot.bytes;
    slot.bytes = static_cast<std::uint32_t>(all);
  }
  // Of all of them, reckoned, without actors.
  std::size_t bytes() const { return bytes_; }
  // In no order; another one after an erase.
  Slot* at(std::size_t place) const { return all_[place]; }

  template <class Visit>
  void for_each(const Visit& visit) const {
    index_.for_each(visit);
  }

  // Some of them (hash_index.h).
  template <class Visit>
  std::optional<std::uint64_t> for_each_from(std::uint64_t cursor, const Visit& visit) const {
    return index_.for_each_from(cursor, visit);
  }

  std::size_t size() const { return index_.size(); }

 private:
  static std::uint64_t hash(Tenant tenant, KindId kind, std::string_view id) {
    return hash_of(id, (std::uint64_t{tenant.index} << 16) | kind);
  }

  HashIndex<Slot> index_;
  std::deque<Slot*> all_;  // grows without a stall
  std::size_t bytes_ = 0;
};

}  // namespace tote
