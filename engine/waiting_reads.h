// Reads that wait until the log is durable up to an LSN (Request::min_lsn). Ordered by that LSN and by their end, and
// found by who asked, so that a turn of the loop touches only those that are due, however many wait. Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "engine/flight.h"

namespace tote {

class WaitingReads {
 public:
  // At most `max` of all tenants, `per_tenant_max` of one.
  WaitingReads(std::size_t max, std::size_t per_tenant_max) : max_(max), per_tenant_max_(per_tenant_max) {}

  // Waits for flight->request.min_lsn until flight->deadline_ns, which must be set. False: too many wait already.
  bool add(Flight* flight);

  // These take one out, null when there is none: what waits for no more than `durable`, what is over at `now_ns`
  // (monotonic), what this sink and tag asked for, any.
  Flight* take_ready(Lsn durable);
  Flight* take_over(std::int64_t now_ns);
  Flight* take_of(const Sink& sink, std::uint64_t tag);
  Flight* take_any();

  std::size_t size() const { return by_lsn_.size(); }
  bool is_ready(Lsn durable) const { return !by_lsn_.empty() && by_lsn_.begin()->first <= durable; }
  // When the first of them is over; the largest number when none waits.
  std::int64_t first_end_ns() const;
  // Waiting reads that were looked at, ever: what a turn costs.
  std::uint64_t looks() const { return looks_; }

 private:
  using Asker = std::tuple<const Sink*, std::uint64_t, Flight*>;

  Flight* take(Flight* flight);

  const std::size_t max_, per_tenant_max_;
  std::set<std::pair<Lsn, Flight*>> by_lsn_;
  std::set<std::pair<std::int64_t, Flight*>> by_end_;
  std::set<Asker> by_asker_;
  std::unordered_map<std::uint32_t, std::size_t> by_tenant_;  // how many
  std::uint64_t looks_ = 0;
};

}  // namespace tote
