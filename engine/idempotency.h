// Exactly one effect per idempotency key of a tenant (DESIGN D5). Every keyed request passes here twice: on its way in
// (Arrived) and, its outcome durable, on its way out (Settled). One whose key may be on disk waits until that is known,
// and with it, so that their order stays, what comes behind it from the same tenant.
#pragma once

#include <caf/event_based_actor.hpp>
#include <deque>

#include "engine/context.h"
#include "engine/hash_index.h"
#include "engine/keys.h"
#include "engine/messages.h"

namespace tote {

class Idempotency final : public caf::event_based_actor {
 public:
  Idempotency(caf::actor_config& config, Context& context, Keys& keys);

  const char* name() const override { return "tote.idempotency"; }

 protected:
  caf::behavior make_behavior() override;

 private:
  void arrive(FlightList flights);
  // These answer and return true, or return false and leave the flight to others.
  bool answer_at_once(Flight* flight);
  bool answer_finished(Flight* flight);
  bool wait_for_disk(Flight* flight);
  FinishedKeys::OnDisk ask_disk(Flight* flight);
  void ask_next(HeldRequests::Held& held);
  void judge_unasked(HeldRequests::Held& held, FlightList& onward);
  bool refuse(Flight* flight, Code code);
  bool refuse_unknown(Flight* flight);
  bool refuse_damaged(Flight* flight, Lsn lsn);
  bool replay(Flight* flight);
  void take_looked_up();
  void go_on();
  void judge(Flight* flight, FlightList& onward);
  void answer_stored(Flight* flight, const Outcome& stored, const Fingerprint& fingerprint);
  void settle(FlightList flights);
  void remember(const Flight& flight);

  // What is known of a key whose duplicates wait: any number of them, so they are answered a slice a turn.
  struct Owed {  // NOLINT(cppcoreguidelines-pro-type-member-init): who makes one says both
    enum class What : std::uint8_t { answer, arrive_again, damage };
    What what;
    Flight* newest;             // of the duplicates
    Outcome outcome{};          // answer; of damage only where it is
    Fingerprint fingerprint{};  // of the first; arrive again: zero, it wasn't compared with theirs
    std::uint64_t runs = 0;     // arrive again: the key was on disk in none of so many runs
  };
  void owe(Owed owed);
  void answer_owed();
  void answer_duplicate(Owed& owed);
  void arrive_again(Owed& owed, Flight* flight);
  // The first request of this key, on its way.
  Flight* find_in_flight(const Flight& flight) const;

  Context& context_;
  FinishedKeys& finished_;
  HeldRequests& held_;
  HashIndex<Flight> in_flight_;
  std::deque<Owed> owed_;
};

// XXH3-128 over kind, entity, command and expected version, never zero. An unknown kind (null) is refused later.
Fingerprint fingerprint_of(const Request& request, const Kind* kind);

}  // namespace tote
