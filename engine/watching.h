// Who wants to hear of whose changes (engine/kernel/effect.h). Read off the entities' states, like all that they want:
// after a restart it is as it was. Loop thread only.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "engine/kernel/watch.h"
#include "engine/slot_table.h"

namespace tote {

class Core;

class Watching {
 public:
  explicit Watching(Core& core) : core_(core) {}

  // This one may watch others than before. Whoever begins to watch hears what the other is.
  void look_at(Slot& watcher);
  // This one, which is watched, has changed: those who watch it have news, and are asked what they want.
  void changed(Slot& watched);
  // Tells the watcher its news, a slice a turn (TimeSlice); its events are appended. False: there are more.
  bool tell(Slot& watcher, Time now, std::string& events);

  std::size_t watched() const { return watchers_.size(); }

 private:
  void begin(Slot& watcher, const EntityName& name);
  void end(Slot& watcher, const EntityName& name);
  void forget(Slot* watched);

  Core& core_;
  std::unordered_map<Slot*, Watches::Names> seen_;  // by watcher: what it watched when it was looked at
  // By watched: its watchers, each with whether it has to be told.
  std::unordered_map<Slot*, std::unordered_map<Slot*, bool>> watchers_;
  std::unordered_map<Slot*, std::vector<Slot*>> news_;  // by watcher: those that it has to be told of
  std::vector<EntityName> ended_, begun_;               // scratch
};

}  // namespace tote
