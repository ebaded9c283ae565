// What became of the backups that a running engine made (Engine::back_up, `tote backup`).
#pragma once

#include <cstdint>
#include <string>

#include "engine/kernel/ordinal.h"
#include "engine/kernel/time.h"

namespace tote {

struct BackupStatus {
  enum class State : std::uint8_t { none, running, done, failed };

  State state = State::none;                         // of the last one that was asked for; none since the start
  std::string name{};                                // done: of its directory, among the others
  Lsn last{};                                        // done: it has at least everything up to here
  Time began{}, ended{};                             // by the wall clock; running: not ended yet
  std::uint64_t copied_bytes = 0, linked_bytes = 0;  // linked: from the one before
  std::string reason{};                              // failed: why
  Time newest{};                                     // of the newest finished one of this log that is known; 0: none is
  std::uint64_t made = 0, failed = 0;                // since the start
};

}  // namespace tote
