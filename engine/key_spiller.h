// Moves the oldest finished keys from memory to disk, on a thread of its own: the loop never waits for it. Loop thread
// only.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "engine/key_filter.h"
#include "engine/key_groups.h"
#include "engine/key_table.h"
#include "engine/tenants.h"
#include "wal/key_store.h"

namespace tote {

class KeySpiller {
 public:
  static constexpr std::size_t keys_per_run = 512 << 10;

  // `on_failure` is called on the spiller's thread when the disk fails; it must not return (DESIGN D4).
  // `wake` is called there when a run is written, or others are dropped.
  KeySpiller(const Tenants& tenants, std::function<void(const std::string&)> on_failure, std::function<void()> wake)
      : tenants_(tenants), on_failure_(std::move(on_failure)), wake_(std::move(wake)) {}
  KeySpiller(const KeySpiller&) = delete;
  KeySpiller& operator=(const KeySpiller&) = delete;
  ~KeySpiller() { finish(); }

  // What start() would write at most.
  static std::uint64_t run_bytes_max(const KeyTable& table) {
    constexpr std::uint64_t more_a_key = 64;  // that a record and its index entry take beyond the one in memory
    const KeyTable::Size oldest = table.size_of_oldest(keys_of_run(table));
    return oldest.bytes + oldest.count * more_a_key;
  }

  bool is_busy() const { return task_ != Task::none; }
  // Begins with the older half of `table`, at most about keys_per_run.
  void start(KeyTable& table, wal::KeyStore& store);
  // Begins to remove the runs whose newest key is not after `end`.
  void drop(wal::KeyStore& store, Time end);
  // Takes a finished run out of memory, a little at a time: no turn of the loop gets long.
  void turn(KeyTable& table, KeyFilter& filter, KeyGroups& groups);
  // Waits for what the thread does; the entries of a run stay in memory.
  void finish() {
    if (thread_.joinable()) thread_.join();
  }
  // True: turn() has something to do.
  bool wants_turn() const { return is_busy() && done_.load(std::memory_order_acquire); }

  // The record of an entry, as it is kept on disk.
  static wal::Record record_of(const KeyEntry& entry, std::string_view tenant);

 private:
  enum class Task : std::uint8_t { none, write, drop };

  static std::size_t keys_of_run(const KeyTable& table) {
    return std::clamp<std::size_t>(table.size() / 2, 1, keys_per_run);
  }
  void begin(std::function<void()> task);
  // Never inlined: tests/tsan.supp names it, for what RocksDB does with two writers.
  [[gnu::noinline]] std::string save(wal::KeyStore& store);

  const Tenants& tenants_;
  std::function<void(const std::string&)> on_failure_;
  std::function<void()> wake_;
  Task task_ = Task::none;
  bool is_announced_ = false;  // the filter knows of the run

  // Handed to the thread and back.
  std::vector<KeyTable::Span> spans_;
  wal::KeyStore::Run run_;
  std::atomic<bool> done_{false};
  std::thread thread_;
};

}  // namespace tote
