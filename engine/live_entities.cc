#include "engine/live_entities.h"

namespace tote {

void LiveEntities::add(Slot* slot) {
  slot->older = newest_;
  slot->newer = nullptr;
  (newest_ == nullptr ? oldest_ : newest_->newer) = slot;
  newest_ = slot;
  ++size_;
}

void LiveEntities::remove(Slot* slot) {
  (slot->older == nullptr ? oldest_ : slot->older->newer) = slot->newer;
  (slot->newer == nullptr ? newest_ : slot->newer->older) = slot->older;
  --size_;
}

Slot* LiveEntities::unused_longest() {
  constexpr int looks_max = 64;
  for (int looks = 0; looks < 2 * looks_max && size_ > 0; ++looks) {
    Slot* slot = oldest_;
    const bool stays = slot->queue.holder() != nullptr || slot->queue.has_staged() || (slot->used && looks < looks_max);
    if (!stays) return slot;
    slot->used = false;
    remove(slot);
    add(slot);
  }
  return nullptr;
}

}  // namespace tote
