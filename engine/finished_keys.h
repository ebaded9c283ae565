// All finished idempotency keys of an engine (DESIGN D5): the newest in memory, older ones on disk behind a filter.
//
//   insert -> KeyTable … KeySpiller -> wal::KeyStore      oldest first, all tenants together, in the order of the log
//   find      KeyTable, then KeyFilter: not there | ask_disk -> KeyLookups -> take_answers
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
#include "engine/key_table.h"
#include "engine/tenants.h"
#include "wal/damage.h"
#include "wal/key_store.h"

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
  void replay(Lsn lsn, Tenant tenant, const wal::Record& record);

  // True: keys are missing that the retention of today would have kept; it was shorter once.
  bool has_forgotten() const { return keys_up_to_ > keys_at_start_; }

  // -- requests
  std::uint64_t hash(Tenant tenant, std::string_view key);
  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const {
    table_.prefetch(hash);
    filter_.prefetch(hash);
  }
  [[gnu::always_inline]] void prefetch_in_memory(std::uint64_t hash) const { table_.prefetch(hash); }
  const KeyEntry* find(std::uint64_t hash, Tenant tenant, std::string_view key, Time now) const {
    return table_.find(hash, tenant, key, now);
  }
  void insert(const KeyTable::Finished& finished) { table_.insert(finished); }
  // Of a key that isn't in memory.
  enum class OnDisk : std::uint8_t { no, asked, too_many };
  OnDisk ask_disk(Flight* flight);
  bool has_answers() const { return lookups_.has_answers(); }
  // What ask_disk() asked for. One that is past its retention at `now` is told as absent. Of one that can't be read
  // nobody knows whether it was executed: an operator is told, and it must not be.
  std::vector<KeyLookups::Answer> take_answers(Time now);
  // True: keys come faster than the disk takes the old ones; refuse new ones as `overloaded`.
  bool has_too_many() const {
    return table_.size() >= patience * options_.in_memory_max || table_.used_bytes() >= patience * bytes_max();
  }

  // -- once a turn of the loop: a little of what is to be done
  void turn(Time now);
  // True: turn() has more to do.
  bool wants_turn() const { return has_expired_ || spiller_.wants_turn(); }
  void stop();

  std::size_t in_memory() const { return table_.size(); }
  std::size_t on_disk() const { return filter_.size(); }
  std::size_t runs() const { return store_ == nullptr ? 0 : store_->count(); }
  // So many runs the disk has been asked about; what was absent stays so until there are more.
  std::uint64_t runs_known() const { return groups_.runs_ever(); }

 private:
  // A disk may be busy for seconds: so many times the bound is kept until new keys are refused.
  static constexpr std::size_t patience = 4;

  bool is_over(Time time, Time now) const {
    return options_.retention_s != 0 && after(time, options_.retention_s) <= now;
  }
  bool may_spill() const { return store_ != nullptr && !options_.read_only && !spiller_.is_busy(); }
  // A batch's answers take up to a MiB: keys are bounded by what they take, too.
  std::size_t bytes_max() const { return std::max(options_.in_memory_max * 512, std::size_t{64} << 20); }
  bool is_over_bound() const { return table_.size() > options_.in_memory_max || table_.used_bytes() > bytes_max(); }
  void drop(Time now);

  const Tenants& tenants_;
  wal::KeyStore* const store_;
  const Options options_;
  std::vector<std::uint64_t> seeds_;  // by tenant; 0: not computed yet
  KeyTable table_;
  KeyFilter filter_;
  KeyGroups groups_;                                // what the filter knows
  std::vector<std::uint64_t> candidates_;           // scratch
  Lsn on_disk_up_to_{};                             // at the start
  std::size_t keys_up_to_ = 0, keys_at_start_ = 0;  // so many the log has up to there, so many the disk
  bool has_expired_ = false;
  KeySpiller spiller_;
  std::optional<KeyMerging> merging_;  // none: nothing is written
  KeyLookups lookups_;                 // last: they end first
};

}  // namespace tote
