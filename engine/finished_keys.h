// All finished idempotency keys of an engine (DESIGN D5), a log-structured merge tree: memtables, then runs on disk,
// and one filter before both. Nothing is done for a single key but when it is inserted.
//
//   insert    KeyFilter, KeysInMemory … KeySpiller -> wal::KeyStore: the oldest memtable, all tenants together
//   find      KeyFilter: new | KeysInMemory | ask_disk -> KeyLookups -> take_answers
//   KeyMerging keeps the runs on disk few
//
// Loop thread only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/flight.h"
#include "engine/key_filter.h"
#include "engine/key_groups.h"
#include "engine/key_lookups.h"
#include "engine/key_merging.h"
#include "engine/key_spiller.h"
#include "engine/keys_in_memory.h"
#include "engine/tenants.h"
#include "wal/damage.h"
#include "wal/key_store.h"
#include "wal/state_store.h"

namespace tote {

class FinishedKeys {
 public:
  struct Options {
    std::int64_t retention_s = 0;  // 0 = for ever
    std::size_t in_memory_max = 0;
    std::size_t runs_max = 64;                                 // on disk; beyond it some are merged
    bool read_only = false;                                    // nothing is moved to disk
    std::function<void(const std::string&)> on_failure{};      // the disk failed; must not return. Any thread
    std::function<void()> wake{};                              // turn() has something to do. Any thread
    std::function<bool()> is_disk_full{[] { return false; }};  // true: runs wait, nothing new is executed meanwhile
    std::function<bool(std::uint64_t bytes)> has_disk_for{[](std::uint64_t) { return true; }};  // false: a run waits
    std::function<void(const wal::Damage&)> on_damage{[](const wal::Damage&) {}};  // keys can't be read. Any thread
  };

  // `store`: null, all keys stay in memory.
  FinishedKeys(const Tenants& tenants, wal::KeyStore* store, HugePages& pages, Options options);
  ~FinishedKeys() { stop(); }

  // -- recovery: load() (empty, or what is damaged on disk), then every record with a key, in order
  std::string load();
  // A snapshot tells that so many records up to this LSN have a key: they may be left out, but for those that are
  // neither on disk nor past their retention.
  void begin_replay(const wal::Snapshot& snapshot);
  // replay() needs no key that was finished before: all of those are on disk, or past their retention.
  Lsn needed_from() const;
  Lsn newest() const { return memory_.last(); }  // of those that were in memory, ever
  void replay(Lsn lsn, Tenant tenant, const wal::Record& record);

  // True: keys are missing that the retention of today would have kept; it was shorter once.
  bool has_forgotten() const { return keys_up_to_ > keys_at_start_; }

  // -- requests
  std::uint64_t hash(Tenant tenant, std::string_view key);
  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const { filter_.prefetch(hash); }
  [[gnu::always_inline]] void prefetch_for_insert(std::uint64_t hash) const {
    memory_.prefetch(hash);
    filter_.prefetch(hash);
  }
  // False: it is new, find() and ask_disk() would say the same.
  [[gnu::always_inline]] bool may_know(std::uint64_t hash) const { return filter_.may_contain(hash); }
  // Null when the key isn't in memory, or its retention is over at `now`.
  const KeyEntry* find(std::uint64_t hash, Tenant tenant, std::string_view key, Time now) const {
    const KeyEntry* entry = memory_.find(hash, tenant, key);
    return entry == nullptr || is_over(entry->time, now) ? nullptr : entry;
  }
  void insert(const FinishedKey& finished) {
    if (memory_.wants_memtable(finished.time)) begin_memtable(finished.time);
    filter_.add(finished.hash);
    memory_.insert(finished);
  }
  // Of a key that isn't in memory.
  enum class OnDisk : std::uint8_t { no, asked, too_many };
  OnDisk ask_disk(Flight* flight);
  bool has_answers() const { return lookups_.has_answers(); }
  // What ask_disk() asked for. One that is past its retention at `now` is told as absent. Of one that can't be read
  // nobody knows whether it was executed: an operator is told, and it must not be.
  std::vector<KeyLookups::Answer> take_answers(Time now);
  // True: keys come faster than the disk takes the old ones; refuse new ones as `overloaded`.
  bool has_too_many() const {
    return memory_.size() >= patience * options_.in_memory_max || memory_.used_bytes() >= patience * bytes_max();
  }

  // -- once a turn of the loop: begins what is to be done, and takes over what is done
  void turn(Time now);
  // True: turn() has something to take over.
  bool wants_turn() const { return spiller_.wants_turn(); }
  void stop();

  std::size_t in_memory() const { return memory_.size(); }
  std::size_t on_disk() const { return groups_.keys_on_disk(); }
  std::size_t runs() const { return store_ == nullptr ? 0 : store_->count(); }
  // So many runs the disk has been asked about; what was absent stays so until there are more.
  std::uint64_t runs_known() const { return groups_.runs_ever(); }

 private:
  // A disk may be busy for seconds: so many times the bound is kept until new keys are refused.
  static constexpr std::size_t patience = 4;

  bool is_over(Time time, Time now) const {
    return options_.retention_s != 0 && after(time, options_.retention_s) <= now;
  }
  // A batch's answers take up to a MiB: keys are bounded by what they take, too.
  std::size_t bytes_max() const { return std::max(options_.in_memory_max * 512, std::size_t{64} << 20); }
  bool is_over_bound() const { return memory_.size() > options_.in_memory_max || memory_.used_bytes() > bytes_max(); }
  KeysInMemory::Limits limits() const;
  void begin_memtable(Time oldest);
  bool may_spill() const;
  void spill();
  void take_over(const wal::KeyStore::Run& run);
  bool has_expired(Time now) const { return !memory_.empty() && is_over(memory_.oldest().newest(), now); }
  void forget_oldest();
  void drop_groups(Time now);

  const Tenants& tenants_;
  wal::KeyStore* const store_;
  const Options options_;
  std::vector<std::uint64_t> seeds_;  // by tenant; 0: not computed yet
  KeysInMemory memory_;
  KeyFilter filter_;
  KeyGroups groups_;                                // what the filter knows
  std::vector<std::uint64_t> candidates_;           // scratch
  Lsn on_disk_up_to_{};                             // at the start
  Lsn snapshot_{}, snapshot_needs_from_{};          // that replay began with
  std::size_t keys_up_to_ = 0, keys_at_start_ = 0;  // so many the log has up to there, so many the disk
  KeySpiller spiller_;
  std::optional<KeyMerging> merging_;  // none: nothing is written
  KeyLookups lookups_;                 // last: they end first
};

}  // namespace tote
