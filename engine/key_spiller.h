// Moves finished keys from memory to disk, on a thread of its own: the loop never waits for it. Loop thread only.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "engine/key_memtable.h"
#include "engine/tenants.h"
#include "wal/key_store.h"

namespace tote {

class KeySpiller {
 public:
  // `on_failure` is called on the spiller's thread when the disk fails; it must not return (DESIGN D4).
  // `wake` is called there when what was begun is done.
  KeySpiller(const Tenants& tenants, std::function<void(const std::string&)> on_failure, std::function<void()> wake)
      : tenants_(tenants), on_failure_(std::move(on_failure)), wake_(std::move(wake)) {}
  KeySpiller(const KeySpiller&) = delete;
  KeySpiller& operator=(const KeySpiller&) = delete;
  ~KeySpiller() { finish(); }

  // What start() would write at most.
  static std::uint64_t run_bytes_max(const KeyMemtable& memtable) {
    constexpr std::uint64_t more_a_key = 64;  // that a record and its index entry take beyond the one in memory
    return memtable.used_bytes() + memtable.size() * more_a_key;
  }

  // One of these at a time: while it is busy none may begin.
  bool is_busy() const { return task_ != Task::none; }
  // Makes a run of it. It must stay, and nothing may be inserted, until turn() gives the run.
  void start(const KeyMemtable& memtable, wal::KeyStore& store);
  // Removes the runs whose newest key is not after `end`.
  void drop(wal::KeyStore& store, Time end);
  void destroy(std::unique_ptr<KeyMemtable> memtable);
  // The run that start() began, once it is durable.
  std::optional<wal::KeyStore::Run> turn();
  // True: turn() has something to do.
  bool wants_turn() const { return is_busy() && done_.load(std::memory_order_acquire); }
  // Waits for what the thread does.
  void finish() {
    if (thread_.joinable()) thread_.join();
  }

  // The record of an entry, as it is kept on disk.
  static wal::Record record_of(const KeyEntry& entry, std::string_view tenant);

 private:
  enum class Task : std::uint8_t { none, write, drop, destroy };

  void begin(Task task, std::function<void()> work);
  // Never inlined: tests/tsan.supp names it, for what RocksDB does with two writers.
  [[gnu::noinline]] std::string save(const KeyMemtable& memtable, wal::KeyStore& store);

  const Tenants& tenants_;
  std::function<void(const std::string&)> on_failure_;
  std::function<void()> wake_;
  Task task_ = Task::none;

  // Handed to the thread and back.
  wal::KeyStore::Run run_;
  std::atomic<bool> done_{false};
  std::thread thread_;
};

}  // namespace tote
