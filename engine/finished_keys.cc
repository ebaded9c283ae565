#include "engine/finished_keys.h"

#include <utility>

namespace tote {
namespace {

constexpr std::size_t expired_per_turn = 1'024;

}  // namespace

FinishedKeys::FinishedKeys(const Tenants& tenants, wal::KeyStore* store, HugePages& pages, Options options)
    : tenants_(tenants),
      store_(store),
      options_(std::move(options)),
      table_(options_.retention_s, pages),
      spiller_(tenants, options_.on_failure, options_.wake),
      lookups_(options_.wake) {
  if (store_ != nullptr) on_disk_up_to_ = store_->up_to();
}

void FinishedKeys::stop() {
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
  const auto runs = store_->runs();
  const Time newest = runs.empty() ? Time{} : runs.back().newest;
  std::size_t expected = 0;
  for (const auto& run : runs) expected += is_over(run.newest, newest) ? 0 : run.keys;
  for (const auto& run : runs) {
    if (!filter_.has_room_for(run.number)) return "there are more runs of idempotency keys than can be told apart";
    const std::size_t keys = is_over(run.newest, newest) ? 0 : run.keys;  // it is dropped in the first turn
    const std::size_t capacity = filter_.wanted_capacity(std::max<std::size_t>(keys, 1), expected);
    std::optional<KeyFilter::Generation> generation;
    if (capacity > 0) generation.emplace(capacity);
    filter_.begin_run(run.number, keys, std::move(generation));
    runs_.push_back(run);
    keys_at_start_ += run.keys;
    expected -= keys;
    if (keys == 0) continue;
    std::string damage = store_->each_hash(run.number, [this](std::uint64_t hash) { filter_.add(hash); });
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
  // A log of before runs, or a bound that was lowered: there are more than fit in memory.
  while (table_.size() > 0 && has_too_many() && may_spill() && filter_.has_room_for(store_->next_number())) {
    spiller_.start(table_, filter_, *store_);
    spiller_.finish();
    while (spiller_.is_busy()) advance();
  }
}

FinishedKeys::OnDisk FinishedKeys::ask_disk(Flight* flight) {
  candidates_.clear();
  if (store_ == nullptr || !filter_.may_contain(flight->hash, candidates_)) return OnDisk::no;
  const bool is_asked = lookups_.ask(flight, tenants_.name(flight->request.tenant), *store_, candidates_);
  return is_asked ? OnDisk::asked : OnDisk::too_many;
}

std::vector<KeyLookups::Answer> FinishedKeys::take_answers(Time now) {
  auto answers = lookups_.take();
  for (auto& [flight, found] : answers) {
    if (found.answer == wal::KeyFound::Answer::damaged)
      options_.on_failure("an idempotency key can't be read: " + found.damage);
    if (found.answer == wal::KeyFound::Answer::yes && is_over(found.record.time, now))
      found.answer = wal::KeyFound::Answer::absent;
  }
  return answers;
}

// What the spiller has done, taken over a little at a time.
void FinishedKeys::advance() {
  switch (spiller_.turn(table_, filter_)) {
    case KeySpiller::Done::nothing: return;
    case KeySpiller::Done::written: return runs_.push_back(spiller_.run());
    case KeySpiller::Done::dropped: break;
  }
  for (; !runs_.empty() && runs_.front().newest <= dropped_to_; runs_.pop_front()) filter_.drop_oldest_run();
}

void FinishedKeys::turn(Time now) {
  has_expired_ = table_.expire(now, expired_per_turn);
  advance();
  if (!may_spill()) return;
  if (!runs_.empty() && is_over(runs_.front().newest, now)) {
    dropped_to_ = {now.ns - options_.retention_s * ns_per_s};
    spiller_.drop(*store_, dropped_to_);
  } else if (!options_.is_disk_full() && table_.size() > options_.in_memory_max &&
             filter_.has_room_for(store_->next_number())) {
    spiller_.start(table_, filter_, *store_);
  }
}

}  // namespace tote
