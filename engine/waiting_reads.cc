#include "engine/waiting_reads.h"

#include <limits>

namespace tote {

bool WaitingReads::add(Flight* flight) {
  const std::uint32_t tenant = flight->request.tenant.index;
  if (size() >= max_) return false;
  if (const auto found = by_tenant_.find(tenant); found != by_tenant_.end() && found->second >= per_tenant_max_)
    return false;
  ++by_tenant_[tenant];
  by_lsn_.emplace(flight->request.min_lsn, flight);
  by_end_.emplace(flight->deadline_ns, flight);
  by_asker_.emplace(flight->sink, flight->tag, flight);
  return true;
}

Flight* WaitingReads::take_ready(Lsn durable) {
  if (by_lsn_.empty()) return nullptr;
  ++looks_;
  return is_ready(durable) ? take(by_lsn_.begin()->second) : nullptr;
}

Flight* WaitingReads::take_over(std::int64_t now_ns) {
  if (by_end_.empty()) return nullptr;
  ++looks_;
  return first_end_ns() <= now_ns ? take(by_end_.begin()->second) : nullptr;
}

Flight* WaitingReads::take_of(const Sink& sink, std::uint64_t tag) {
  const auto found = by_asker_.lower_bound({&sink, tag, nullptr});
  if (found == by_asker_.end()) return nullptr;
  ++looks_;
  const auto& [asker, its_tag, flight] = *found;
  return asker == &sink && its_tag == tag ? take(flight) : nullptr;
}

Flight* WaitingReads::take_any() { return by_lsn_.empty() ? nullptr : take(by_lsn_.begin()->second); }

std::int64_t WaitingReads::first_end_ns() const {
  return by_end_.empty() ? std::numeric_limits<std::int64_t>::max() : by_end_.begin()->first;
}

Flight* WaitingReads::take(Flight* flight) {
  by_lsn_.erase({flight->request.min_lsn, flight});
  by_end_.erase({flight->deadline_ns, flight});
  by_asker_.erase({flight->sink, flight->tag, flight});
  const auto of_tenant = by_tenant_.find(flight->request.tenant.index);
  if (--of_tenant->second == 0) by_tenant_.erase(of_tenant);
  return flight;
}

}  // namespace tote
