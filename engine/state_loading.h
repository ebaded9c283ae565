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
  Lsn newest{};                       // of all rows …
  const Kind* newest_kind = nullptr;  // … and whose it is
  std::string newest_tenant, newest_id;
  std::string newest_name() const;
};

// Makes a slot for each row that memory is to have; the others stay at rest.
LoadedStates load_states(Context& context, const wal::StateStore& store);

}  // namespace tote
