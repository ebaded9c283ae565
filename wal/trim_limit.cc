#include "wal/trim_limit.h"

#include <algorithm>

namespace tote::wal {

TrimLimit trim_limit(const TrimNeeds& needs) {
  TrimLimit limit;
  if (needs.snapshot == Lsn{}) return limit;
  limit.below = std::min({needs.snapshot, needs.keys_from, needs.kept_from});
  const Lsn wanted = limit.below;
  for (const Hold& hold : needs.holds) {
    if (hold.from >= limit.below || hold.from < needs.held_from) continue;
    limit.below = hold.from;
    limit.held_by = hold.name;
  }
  for (const Hold& hold : needs.holds)
    if (hold.from < needs.held_from && hold.from < wanted) limit.let_go.push_back(hold.name);
  return limit;
}

}  // namespace tote::wal
