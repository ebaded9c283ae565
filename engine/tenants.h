// Names of tenants and their handles. Any thread.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/request.h"

namespace tote {

class Tenants {
 public:
  Tenants();  // knows "default" as Tenant{0}

  // Made on first use; nothing when the name isn't an id or there are limits::tenants_max already.
  std::optional<Tenant> get(std::string_view name);
  // Whether get() gave it.
  bool knows(Tenant tenant) const { return tenant.index < count_.load(std::memory_order_acquire); }
  // A handle that get() gave; never moves, never freed.
  std::string_view name(Tenant tenant) const { return *names_[tenant.index]; }

 private:
  std::mutex mutex_;  // guards a table of names, no domain state
  std::map<std::string, Tenant, std::less<>> by_name_;
  std::vector<std::unique_ptr<std::string>> names_;  // reserved in full: reading a given handle needs no lock
  std::atomic<std::uint32_t> count_{0};
};

}  // namespace tote
