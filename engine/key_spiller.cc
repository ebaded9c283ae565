#include "engine/key_spiller.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

namespace tote {
namespace {

constexpr std::size_t released_per_turn = 2'048;

}  // namespace

void KeySpiller::start(std::string_view tenant, KeyTable& table, KeyFilter& filter, wal::KeyStore& store) {
  table_ = &table;
  filter_ = &filter;
  run_.clear();
  table.pin_oldest(std::clamp<std::size_t>(table.size() / 2, 1, keys_per_run_max), run_);
  finish();
  thread_ = std::thread([this, tenant, &store] { write(tenant, store); });
}

// Reads only what the loop leaves alone while the entries are pinned.
void KeySpiller::write(std::string_view tenant, wal::KeyStore& store) {
  pthread_setname_np(pthread_self(), "tote-keys");
  const Lsn up_to = run_.back()->lsn;
  // Of a key that was executed again after its retention, only the newest entry counts.
  std::vector<std::pair<std::uint64_t, const KeyEntry*>> order;
  order.reserve(run_.size());
  for (const KeyEntry* entry : run_) order.emplace_back(entry->hash, entry);
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    const int keys = a.second->key().compare(b.second->key());
    return keys != 0 ? keys < 0 : a.second->lsn > b.second->lsn;
  });
  const auto same_key = [](const auto& a, const auto& b) {
    return a.first == b.first && a.second->key() == b.second->key();
  };
  order.erase(std::unique(order.begin(), order.end(), same_key), order.end());

  std::vector<wal::KeyStore::Entry> entries;
  entries.reserve(order.size());
  for (const auto& [hash, entry] : order)
    entries.push_back({entry->lsn,
                       {.time = entry->time,
                        .tenant = tenant,
                        .kind = entry->kind,
                        .entity = entry->entity(),
                        .version = entry->version,
                        .key = entry->key(),
                        .fingerprint = entry->fingerprint,
                        .code = entry->code,
                        .facts = entry->facts(),
                        .answer = entry->answer()}});
  save(tenant, store, entries, up_to);
  written_.store(true, std::memory_order_release);
  wake_();
}

void KeySpiller::save(std::string_view tenant, wal::KeyStore& store, std::span<const wal::KeyStore::Entry> entries,
                      Lsn up_to) {
  const std::string reason = store.put(tenant, entries, up_to);
  if (!reason.empty()) on_failure_("idempotency keys can't be written: " + reason);
}

void KeySpiller::turn() {
  if (!wants_turn()) return;
  const auto to_filter = [this](std::uint64_t hash, Time time) { filter_->add(hash, time); };
  if (!table_->release(released_per_turn, to_filter)) return;
  written_.store(false, std::memory_order_relaxed);
  table_ = nullptr;
}

}  // namespace tote
