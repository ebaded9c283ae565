// One step of an entity's history (Engine::history).
#pragma once

#include <string>
#include <vector>

#include "engine/kernel/code.h"
#include "engine/kernel/entity.h"
#include "engine/kernel/ordinal.h"
#include "wal/damage.h"

namespace tote {

// One event. A change of several events has several entries of the same version.
struct HistoryEntry {
  // Another entity that the same record has changed: what this was a part of.
  struct Other {
    KindId kind = 0;
    std::string id;
  };

  Version version{};
  Lsn lsn{};
  Time time{};
  std::string key;     // idempotency key of the request; empty: none, or time alone did it
  std::string actor;   // who gave the command; empty: nobody who has a name
  std::string events;  // this one, for Kind::describe_events
  std::string answer;  // the entity's figures after it, for Kind::describe_answer
  std::vector<Other> others;
};

// One page of it, oldest first.
struct History {
  Code code = Code::ok;  // not_found, overloaded, draining, trimmed, or log_damaged
  wal::Damage damage{};  // log_damaged: where and what; trimmed: the oldest that is left
  std::vector<HistoryEntry> entries;
  Version next{};  // ask for what comes after this version; 0: there is no more
  Lsn lsn{};       // of the newest entry
};

}  // namespace tote
