// How many entities each tenant has, wherever they are, and how many it may have. Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/slot_table.h"

namespace tote {

class Population {
 public:
  // An entity that is new, or that a start has found. The engine's own and those that a tenant has one of don't count.
  void add(const Slot& slot) {
    if (slot.kind->is_one_of_tenant()) return;
    ++of(slot.tenant).count;
  }
  // 0: no limit. Who has more already keeps them.
  void limit(Tenant tenant, std::uint64_t max) { of(tenant).max = max; }

  bool has_room(Tenant tenant, std::uint64_t more = 1) const {
    if (tenant.index >= tenants_.size()) return true;
    const OfTenant& one = tenants_[tenant.index];
    return one.max == 0 || one.count + more <= one.max;
  }
  std::uint64_t count(Tenant tenant) const { return tenant.index < tenants_.size() ? tenants_[tenant.index].count : 0; }

 private:
  struct OfTenant {
    std::uint64_t count = 0, max = 0;
  };
  OfTenant& of(Tenant tenant) {
    if (tenant.index >= tenants_.size()) tenants_.resize(tenant.index + 1);
    return tenants_[tenant.index];
  }

  std::vector<OfTenant> tenants_;  // by their index
};

}  // namespace tote
