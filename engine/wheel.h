// What turns above the actors: requests come in by accept(), a turn lets the actors run, commits what they have
// recorded, and answers what is durable. The engine's threads (engine/local_engine.h) turn it, and so do tests and the
// simulation, without threads. Loop thread only.
#pragma once

#include <caf/actor.hpp>
#include <cstdint>
#include <functional>

#include "engine/context.h"
#include "engine/keys.h"
#include "engine/snapshots.h"
#include "engine/waiting_reads.h"

namespace tote {

class Wheel {
 public:
  Wheel(Context& context, Keys& keys, Snapshots& snapshots);
  Wheel(const Wheel&) = delete;
  Wheel& operator=(const Wheel&) = delete;
  ~Wheel();

  // Actors, for reads while another machine owns the log; before start(), if at all.
  void stand_by();
  // After recovery: timers, actors.
  void start();

  // `flight`: from the context's pool.
  void accept(Flight* flight);
  // Requests accepted since the last turn.
  std::size_t accepted() const { return accepted_; }
  // Everything that is ready: run_actors must run CAF's scheduler until no actor has work.
  void turn(const std::function<void()>& run_actors);
  // Refuses what waits for an LSN that won't come.
  void drain();
  // The log is lost (wal::Log::is_lost): whoever waits for it is told that nobody can say what happened.
  void abandon(const std::function<void()>& run_actors);
  // Refuses the reads that wait and were asked for by this sink with this tag.
  void cancel(const Sink& sink, std::uint64_t tag);
  const WaitingReads& waiting_reads() const { return waiting_reads_; }
  bool wants_turn() const;
  // True: something goes on in small steps; the next turn() is due at once, but others may come between.
  bool has_chores() const { return keys_.finished().wants_turn() || snapshots_.wants_turn(); }
  // Milliseconds until the next turn() is due without a wake, at most 1000.
  std::int64_t next_due_ms();

 private:
  void settle(FlightList& ready);
  void follow_up(const std::function<void()>& run_actors);
  void commit();
  void end_shared_turn(std::size_t released_max);
  void wait_for_lsn(Flight* flight);
  void tell_books(Flight* flight);
  void end_waiting_reads();

  Context& context_;
  Keys& keys_;
  Snapshots& snapshots_;
  caf::actor idempotency_;
  FlightList keyed_;            // staged for the idempotency actor
  FlightList unkeyed_;          // staged for the directory
  WaitingReads waiting_reads_;  // for Request::min_lsn
  std::size_t accepted_ = 0;
};

}  // namespace tote
