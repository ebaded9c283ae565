#include "engine/finished_keys.h"

#include <utility>

namespace tote {
namespace {

constexpr std::size_t expired_per_turn = 1'024;

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
      table_(options_.retention_s, pages),
      filter_(pages),
      groups_(options_.retention_s),
      spiller_(tenants, options_.on_failure, options_.wake),
      lookups_(options_.wake) {
  if (store_ == nullptr) return;
  // With no run left (a shorter retention dropped them all) the log has every key that counts today.
  if (store_->count() > 0) on_disk_up_to_ = store_->up_to();
  if (!options_.read_only) merging_.emplace(*store_, merging_options(options_), options_.on_failure);
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
    filter_.begin_run(groups_.number_for(run), run.keys);
    std::string damage = store_->each_hash(run.span.last, [this](std::uint64_t hash) { filter_.add(hash); });
    if (!damage.empty()) return damage;
  }
  return {};
}

void FinishedKeys::replay(Lsn lsn, Tenant tenant, const wal::Record& record) {
  if (lsn <= on_disk_up_to_) return void(++keys_up_to_);
  table_.insert({.hash = hash(tenant, record.key),
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
  table_.expire(record.time, std::size_t{expired_per_turn});
  // A log of before runs, or a bound that was lowered: there are more than fit in memory. On a disk with too little
  // room they stay there, and the start is refused when all is read.
  while (table_.size() > 0 && has_too_many() && may_spill() && store_->has_room(table_.bytes())) {
    spiller_.start(table_, *store_);
    spiller_.finish();
    while (spiller_.is_busy()) spiller_.turn(table_, filter_, groups_);
  }
}

FinishedKeys::OnDisk FinishedKeys::ask_disk(Flight* flight) {
  candidates_.clear();
  if (store_ == nullptr || !filter_.may_contain(flight->hash, candidates_)) return OnDisk::no;
  std::vector<wal::KeyStore::Span> spans;
  for (const std::uint64_t number : candidates_) spans.push_back(groups_.span_of(number));
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
  has_expired_ = table_.expire(now, expired_per_turn);
  spiller_.turn(table_, filter_, groups_);
  if (merging_) merging_->turn();
  if (!may_spill()) return;
  drop(now);
  if (!spiller_.is_busy() && is_over_bound() && options_.has_disk_for(KeySpiller::run_bytes_max(table_)))
    spiller_.start(table_, *store_);
}

// Groups and runs are of one log but not of one size: each goes when its own newest key is past its retention.
void FinishedKeys::drop(Time now) {
  if (!groups_.empty() && is_over(groups_.oldest().newest, now)) {
    filter_.drop_oldest();
    groups_.drop_oldest();
  }
  const Time first_to_go = store_->first_to_go();
  if (first_to_go != Time{} && is_over(first_to_go, now))
    spiller_.drop(*store_, {now.ns - options_.retention_s * ns_per_s});
}

}  // namespace tote
