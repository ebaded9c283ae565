// The idempotency keys of an engine, one unit: the finished ones, in memory and on disk, and the requests that wait for
// a look-up. It belongs to the idempotency actor (engine/idempotency.h), which nobody passes by; it is older than that
// actor only because recovery fills it. Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/core_options.h"
#include "engine/finished_keys.h"
#include "engine/held_requests.h"
#include "wal/log.h"

namespace tote {

class Keys {
 public:
  Keys(const Tenants& tenants, wal::Log& log, HugePages& pages, const CoreOptions& options)
      : finished_(tenants, log.keys(), pages,
                  {.retention_s = options.key_retention_s,
                   .in_memory_max = options.keys_in_memory_max,
                   .runs_max = options.key_runs_max,
                   .read_only = options.read_only,
                   .on_failure = options.on_failure,
                   .wake = options.wake,
                   .is_disk_full = [&log] { return log.is_full(); },
                   .has_disk_for = [&log](std::uint64_t bytes) { return log.has_disk_for(bytes); },
                   .on_damage = options.on_damage}) {}

  FinishedKeys& finished() { return finished_; }
  const FinishedKeys& finished() const { return finished_; }
  HeldRequests& held() { return held_; }

  // The idempotency actor has something to go on with, without a new request.
  bool wants_actor() const { return finished_.has_answers() || held_.has_ready(); }

 private:
  FinishedKeys finished_;
  HeldRequests held_;
};

}  // namespace tote
