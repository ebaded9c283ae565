#include "engine/tenants.h"

#include "engine/kernel/name.h"

namespace tote {

Tenants::Tenants() {
  names_.reserve(limits::tenants_max);
  get("default");
}

std::optional<Tenant> Tenants::get(std::string_view name) {
  const std::lock_guard lock(mutex_);
  if (const auto found = by_name_.find(name); found != by_name_.end()) return found->second;
  if (!is_valid_id(name) || names_.size() == limits::tenants_max) return std::nullopt;
  const Tenant tenant{static_cast<std::uint32_t>(names_.size())};
  names_.push_back(std::make_unique<std::string>(name));
  by_name_.emplace(name, tenant);
  count_.store(tenant.index + 1, std::memory_order_release);
  return tenant;
}

}  // namespace tote
