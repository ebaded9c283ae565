// Where entities are when they aren't in memory, and who goes there (DESIGN D9):
//
//   live      an actor handles what comes for it
//   dormant   in memory, without one
//   at rest   its row (wal/state_store.h) is all there is of it: no slot, no byte of memory
//
// Who isn't in memory is at rest if there is a row. With nobody at rest that is never asked; else the filters of the
// rows, which are in memory, nearly always say at once that a new id has none. An entity leaves when memory is short,
// it wasn't used lately, and its row is all that there is to know: nothing of it is unsaved, and it waits for nothing.
//
// What entities take is reckoned (SlotTable::weigh), as of their newest rows. Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/kernel/effect.h"
#include "engine/row_fetcher.h"
#include "engine/slot_table.h"

namespace tote {

class Context;

class Tiers {
 public:
  static constexpr std::size_t actor_bytes = 1'200;  // that an entity takes more while it is live

  explicit Tiers(Context& context);

  // Somebody writes rows (engine/snapshots.h), so entities may leave. Before recovery.
  void open() { is_open_ = true; }
  // Recovery is over. Until then nobody knows how far the log reaches: Core::check_end() looks at all rows by it.
  void start() { is_started_ = true; }

  // -- an entity that has no slot
  // False: it is certainly not at rest. Looks into memory only.
  bool may_rest(Tenant tenant, const Kind& kind, std::string_view id) const;
  // Whether so many more of this tenant may be fetched; what the engine does by itself doesn't ask.
  bool may_fetch(Tenant tenant, std::size_t count = 1) const;
  // Makes its slot, which is activating, and asks for its row: Fetched comes.
  Slot* fetch(Tenant tenant, const Kind& kind, std::string_view id);
  // The slot of an entity that somebody in here needs: as it is, fresh, or activating.
  Slot* home(Tenant tenant, const Kind& kind, std::string_view id);
  // Waits for the disk: in recovery, and for an answer that looks further than its script has. The slot is dormant or
  // activating, without an entity.
  wal::Damage fetch_now(Slot& slot);
  // The same of many, in recovery: what can't be read stays away, and is met by whoever needs it.
  void fetch_now(std::vector<Slot*> slots);

  // -- once a turn
  // Hands over what was asked for.
  void send() { fetcher_.send(); }
  // Entities whose rows were read, at most so many: their slots have them now.
  std::vector<Slot*> take(std::size_t count_max);
  bool has_fetched() const { return fetcher_.has_answers(); }

  // -- who leaves
  bool is_over() const { return is_bounded() && bytes() > budget_; }
  // Nobody new is let in: what must stay fills the memory far beyond its budget.
  bool is_full() const;
  // Who may leave and wasn't used since the hand last came by; null: nobody within `looks`, which are taken off it.
  Slot* next_unused(std::size_t& looks);
  bool may_leave(Slot& slot);
  // The slot is dormant, and may leave. It is gone afterwards.
  void leave(Slot* slot);
  // Somebody must leave, and perhaps somebody can: not all have been looked at in vain. The next turn is due, whether
  // or not anybody asks for anything.
  bool may_find_unused() const;
  // Who might leave must have rows first.
  bool wants_round() const;
  // Everything up to this batch of rows is on disk; with the last one of a round many may leave who couldn't before.
  void rows_written(std::uint32_t batch, bool ends_round) {
    written_ = batch;
    if (ends_round) in_vain_ = 0;
  }

  // A row that a start has read, in a slot that isn't in the table: it does without the entity. False: it is wanted.
  bool rests_at_start(const Slot& slot);

  std::uint64_t resting() const { return resting_; }
  std::uint64_t fetching() const { return fetching_; }
  std::uint64_t fetched() const { return fetched_; }  // since start
  std::uint64_t left() const { return left_; }        // since start
  std::uint64_t bytes() const;
  void stop() { fetcher_.stop(); }

 private:
  static constexpr std::size_t fetching_max = 16'384;  // of all tenants

  bool is_bounded() const { return is_open_ && budget_ != 0; }
  std::string key_of(Tenant tenant, const Kind& kind, std::string_view id) const;
  void install(Slot& slot, RowFetcher::Answer& answer);
  void damaged(Slot& slot, const wal::Damage& damage);
  bool wants_nothing(const Slot& slot);

  Context& context_;
  const std::uint64_t budget_;  // bytes; 0: none
  bool is_open_ = false, is_started_ = false;
  RowFetcher fetcher_;
  std::uint64_t resting_ = 0, fetching_ = 0, fetched_ = 0, left_ = 0;
  std::unordered_map<std::uint32_t, std::size_t> fetching_of_;  // by tenant
  std::size_t hand_ = 0;                                        // in SlotTable::at
  std::uint64_t in_vain_ = 0;                                   // looks since somebody left
  std::uint32_t written_ = 0;
  Effects effects_;  // scratch
};

}  // namespace tote
