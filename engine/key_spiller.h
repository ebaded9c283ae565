// Moves the oldest finished keys of a tenant from memory to disk, on a thread of its own: the loop never waits for it.
// Loop thread only.
#pragma once

#include <atomic>
#include <functional>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/bloom_filter.h"
#include "engine/key_table.h"
#include "wal/key_store.h"

namespace tote {

class KeySpiller {
 public:
  static constexpr std::size_t keys_per_run_max = 512 << 10;

  // `on_failure` is called on the spiller's thread when the disk fails; it must not return (DESIGN D4).
  // `wake` is called there when a run is written.
  KeySpiller(std::function<void(const std::string&)> on_failure, std::function<void()> wake)
      : on_failure_(std::move(on_failure)), wake_(std::move(wake)) {}
  KeySpiller(const KeySpiller&) = delete;
  KeySpiller& operator=(const KeySpiller&) = delete;
  ~KeySpiller() { finish(); }

  bool is_busy() const { return table_ != nullptr; }
  // Begins with the older half of `table`, at most keys_per_run_max.
  void start(std::string_view tenant, KeyTable& table, KeyFilter& filter, wal::KeyStore& store);
  // Takes a finished run out of memory, a little at a time: no turn of the loop gets long.
  void turn();
  // Waits for the run that is being written; its entries stay in memory.
  void finish() {
    if (thread_.joinable()) thread_.join();
  }
  // True: turn() has something to do.
  bool wants_turn() const { return is_busy() && written_.load(std::memory_order_acquire); }

 private:
  void write(std::string_view tenant, wal::KeyStore& store);
  // Never inlined: tests/tsan.supp names it, for what RocksDB does with two writers.
  [[gnu::noinline]] void save(std::string_view tenant, wal::KeyStore& store,
                              std::span<const wal::KeyStore::Entry> entries, Lsn up_to);

  std::function<void(const std::string&)> on_failure_;
  std::function<void()> wake_;
  KeyTable* table_ = nullptr;  // being spilled
  KeyFilter* filter_ = nullptr;
  std::vector<const KeyEntry*> run_;
  std::atomic<bool> written_{false};
  std::thread thread_;
};

}  // namespace tote
