// What active entities want done by others (engine/kernel/effect.h): follow-ups are run by the engine itself, outside
// calls are handed to the host once their record is durable. All of it is derived from the entities' states, so nothing
// is lost in a crash. Loop thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/effect_call.h"
#include "engine/flight.h"
#include "engine/kernel/effect.h"
#include "engine/kernel/ordinal.h"
#include "engine/slot_map.h"

namespace tote {

class Context;

class Activity {
 public:
  explicit Activity(Context& context);

  // The entity has changed.
  void changed(Slot& slot);
  // It was recovered: it is asked after those that change now.
  void recovered(Slot& slot);
  // Asks what they want: at most `count` of them, which are taken off it. Follow-ups are appended to `out`.
  void ask(std::size_t& count, FlightList& out);
  // Hands over the calls whose records are durable.
  void start_calls(Lsn durable);

  // It waits for a call, or for an operator.
  bool knows(const Slot& slot) const { return outstanding_.find(slot) != nullptr || alerted_.find(slot) != nullptr; }

  bool wants_turn() const { return !changed_.empty() || !recovered_.empty() || has_started_enough_; }
  // The host had no room for a call: it is offered again, so often.
  bool offers_again() const { return !put_back_.empty(); }
  std::size_t calls_outstanding() const { return calls_outstanding_; }
  std::size_t alerts() const { return alerted_.size(); }

 private:
  using Calls = std::map<std::string, Command>;  // by effect; a call is moved away when it was handed over
  struct Waiting {
    Lsn lsn;  // of a record not older than the one that wants the call
    Slot* slot;
    std::string id;
  };

  void ask(Slot& slot, FlightList& out);
  void take_effects(Slot& slot);
  std::string alert_of(Slot& slot) const;
  void take_alert(Slot& slot);
  bool offer(const Waiting& waiting);
  static void drop_first(std::deque<Waiting>& from) {
    --from.front().slot->offers;
    from.pop_front();
  }

  Context& context_;
  std::deque<Slot*> changed_;
  std::vector<Slot*> recovered_;
  bool has_started_enough_ = false;  // calls in one turn; there are more
  Effects effects_;                  // scratch
  SlotMap<Calls> outstanding_;
  std::size_t calls_outstanding_ = 0;
  std::deque<Waiting> waiting_, put_back_;
  std::int64_t offer_again_ns_ = 0;  // monotonic
  SlotMap<std::size_t> alerted_;     // a hash of what was told
};

}  // namespace tote
