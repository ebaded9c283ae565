// When time alone changes an entity next. Derived from the entities' states, so timers survive a restart without being
// stored: recovery asks every entity again. Loop thread only.
#pragma once

#include <queue>
#include <utility>
#include <vector>

#include "engine/slot_table.h"

namespace tote {

class Timers {
 public:
  // The slot's entity is due at `at`. Later or equal to what is known: nothing to do.
  void schedule(Slot* slot, Time at) {
    if (at >= slot->timer) return;
    slot->timer = at;
    queue_.push({at, slot});
  }

  Time next() const { return queue_.empty() ? Time::never() : queue_.top().at; }

  // The slot with the earliest time that is over at `now`; null when there is none. It must schedule itself again.
  Slot* pop(Time now) {
    while (!queue_.empty() && queue_.top().at <= now) {
      const Entry entry = queue_.top();
      queue_.pop();
      if (entry.slot->timer != entry.at) continue;  // an earlier time was scheduled and handled since
      entry.slot->timer = Time::never();
      return entry.slot;
    }
    return nullptr;
  }

 private:
  struct Entry {
    Time at;
    Slot* slot;
    bool operator>(const Entry& other) const { return at > other.at; }
  };
  // A slot with an entry here has an open timer, so its entity exists and the slot is never erased.
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
};

}  // namespace tote
