// Who wants to hear of whose changes (engine/kernel/effect.h). Read off the entities' states, like all that they want:
// after a restart it is as it was. However many names an entity watches, they are looked at and told a slice a turn
// (TimeSlice); until that is done it has news, and what needs it waits. Loop thread only.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/kernel/watch.h"
#include "engine/slot_map.h"

namespace tote {

class Context;

class Watching {
 public:
  explicit Watching(Context& context);

  // This one may watch others than before. Whoever begins to watch hears what the other is.
  void look_at(Slot& watcher);
  // This one, which is watched, has changed: those who watch it have news, and are asked what they want.
  void changed(Slot& watched);
  // Tells the watcher its news; its events are appended. False: there are more, or some that are still to be fetched.
  bool tell(Slot& watcher, Time now, std::string& events);

  std::size_t watched() const { return watched_.size(); }
  // It watches others.
  bool knows(const Slot& watcher) const { return watchers_.find(watcher) != nullptr; }

 private:
  struct Watcher {
    Watches::Names seen;                                // what it watched when it was looked at
    std::optional<Watches::Names::Comparison> looking;  // from `seen` to what it watched a little later
    std::deque<Slot*> news;                             // those that it has to be told of, or that it watches no more
  };
  enum class State : std::uint8_t { told, to_be_told, to_be_ended };  // the latter two: it is in the watcher's `news`
  struct Watched {
    std::unordered_map<Slot*, State> by;
  };

  bool look(Slot& slot, Watcher& watcher);
  void drop_idle(Slot& slot, const Watcher& watcher);
  void begin(Slot& slot, Watcher& watcher, const EntityName& name);
  void end(Slot& slot, const EntityName& name);
  void end(Slot& slot, Slot& changed, Watched& watched);
  void forget(Slot& watched);

  Context& context_;
  SlotMap<Watcher> watchers_;
  SlotMap<Watched> watched_;
  std::vector<EntityName> ended_, begun_;  // scratch
};

}  // namespace tote
