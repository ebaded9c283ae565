#include "engine/key_spiller.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

namespace tote {
namespace {

constexpr std::size_t released_per_turn = 1'024;

}  // namespace

void KeySpiller::start(KeyTable& table, wal::KeyStore& store) {
  task_ = Task::write;
  is_announced_ = false;
  spans_ = table.pin_oldest(keys_of_run(table));
  begin([this, &store] {
    if (const std::string reason = save(store); !reason.empty())
      on_failure_("idempotency keys can't be written: " + reason);
  });
}

void KeySpiller::drop(wal::KeyStore& store, Time end) {
  task_ = Task::drop;
  begin([this, &store, end] {
    if (const std::string reason = store.drop(end); !reason.empty())
      on_failure_("idempotency keys can't be removed: " + reason);
  });
}

void KeySpiller::begin(std::function<void()> task) {
  finish();
  thread_ = std::thread([this, task = std::move(task)] {
    pthread_setname_np(pthread_self(), "tote-keys");
    task();
    done_.store(true, std::memory_order_release);
    wake_();
  });
}

// Reads only what the loop leaves alone while the entries are pinned.
std::string KeySpiller::save(wal::KeyStore& store) {
  return store.put(
      [this](const wal::KeyStore::Add& add) {
        for (const KeyTable::Span span : spans_)
          KeyTable::each(span, [&](const KeyEntry& entry) {
            add(entry.lsn, entry.hash, record_of(entry, tenants_.name(entry.tenant)));
          });
      },
      run_);
}

wal::Record KeySpiller::record_of(const KeyEntry& entry, std::string_view tenant) {
  return {.time = entry.time,
          .tenant = tenant,
          .kind = entry.kind,
          .entity = entry.entity(),
          .version = entry.version,
          .key = entry.key(),
          .fingerprint = entry.fingerprint,
          .code = entry.code,
          .facts = entry.facts(),
          .answer = entry.answer()};
}

void KeySpiller::turn(KeyTable& table, KeyFilter& filter, KeyGroups& groups) {
  if (!wants_turn()) return;
  if (task_ == Task::write) {
    if (!std::exchange(is_announced_, true)) {
      filter.begin_run(groups.number_for(run_), table.pinned());
      spans_.clear();
    }
    if (!table.release(
            released_per_turn, [&](std::uint64_t hash) { filter.prefetch(hash); },
            [&](std::uint64_t hash) { filter.add(hash); }))
      return;
  }
  done_.store(false, std::memory_order_relaxed);
  task_ = Task::none;
}

}  // namespace tote
