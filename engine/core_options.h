// What an engine is told when it is made; engine/tote.h says what each means to an embedder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "engine/effect_call.h"
#include "engine/kernel/any_entity.h"
#include "wal/damage.h"

namespace tote {

struct CoreOptions {
  Kinds kinds;
  std::int64_t key_retention_s = 86'400;
  std::size_t keys_in_memory_max = 2'000'000;
  std::size_t key_runs_max = 64;  // on disk; beyond it some are merged
  std::size_t entities_live_max = 2'000'000;
  std::uint64_t entities_bytes = 0;                   // beyond them entities leave memory; 0: none does
  std::size_t waiting_reads_max = 65'536;             // of all tenants
  std::size_t waiting_reads_per_tenant_max = 16'384;  // of one
  std::int64_t snapshot_interval_ms = 60'000;         // 0: none are made
  std::uint64_t snapshot_tail_records = 1'000'000;    // of log, after which one is due before its time
  std::size_t snapshot_rows_a_turn = 512;             // at most, and as many as go into some 150 microseconds
  bool snapshot_thread = true;                        // false: the turns of the loop write rows, and read them
  bool from_snapshot = true;                          // false: recovery replays the whole log
  bool read_only = false;
  std::function<void()> wake = [] {};            // from the key spiller's thread: turn() has something to do
  std::function<bool(EffectCall&)> on_effect{};  // see Options
  std::function<void(const Alert&)> on_alert{};
  std::function<void(const Alert&)> on_alert_change{};
  std::function<void(const wal::Damage&)> on_damage = [](const wal::Damage&) {};  // keys can't be read. Any thread
  std::function<void(const std::string&)> on_failure{};  // the disk failed; must not return. Default: stop the process
};

}  // namespace tote
