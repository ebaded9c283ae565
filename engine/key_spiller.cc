#include "engine/key_spiller.h"

#include <pthread.h>

#include <utility>

namespace tote {

void KeySpiller::start(const KeyMemtable& memtable, wal::KeyStore& store) {
  begin(Task::write, [this, &memtable, &store] {
    if (const std::string reason = save(memtable, store); !reason.empty())
      on_failure_("idempotency keys can't be written: " + reason);
  });
}

void KeySpiller::drop(wal::KeyStore& store, Time end) {
  begin(Task::drop, [this, &store, end] {
    if (const std::string reason = store.drop(end); !reason.empty())
      on_failure_("idempotency keys can't be removed: " + reason);
  });
}

void KeySpiller::destroy(std::unique_ptr<KeyMemtable> memtable) {
  begin(Task::destroy, [memtable = std::shared_ptr(std::move(memtable))]() mutable { memtable.reset(); });
}

void KeySpiller::begin(Task task, std::function<void()> work) {
  finish();
  task_ = task;
  thread_ = std::thread([this, work = std::move(work)] {
    pthread_setname_np(pthread_self(), "tote-keys");
    work();
    done_.store(true, std::memory_order_release);
    wake_();
  });
}

std::string KeySpiller::save(const KeyMemtable& memtable, wal::KeyStore& store) {
  return store.put(
      [&](const wal::KeyStore::Add& add) {
        memtable.each(
            [&](const KeyEntry& entry) { add(entry.lsn, entry.hash, record_of(entry, tenants_.name(entry.tenant))); });
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

std::optional<wal::KeyStore::Run> KeySpiller::turn() {
  if (!wants_turn()) return std::nullopt;
  done_.store(false, std::memory_order_relaxed);
  return std::exchange(task_, Task::none) == Task::write ? std::optional(run_) : std::nullopt;
}

}  // namespace tote
