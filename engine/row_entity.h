// From the row of an entity to the entity.
#pragma once

#include "engine/kernel/any_entity.h"
#include "wal/state_store.h"

namespace tote {

// False: the row isn't a state of its kind; the entity is anything then.
inline bool take_row(AnyEntity& entity, const wal::StateRow& row) {
  if (!entity.decode_state(row.state)) return false;
  entity.version = row.version;
  entity.lsn = row.lsn;
  entity.first_lsn = row.first;
  return true;
}

}  // namespace tote
