// The log that is followed: an engine's, or one that lies on disk.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include "engine/tote.h"
#include "wal/log.h"

namespace tote::events {

// Any thread.
struct LogSource {
  std::string id;
  std::function<Lsn()> durable;
  std::function<wal::Damage(Lsn from, Lsn to, const Engine::RecordVisit& visit)> read;

  static LogSource of(const Engine& engine) {  // which outlives it
    return {engine.log_id(), [&engine] { return engine.durable(); },
            [&engine](Lsn from, Lsn to, const Engine::RecordVisit& visit) { return engine.read_log(from, to, visit); }};
  }
  static LogSource of(const wal::Log& log) {  // which outlives it
    return {log.id(), [&log] { return log.durable(); },
            [&log](Lsn from, Lsn to, const Engine::RecordVisit& visit) { return log.read(from, to, visit); }};
  }
};

// Throws when the log couldn't be read, and says where: a follower stands still then.
inline void must_be_sound(const wal::Damage& damage) {
  if (damage.is_none()) return;
  std::string text = "the log can't be read";
  if (damage.lsn != Lsn{}) text += " at LSN " + std::to_string(damage.lsn.value);
  throw std::runtime_error(text + ": " + damage.detail);
}

}  // namespace tote::events
