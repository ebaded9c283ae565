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
  std::sort(run_.begin(), run_.end(), [](const KeyEntry* a, const KeyEntry* b) {
    const int order = a->key().compare(b->key());
    return order != 0 ? order < 0 : a->lsn > b->lsn;
  });
  const auto same_key = [](const KeyEntry* a, const KeyEntry* b) { return a->key() == b->key(); };
  run_.erase(std::unique(run_.begin(), run_.end(), same_key), run_.end());

  std::vector<wal::KeyStore::Entry> entries;
  entries.reserve(run_.size());
  for (const KeyEntry* entry : run_)
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
  const std::string reason = store.put(tenant, entries, up_to);
  if (!reason.empty()) on_failure_("idempotency keys can't be written: " + reason);
  written_.store(true, std::memory_order_release);
  wake_();
}

void KeySpiller::turn() {
  if (!wants_turn()) return;
  const auto to_filter = [this](std::uint64_t hash, Time time) { filter_->add(hash, time); };
  if (!table_->release(released_per_turn, to_filter)) return;
  written_.store(false, std::memory_order_relaxed);
  table_ = nullptr;
}

}  // namespace tote
