// What the parts of a node share. Private to the room.
#pragma once

#include <utility>
#include <vector>

#include "engine/kernel/time.h"
#include "replication/holding.h"
#include "replication/log_view.h"
#include "replication/options.h"
#include "replication/rules.h"

namespace tote::replication {

struct Context {
  const Options options;
  const Rules rules;
  const LogView& log;
  Holding holding;
  std::vector<Demand> demands{};

  void demand(Demand demand) { demands.push_back(std::move(demand)); }
  void send(const NodeId& to, Message message) { demand(Send{to, std::move(message)}); }
};

// Has so much time passed?
inline bool is_past(Time since, std::int64_t ms, Time now) { return now.ns - since.ns >= ms * ns_per_ms; }

}  // namespace tote::replication
