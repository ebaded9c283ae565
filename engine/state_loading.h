// The first half of a start: entities as a snapshot has them. The second half replays the records after it. Before any
// actor exists.
#pragma once

#include <cstdint>
#include <string>

#include "engine/context.h"

namespace tote {

struct LoadedStates {
  wal::Damage damage;       // detail empty: none
  bool is_unknown = false;  // it isn't damage: a kind that this program doesn't know
  std::uint64_t rows = 0;
  Lsn newest{};             // of all rows …
  std::string newest_name;  // … and whose it is
};

// Makes a slot for each row.
LoadedStates load_states(Context& context, const wal::StateStore& store);

}  // namespace tote
