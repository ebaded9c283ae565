// What the actors of one engine stand on: its log, clock, gate, timers and slots, and the way back for an answer. It
// does nothing by itself and knows neither the wheel that turns above the actors (engine/wheel.h) nor the keys
// (engine/keys.h). Two engines share none of it. Loop thread only, like the actors.
#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/activity.h"
#include "engine/books.h"
#include "engine/clock.h"
#include "engine/core_options.h"
#include "engine/flight.h"
#include "engine/output_gate.h"
#include "engine/population.h"
#include "engine/radar.h"
#include "engine/slot_table.h"
#include "engine/tenants.h"
#include "engine/tiers.h"
#include "engine/timers.h"
#include "engine/unsaved.h"
#include "engine/walks.h"
#include "engine/watching.h"
#include "wal/log.h"

namespace tote {

// What one turn may still record of what time alone has brought (DESIGN D13): by itself, and for those who ask.
struct TimeSlice {
  std::size_t timers = 0;
  std::size_t catch_up = 0;
  std::size_t news = 0;  // that watchers are told (engine/watching.h)
};

class Context {
 public:
  Context(caf::actor_system& system, wal::Log& log, const ClockSource& clock, Tenants& tenants, CoreOptions options);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context();

  const CoreOptions& options() const { return options_; }
  const Kind* kind(KindId id) const { return id < kinds_.size() ? kinds_[id] : nullptr; }
  Tenants& tenants() { return tenants_; }
  std::string_view tenant_name(Tenant tenant) const { return tenants_.name(tenant); }
  LogClock& clock() { return clock_; }
  wal::Log& log() { return log_; }
  HugePages& pages() { return pages_; }
  SlotTable& slots() { return slots_; }
  Timers& timers() { return timers_; }
  // When time changes it next. While nothing fires the timers are nobody's: they are asked for when that begins.
  void schedule(Slot* slot) {
    if (!is_passive_) timers_.schedule(slot, slot->entity->next_due());
  }
  Activity& activity() { return activity_; }
  Watching& watching() { return watching_; }
  Unsaved& unsaved() { return unsaved_; }
  LiveBooks& books() { return books_; }
  Population& population() { return population_; }
  const Population& population() const { return population_; }
  Walks& walks() { return walks_; }
  FlightPool& pool() { return pool_; }
  Figures& figures() { return figures_; }
  Radar& radar() { return radar_; }
  // Bytes on their way into a record, empty. Shared by all entities: they run one after the other.
  std::string& scratch() {
    scratch_.clear();
    return scratch_;
  }

  Tiers& tiers() { return tiers_; }
  const Tiers& tiers() const { return tiers_; }

  // -- actors
  caf::actor_system& system() { return system_; }
  const caf::actor& directory() const { return directory_; }
  void set_directory(caf::actor directory) { directory_ = std::move(directory); }

  // -- what time brings, a slice a turn
  TimeSlice& slice() { return slice_; }
  // What was promised is done even when the log has no room for requests, a slice a turn.
  bool may_fire() const { return !is_passive_; }
  bool has_due_timers() const { return timers_.next() <= clock_.last() && may_fire(); }
  // It goes on in the next turn: time has brought more than this one takes.
  void postpone(Slot* slot) { postponed_slots_.push_back(slot); }
  void postpone(Flight* transaction) { postponed_.push(transaction); }
  bool has_postponed() const { return !postponed_slots_.empty() || !postponed_.empty(); }
  std::vector<Slot*> take_postponed_slots() { return std::exchange(postponed_slots_, {}); }
  FlightList take_postponed() { return postponed_.take(); }

  // -- answers
  // Everything up to here may be seen outside. Read only, that is what was recovered: perhaps not the whole log.
  Lsn durable() const { return is_passive_ ? recovered_ : log_.durable(); }
  void set_recovered(Lsn newest) { recovered_ = newest; }
  // Nothing is decided, recorded or done: what others have recorded is read. So it is where the log is read only, and
  // while another machine owns it.
  bool is_passive() const { return is_passive_; }
  bool is_standing_by() const { return is_passive_ && !options_.read_only; }
  void set_passive(bool is_passive) {
    is_passive_ = is_passive;
    is_shared_ = !is_passive && log_.is_shared();
  }
  OutputGate& gate() { return gate_; }
  const OutputGate& gate() const { return gate_; }
  // The outcome is final; it leaves when everything up to `lsn` is durable.
  void hold(Flight* flight, Lsn lsn) {
    if (is_shared_) [[unlikely]]
      judge(flight, lsn);
    gate_.hold(flight, lsn);
  }
  // Refused without looking at any state: leaves at once.
  void refuse(Flight* flight, Code code);
  bool has_refused() const { return !refused_.empty(); }
  FlightList take_refused() { return refused_.take(); }
  // A defect of a kind or of a script, `what` it was: `internal_error`, nothing has happened; an operator is told.
  void fail(Flight* flight, const std::string& what);
  void tell_defect(const Flight& flight, const std::string& what);
  // The sink's turn. Recycles the flight.
  void reply(Flight* flight);
  std::uint64_t take_answered() { return std::exchange(answered_, 0); }

  // -- answers, where other machines may own the log, too (wal/log.h), and this one does. What was decided without a
  // record of its own may be old: it leaves once that was asked about afterwards, one question for all of a turn.
  bool is_shared() const { return is_shared_; }
  // Of what is decided in this turn. It will be asked.
  std::uint64_t question() { return is_asked_ = true, asked_ + 1; }
  bool is_confirmed(std::uint64_t question) const { return question <= log_.confirmed(); }
  // Records after this one haven't been handed to the log's writer: they go out after whatever is decided now.
  void set_committed(Lsn newest) { committed_ = newest; }
  void ask();  // at the end of a turn
  bool has_confirmed() const { return !unconfirmed_.empty() && is_confirmed(unconfirmed_.front()->question); }
  void reply_confirmed(std::size_t count_max);
  // The log is lost: what waits for it gets no answer but that nobody can say.
  FlightList abandon();

 private:
  void judge(Flight* flight, Lsn lsn);
  void deliver(Flight* flight);

  caf::actor_system& system_;
  wal::Log& log_;
  bool is_shared_, is_passive_;
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
  Unsaved unsaved_;
  Tiers tiers_;
  LiveBooks books_;
  Population population_;
  Walks walks_;
  FlightPool pool_;
  Radar radar_;
  FlightList refused_;      // leave in this turn
  FlightList unconfirmed_;  // of a shared log: leave when their question is confirmed
  Lsn committed_{};
  std::uint64_t asked_ = 0;
  bool is_asked_ = false;  // somebody has a question of this turn
  Lsn recovered_{};        // newest record that was replayed, or that the snapshot has
  caf::actor directory_;
  TimeSlice slice_;
  std::vector<Slot*> postponed_slots_;
  FlightList postponed_;
  Figures figures_;
  std::string scratch_;
  std::int64_t failure_told_ns_ = 0;  // monotonic
  std::uint64_t answered_ = 0;
};

}  // namespace tote
