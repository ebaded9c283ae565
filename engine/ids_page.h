// What is asked of an engine's entities by their ids, and what comes of it (Engine::ids).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/kernel/code.h"
#include "engine/kernel/entity.h"
#include "engine/kernel/ordinal.h"

namespace tote {

struct IdsAsk {
  KindId kind = 0;
  std::string after{};        // only ids that are greater
  std::string prefix{};       // and begin like this
  bool only_alerted = false;  // only those with an alert (engine/kernel/effect.h): they never leave the memory
  std::size_t limit = 100;    // 1 to 10 000; 0 is taken for 1, more for 10 000
};

struct IdsPage {
  Code code = Code::ok;  // overloaded, draining, or log_damaged: what is on disk can't be read
  std::vector<std::string> ids{};
  bool is_last = false;  // there are no more
  Lsn as_of{};           // every entity of that LSN is there; it is durable when the page is
};

}  // namespace tote
