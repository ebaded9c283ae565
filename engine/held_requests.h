// What waits behind a key of its tenant that is being looked up on disk, that key's request first: so what comes from
// one tenant keeps its order, and nobody else waits. Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <unordered_map>

#include "engine/flight.h"

namespace tote {

class HeldRequests {
 public:
  struct Held {
    FlightList flights;
    std::size_t lookups = 0;  // so many of them are being looked up, or have been
    std::size_t unasked = 0;  // and so many wait until they may be
  };

  // Null: nothing waits.
  Held* of(Tenant tenant) {
    if (held_.empty()) return nullptr;
    const auto found = held_.find(tenant.index);
    return found == held_.end() ? nullptr : &found->second;
  }
  Held& behind(Tenant tenant) { return held_[tenant.index]; }
  // Those of whom `visit` leaves nothing are forgotten.
  template <class Visit>
  void each(const Visit& visit) {
    for (auto at = held_.begin(); at != held_.end();) {
      visit(at->second);
      at = at->second.flights.empty() ? held_.erase(at) : std::next(at);
    }
  }
  std::size_t tenants() const { return held_.size(); }

  // True: some of what is held waits only for the next turn.
  void go_on(bool has_more) { has_ready_ = has_more; }
  bool has_ready() const { return has_ready_; }

 private:
  std::unordered_map<std::uint32_t, Held> held_;  // by tenant
  bool has_ready_ = false;
};

}  // namespace tote
