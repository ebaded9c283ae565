// An engine without its threads, put together: the context below its actors, their keys, the wheel above them; and
// recovery, which fills the first two before any actor exists. Loop thread only.
#pragma once

#include <string>

#include "engine/context.h"
#include "engine/keys.h"
#include "engine/wheel.h"

namespace tote {

class Core {
 public:
  Core(caf::actor_system& system, wal::Log& log, const ClockSource& clock, Tenants& tenants, CoreOptions options)
      : context_(system, log, clock, tenants, std::move(options)),
        keys_(tenants, log, context_.pages(), context_.options()),
        wheel_(context_, keys_) {}

  // Recovery, first: the keys on disk. Empty, or the damage.
  std::string load_keys() { return keys_.finished().load(); }
  // Recovery: what one record says, applied. False: the record contradicts the state (a version that doesn't follow).
  bool replay(Lsn lsn, const wal::Record& record, std::string& why);
  // After recovery.
  void start() { wheel_.start(); }

  Context& context() { return context_; }
  Keys& keys() { return keys_; }
  Wheel& wheel() { return wheel_; }

 private:
  AnyEntity* home_of(Tenant tenant, const wal::Change& change);  // null: nobody knows its kind

  Context context_;
  Keys keys_;
  Wheel wheel_;  // last: it lets go of the actors before what they stand on goes
};

}  // namespace tote
