// An engine over a log and rows that only memory has, which a crash loses as a disk would: the start of fixtures that
// send entities to rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "tests/engine/harness.h"
#include "tests/engine/memory_states.h"

namespace tote {

inline constexpr std::uint64_t ten_wallets = 10 * (Tiers::actor_bytes + 450);  // bytes: some ten live ones

struct Crashing {
  MemoryLog log;
  MemoryStates rows{log};
  TestClock clock;
  CoreOptions options;
  std::unique_ptr<Harness> engine;

  // start() is the fixture's, once its options are said.
  Crashing(std::uint64_t budget, Kinds kinds) {
    options.kinds = std::move(kinds);
    options.entities_bytes = budget;
    options.snapshot_thread = false;
  }
  void start() {
    engine.reset();
    engine = std::make_unique<Harness>(log, clock, options);
    engine->turns();
  }
  void crash(std::size_t rows_left = 0) {
    engine.reset();
    log.crash();
    rows.crash(rows_left);
    start();
  }
};

}  // namespace tote
