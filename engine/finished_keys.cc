#include "engine/finished_keys.h"

#include <utility>

namespace tote {
namespace {

wal::KeyMerger::Options merging_options(const FinishedKeys::Options& options) {
  // Keys stay on disk for an eighth of their retention longer at most.
  return {.limits = {.runs_max = options.runs_max, .span_ns_max = options.retention_s * ns_per_s / 8},
          .is_disk_full = options.is_disk_full,
          .on_damage = options.on_damage};
}

}  // namespace

FinishedKeys::FinishedKeys(const Tenants& tenants, wal::KeyStore* store, HugePages& pages, Options options)
    : tenants_(tenants),
      store_(store),
      options_(std::move(options)),
      memory_(limits(), pages),
      filter_(pages),
      groups_(options_.retention_s),
      spiller_(tenants, options_.on_failure, options_.wake),
      lookups_(options_.wake) {
  if (store_ == nullptr) return;
  // With no run left (a shorter retention dropped them all) the log has every key that counts today.
  if (store_->count() > 0) on_disk_up_to_ = store_->up_to();
  if (!options_.read_only) merging_.emplace(*store_, merging_options(options_), options_.on_failure);
}

// Half of what may be in memory, by number: a burst of the other half never meets the disk.
KeysInMemory::Limits FinishedKeys::limits() const {
  const std::size_t most = store_ == nullptr ? KeyGroups::keys_max : options_.in_memory_max / 2;
  return {.keys_max = std::clamp<std::size_t>(most, 1, KeyGroups::keys_max),
          .bytes_max = bytes_max() / 4,
          .span_ns_max = options_.retention_s * ns_per_s / 32};
}

void FinishedKeys::begin_memtable(Time oldest) {
  const std::uint64_t group = groups_.begin(oldest, limits().keys_max);
  filter_.begin(group);
  memory_.begin(group);
}

void FinishedKeys::stop() {
  if (merging_) merging_->stop();
  spiller_.finish();
  lookups_.stop();
}

std::uint64_t FinishedKeys::hash(Tenant tenant, std::string_view key) {
  if (seeds_.size() <= tenant.index) seeds_.resize(tenant.index + std::size_t{1});
  std::uint64_t& seed = seeds_[tenant.index];
  if (seed == 0) seed = wal::tenant_seed(tenants_.name(tenant));
  return wal::key_hash(seed, key);
}

std::string FinishedKeys::load() {
  if (store_ == nullptr) return {};
  // Damage is met at the start, and not by the first client who sends a key of that block again.
  Lsn lsn;
  if (std::string damage = store_->check(lsn); !damage.empty())
    return (lsn == Lsn{} ? std::string() : "damaged at LSN " + std::to_string(lsn.value) + ": ") + damage;
  const auto runs = store_->runs();
  const Time newest = runs.empty() ? Time{} : runs.back().newest;
  for (const auto& run : runs) {
    keys_at_start_ += run.keys;
    if (is_over(run.newest, newest)) continue;  // it is dropped in the first turn
    const std::uint64_t group = groups_.begin(run.oldest, run.keys);
    groups_.wrote(group, run);
    filter_.begin(group);
    std::string damage = store_->each_hash(run.span.last, [this](std::uint64_t hash) { filter_.add(hash); });
    if (!damage.empty()) return damage;
  }
  return {};
}

void FinishedKeys::begin_replay(const wal::Snapshot& snapshot) {
  snapshot_ = snapshot.lsn;
  snapshot_needs_from_ = snapshot.keys_from;
  keys_up_to_ = snapshot.keys;
}

Lsn FinishedKeys::needed_from() const {
  const Lsn in_memory = memory_.empty() ? memory_.last().next() : memory_.oldest().first();
  const bool has_any = memory_.last() != Lsn{};
  return std::max({on_disk_up_to_.next(), snapshot_needs_from_, has_any ? in_memory : Lsn{}});
}

void FinishedKeys::replay(Lsn lsn, Tenant tenant, const wal::Record& record) {
  if (lsn <= on_disk_up_to_) return void(keys_up_to_ += lsn > snapshot_ ? 1 : 0);
  if (lsn <= snapshot_) --keys_up_to_;  // the snapshot counts it, too
  insert({.hash = hash(tenant, record.key),
          .tenant = tenant,
          .key = record.key,
          .entity = record.entity,
          .answer = record.answer,
          .facts = record.facts,
          .time = record.time,
          .lsn = lsn,
          .version = record.version,
          .fingerprint = record.fingerprint,
          .kind = record.kind,
          .code = record.code});
  while (!spiller_.is_busy() && has_expired(record.time)) memory_.take_oldest();
  // A log of before runs, or a bound that was lowered: there are more than fit in memory. On a disk with too little
  // room they stay there, and the start is refused when all is read.
  while (!memory_.empty() && has_too_many() && may_spill() && store_->has_room(memory_.bytes())) {
    spill();
    spiller_.finish();
    if (const auto run = spiller_.turn()) take_over(*run);
    memory_.take_oldest();
  }
}

FinishedKeys::OnDisk FinishedKeys::ask_disk(Flight* flight) {
  filter_.find(flight->hash, candidates_);
  std::vector<wal::KeyStore::Span> spans;
  for (const std::uint64_t number : candidates_)
    if (const wal::KeyStore::Run& runs = groups_.runs_of(number); runs.keys > 0) spans.push_back(runs.span);
  if (spans.empty()) return OnDisk::no;
  const bool is_asked = lookups_.ask(flight, tenants_.name(flight->request.tenant), *store_, std::move(spans));
  return is_asked ? OnDisk::asked : OnDisk::too_many;
}

std::vector<KeyLookups::Answer> FinishedKeys::take_answers(Time now) {
  auto answers = lookups_.take();
  for (auto& [flight, found] : answers) {
    if (found.answer == wal::KeyFound::Answer::damaged) options_.on_damage({found.lsn, found.damage});
    if (found.answer == wal::KeyFound::Answer::yes && is_over(found.record.time, now))
      found.answer = wal::KeyFound::Answer::absent;
  }
  return answers;
}

void FinishedKeys::turn(Time now) {
  if (const auto run = spiller_.turn()) {
    take_over(*run);
    forget_oldest();
  }
  while (!spiller_.is_busy() && has_expired(now)) forget_oldest();
  if (merging_) merging_->turn();
  if (spiller_.is_busy()) return;
  drop_groups(now);
  if (!may_spill()) return;
  const Time first_to_go = store_->first_to_go();
  if (first_to_go != Time{} && is_over(first_to_go, now))
    spiller_.drop(*store_, {now.ns - options_.retention_s * ns_per_s});
  else if (is_over_bound() && options_.has_disk_for(KeySpiller::run_bytes_max(memory_.oldest())))
    spill();
}

bool FinishedKeys::may_spill() const { return store_ != nullptr && !options_.read_only && !spiller_.is_busy(); }

void FinishedKeys::spill() {
  memory_.seal_oldest();
  spiller_.start(memory_.oldest(), *store_);
}

// From now on the keys of the oldest memtable are looked for on disk.
void FinishedKeys::take_over(const wal::KeyStore::Run& run) { groups_.wrote(memory_.oldest().group(), run); }

// Unmapping the pages of a large one takes longer than a turn may.
void FinishedKeys::forget_oldest() {
  constexpr std::size_t small_bytes = 128 << 10;
  auto memtable = memory_.take_oldest();
  if (memtable->bytes() > small_bytes) spiller_.destroy(std::move(memtable));
}

// Groups and runs are of one log but not of one size: each goes when its own newest key is past its retention.
void FinishedKeys::drop_groups(Time now) {
  while (!groups_.empty()) {
    const std::uint64_t group = groups_.oldest();
    const wal::KeyStore::Run& runs = groups_.runs_of(group);
    if (!memory_.empty() && memory_.oldest().group() == group) return;
    if (runs.keys > 0 && !is_over(runs.newest, now)) return;
    filter_.drop_oldest();
    groups_.drop_oldest();
  }
}

}  // namespace tote
