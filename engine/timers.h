// When time alone changes an entity next. Derived from the entities' states, so timers survive a restart without being
// stored: recovery asks every entity again. Loop thread only.
#pragma once

#include <set>

#include "engine/slot_table.h"

namespace tote {

class Timers {
 public:
  // The slot's entity is due at `at`; never(): it isn't any more.
  void schedule(Slot* slot, Time at) {
    if (at == slot->timer) return;
    if (slot->timer != Time::never()) queue_.erase({slot->timer, slot});
    if (at != Time::never()) queue_.insert({at, slot});
    slot->timer = at;
  }

  Time next() const { return queue_.empty() ? Time::never() : queue_.begin()->at; }

  // The slot with the earliest time that is over at `now`; null when there is none. It must schedule itself again.
  Slot* pop(Time now) {
    if (next() > now || queue_.empty()) return nullptr;
    Slot* slot = queue_.begin()->slot;
    schedule(slot, Time::never());
    return slot;
  }

 private:
  // One entry a slot: its entity has something open, so it exists and the slot is never erased.
  struct Entry {
    Time at;
    Slot* slot;
    bool operator<(const Entry& other) const {
      if (at != other.at) return at < other.at;
      return slot->hash != other.slot->hash ? slot->hash < other.slot->hash : slot < other.slot;
    }
  };
  std::set<Entry> queue_;
};

}  // namespace tote
