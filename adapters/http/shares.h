// Something bounded that tenants share: connections, streams, requests in flight. A tenant may hold as much of it as
// would still be left for the others. So one that takes all it can comes to a half, two to a third each, and whoever
// comes next finds room; nothing is set aside for tenants that aren't there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tote::http {

// Loop thread only.
class Shares {
 public:
  Shares(std::uint64_t max, std::size_t tenants) : max_(max), used_by_(tenants) {}

  bool is_full(std::uint64_t count = 1) const { return used_ + count > max_; }
  // Whether the tenant may take so many more. Alone, it may have all of it.
  bool has_room(std::size_t tenant, std::uint64_t count = 1) const {
    if (is_full(count)) return false;
    return used_by_.size() == 1 || used_by_[tenant] + count <= max_ - used_ - count + 1;
  }
  // What a tenant can have while nobody else has anything.
  std::uint64_t most() const { return used_by_.size() == 1 ? max_ : (max_ + 1) / 2; }
  void take(std::size_t tenant, std::uint64_t count = 1) {
    used_by_[tenant] += count;
    used_ += count;
  }
  void give_back(std::size_t tenant, std::uint64_t count = 1) {
    used_by_[tenant] -= count;
    used_ -= count;
  }
  std::uint64_t used() const { return used_; }
  std::uint64_t used_by(std::size_t tenant) const { return used_by_[tenant]; }

 private:
  std::uint64_t max_;
  std::uint64_t used_ = 0;
  std::vector<std::uint64_t> used_by_;  // by tenant
};

}  // namespace tote::http
