// An engine without its threads, put together: the context below its actors, their keys, the wheel above them; and
// recovery, which fills the first two: from a snapshot, then from the records behind it. Loop thread only.
#pragma once

#include <span>
#include <string>

#include "engine/context.h"
#include "engine/keys.h"
#include "engine/snapshots.h"
#include "engine/state_loading.h"
#include "engine/wheel.h"

namespace tote {

struct Contradiction;

class Core {
 public:
  Core(caf::actor_system& system, wal::Log& log, const ClockSource& clock, Tenants& tenants, CoreOptions options)
      : context_(system, log, clock, tenants, std::move(options)),
        keys_(tenants, log, context_.pages(), context_.options()),
        snapshots_(context_, keys_.finished()),
        wheel_(context_, keys_, snapshots_) {}

  // Recovery, first: the keys on disk. Empty, or the damage.
  std::string load_keys() { return keys_.finished().load(); }
  // Then: the entities of the newest snapshot.
  LoadedStates load_states();
  // The first record that is still needed, for entities or for keys; every one from there on is to be replayed.
  Lsn replay_from();
  // These records are replayed next: the rows of entities at rest that they change are read together.
  void look_ahead(Lsn first, std::span<const wal::Record> records);
  // What one record says, applied, where nothing newer is known. False: the record contradicts the state (a version
  // that doesn't follow).
  bool replay(Lsn lsn, const wal::Record& record, std::string& why);
  // Another machine owns the log, and what it has recorded is replayed from now on, between turns of the wheel: reads
  // are answered as of the newest such record, rows and keys are written and leave memory as they always do.
  void stand_by();
  // False: what was replayed has made so much work for the disk that some of it is to be done first.
  bool may_replay() const;
  // When that was the last one: empty, or what the snapshot has that the log doesn't, or whose books are wrong.
  std::string check_end(Lsn last);
  // After recovery.
  void start();

  Context& context() { return context_; }
  Keys& keys() { return keys_; }
  Snapshots& snapshots() { return snapshots_; }
  Wheel& wheel() { return wheel_; }

 private:
  Slot* home_of(Tenant tenant, const wal::Change& change);  // null: nobody knows its kind, or damage_
  Contradiction replay(Lsn lsn, const wal::Change& change, Tenant tenant);

  Context context_;
  Keys keys_;
  Snapshots snapshots_;
  Wheel wheel_;  // last: it lets go of the actors before what they stand on goes

  wal::Snapshot snapshot_{};  // that recovery began with; LSN 0: with none
  LoadedStates loaded_;
  wal::Damage damage_{};  // of a row, met while records were replayed
};

}  // namespace tote
