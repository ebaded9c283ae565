// The entities that have an actor, and which of them goes when there are too many: the one that was unused longest,
// roughly. Owns nothing. Loop thread only.
#pragma once

#include <cstddef>

#include "engine/slot_table.h"

namespace tote {

class LiveEntities {
 public:
  void add(Slot* slot);
  void remove(Slot* slot);
  // What was used since the hand last came by gets a second chance. After a few looks anyone goes, but for those that
  // hold still for a transaction: a search through millions would stall the loop. Null: nobody.
  Slot* unused_longest();
  std::size_t size() const { return size_; }

 private:
  Slot* oldest_ = nullptr;
  Slot* newest_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace tote
