// The log that is followed: an engine's, or one that lies on disk.
#pragma once

#include <functional>
#include <string>

#include "engine/tote.h"
#include "wal/log.h"

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
  static LogSource of(const wal::Log& log) {  // which outlives it
    return {log.id(), [&log] { return log.durable(); },
            [&log](Lsn from, Lsn to, const Engine::RecordVisit& visit) {
              return log.read(from, to, visit).detail.empty();
            }};
  }
};

}  // namespace tote::events
