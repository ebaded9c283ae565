// The log that is followed: an engine's, or one that lies on disk.
#pragma once

#include <functional>
#include <string>

#include "engine/tote.h"

namespace tote::events {

// Any thread.
struct LogSource {
  std::string id;
  std::function<Lsn()> durable;
  std::function<bool(Lsn from, Lsn to, const Engine::RecordVisit& visit)> read;  // false: it can't be read

  static LogSource of(const Engine& engine) {  // which outlives it
    return {engine.log_id(), [&engine] { return engine.durable(); },
            [&engine](Lsn from, Lsn to, const Engine::RecordVisit& visit) { return engine.read_log(from, to, visit); }};
  }
};

}  // namespace tote::events
