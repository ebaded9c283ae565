// Which entities have changed since their rows were written (engine/snapshots.h). Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

#include "engine/slot_table.h"

namespace tote {

class Unsaved {
 public:
  // Nobody will write rows: nothing is kept.
  void keep(bool is_kept) { is_kept_ = is_kept; }

  // A record changes it.
  void changed(Slot& slot) {
    if (!is_kept_ || slot.is_unsaved) return;
    slot.is_unsaved = true;
    slots_.push_back(&slot);
  }
  // A record with an idempotency key.
  void finished_key(Lsn lsn) { ++keys_, newest_key_ = lsn; }
  void set_keys(std::uint64_t keys) { keys_ = keys; }

  std::uint64_t keys() const { return keys_; }    // so many there were up to the newest record
  Lsn newest_key() const { return newest_key_; }  // since the start
  bool empty() const { return slots_.empty(); }
  std::size_t size() const { return slots_.size(); }
  // They stay unsaved until somebody says otherwise, one by one.
  std::deque<Slot*> take() { return std::exchange(slots_, {}); }

 private:
  bool is_kept_ = false;
  std::uint64_t keys_ = 0;
  Lsn newest_key_{};
  std::deque<Slot*> slots_;  // it grows without a stall. A slot with a change is never erased
};

}  // namespace tote
