// What the actors of one engine share: the log, the gate, the clock, the way back. Loop thread only, like the actors.
#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/activity.h"
#include "engine/clock.h"
#include "engine/finished_keys.h"
#include "engine/flight.h"
#include "engine/output_gate.h"
#include "engine/slot_table.h"
#include "engine/tenants.h"
#include "engine/timers.h"
#include "engine/waiting_reads.h"
#include "engine/watching.h"
#include "wal/log.h"

namespace tote {

struct CoreOptions {
  Kinds kinds;
  std::int64_t key_retention_s = 86'400;
  std::size_t keys_in_memory_max = 500'000;
  std::size_t key_runs_max = 64;  // on disk; beyond it some are merged
  std::size_t entities_live_max = 2'000'000;
  std::size_t waiting_reads_max = 65'536;             // of all tenants
  std::size_t waiting_reads_per_tenant_max = 16'384;  // of one
  bool read_only = false;
  std::function<void()> wake = [] {};            // from the key spiller's thread: turn() has something to do
  std::function<bool(EffectCall&)> on_effect{};  // see Options
  std::function<void(const Alert&)> on_alert{};
  std::function<void(const wal::Damage&)> on_damage = [](const wal::Damage&) {};  // keys can't be read. Any thread
  std::function<void(const std::string&)> on_failure{};  // the disk failed; must not return. Default: stop the process
};

// What one turn may still record of what time alone has brought (DESIGN D13): by itself, and for those who ask.
struct TimeSlice {
  std::size_t timers = 0;
  std::size_t catch_up = 0;
  std::size_t news = 0;  // that watchers are told (engine/watching.h)
};

// The engine without its threads: accept() requests, turn() the wheel, outcomes go to their sinks.
class Core {
 public:
  Core(caf::actor_system& system, wal::Log& log, const ClockSource& clock, Tenants& tenants, CoreOptions options);
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;
  ~Core();

  // Recovery, first: the keys on disk. Empty, or the damage.
  std::string load_keys() { return keys_.load(); }
  // Recovery: what one record says, applied. False: the record contradicts the state (a version that doesn't follow).
  bool replay(Lsn lsn, const wal::Record& record, std::string& why);
  // After recovery: timers, actors.
  void start();

  // -- for the engine
  FlightPool& pool() { return pool_; }
  void accept(Flight* flight);
  // Requests accepted since the last turn.
  std::size_t accepted() const { return accepted_; }
  // Everything that is ready: run_actors must run CAF's scheduler until no actor has work.
  void turn(const std::function<void()>& run_actors);
  // Refuses what waits for an LSN that won't come.
  void drain();
  // Refuses the reads that wait and were asked for by this sink with this tag.
  void cancel(const Sink& sink, std::uint64_t tag);
  const WaitingReads& waiting_reads() const { return waiting_reads_; }
  bool wants_turn() const;
  // True: something goes on in small steps; the next turn() is due at once, but others may come between.
  bool has_chores() const { return keys_.wants_turn(); }
  // Milliseconds until the next turn() is due without a wake, at most 1000.
  std::int64_t next_due_ms();

  // -- for the actors
  LogClock& clock() { return clock_; }
  wal::Log& log() { return log_; }
  Timers& timers() { return timers_; }
  Activity& activity() { return activity_; }
  Watching& watching() { return watching_; }
  SlotTable& slots() { return slots_; }
  HugePages& pages() { return pages_; }
  const CoreOptions& options() const { return options_; }
  const Kind* kind(KindId id) const { return id < kinds_.size() ? kinds_[id] : nullptr; }
  std::string_view tenant_name(Tenant tenant) const { return tenants_.name(tenant); }
  const caf::actor& directory() const { return directory_; }
  caf::actor_system& system() { return system_; }
  // -- what time brings, a slice a turn
  TimeSlice& slice() { return slice_; }
  // What was promised is done even when the log has no room for requests, a slice a turn.
  bool may_fire() const { return !options_.read_only; }
  // It goes on in the next turn: time has brought more than this one takes.
  void postpone(Slot* slot) { postponed_slots_.push_back(slot); }
  void postpone(Flight* transaction) { postponed_.push(transaction); }
  std::vector<Slot*> take_postponed_slots() { return std::exchange(postponed_slots_, {}); }
  FlightList take_postponed() { return postponed_.take(); }

  // Everything up to here may be seen outside. Read only, that is what was recovered: perhaps not the whole log.
  Lsn durable() const { return options_.read_only ? recovered_ : log_.durable(); }
  // The outcome is final; it leaves when everything up to `lsn` is durable.
  void hold(Flight* flight, Lsn lsn) { gate_.hold(flight, lsn); }
  // Refused without looking at any state: leaves at once.
  void refuse(Flight* flight, Code code);
  // A defect of a kind or of a script, `what` it was: `internal_error`, nothing has happened; an operator is told.
  void fail(Flight* flight, const std::string& what);
  void tell_defect(const Flight& flight, const std::string& what);
  // The sink's turn. Recycles the flight.
  void reply(Flight* flight);

  Figures& figures() { return figures_; }
  FinishedKeys& keys() { return keys_; }
  const FinishedKeys& keys() const { return keys_; }
  std::size_t keys_in_memory() const { return keys_.in_memory(); }
  std::size_t keys_on_disk() const { return keys_.on_disk(); }
  // What waits behind a key of its tenant that is being looked up on disk, that one first.
  struct Held {
    FlightList flights;
    std::size_t lookups = 0;  // so many of them
  };
  Held* held_of(Tenant tenant) {
    if (held_.empty()) return nullptr;
    const auto found = held_.find(tenant.index);
    return found == held_.end() ? nullptr : &found->second;
  }
  std::size_t held_tenants() const { return held_.size(); }
  // True: some of what is held waits only for the next turn.
  void go_on_with_held(bool has_more) { has_held_ready_ = has_more; }
  Held& hold_behind(Tenant tenant) { return held_[tenant.index]; }
  template <class Visit>
  void each_held(const Visit& visit) {
    for (auto at = held_.begin(); at != held_.end();) {
      visit(at->second);
      at = at->second.flights.empty() ? held_.erase(at) : std::next(at);
    }
  }
  std::uint64_t take_answered() { return std::exchange(answered_, 0); }

 private:
  bool replay_change(Lsn lsn, Tenant tenant, const wal::Change& change, std::string& why);
  void take_looked_up();
  void settle(FlightList& ready);
  void follow_up(const std::function<void()>& run_actors);
  void commit();
  void wait_for_lsn(Flight* flight);
  bool has_postponed() const { return !postponed_slots_.empty() || !postponed_.empty(); }
  bool has_due_timers() const { return timers_.next() <= clock_.last() && may_fire(); }
  void end_waiting_reads();

  caf::actor_system& system_;
  wal::Log& log_;
  LogClock clock_;
  Tenants& tenants_;
  CoreOptions options_;
  std::vector<const Kind*> kinds_;  // by id
  HugePages pages_;
  SlotTable slots_;
  Timers timers_;
  OutputGate gate_;
  Activity activity_;
  Watching watching_;
  FlightPool pool_;
  FinishedKeys keys_;
  FlightList keyed_;                              // staged for the idempotency actor
  std::unordered_map<std::uint32_t, Held> held_;  // by tenant
  bool has_held_ready_ = false;
  FlightList unkeyed_;          // staged for the directory
  FlightList refused_;          // leave in this turn
  Lsn recovered_{};             // newest record that was replayed
  WaitingReads waiting_reads_;  // for Request::min_lsn
  caf::actor directory_;
  caf::actor idempotency_;
  TimeSlice slice_;
  std::vector<Slot*> postponed_slots_;
  FlightList postponed_;
  Figures figures_;
  std::int64_t failure_told_ns_ = 0;  // monotonic
  std::size_t accepted_ = 0;
  std::uint64_t answered_ = 0;
};

}  // namespace tote
