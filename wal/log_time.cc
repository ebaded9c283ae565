#include "wal/log_time.h"

#include <algorithm>

namespace tote::wal {
namespace {

// `is_older`: whether the record at `lsn` is.
Damage look(const LogReader& log, Lsn lsn, Time time, bool& is_older) {
  bool is_there = false;
  Damage damage = log.read(lsn, lsn, [&](Lsn, const Record& record) {
    is_there = true;
    is_older = record.time.ns < time.ns;
    return false;
  });
  if (damage.is_none() && !is_there) damage = {lsn, "there is no such record"};
  return damage;
}

LsnAt bisect(const LogReader& log, Lsn first, Lsn newest, Time time) {
  std::uint64_t low = first.value, high = std::max(newest.value + 1, low);
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    bool is_older = false;
    if (Damage damage = look(log, {middle}, time, is_older); !damage.is_none()) return {{middle}, std::move(damage)};
    is_older ? low = middle + 1 : high = middle;
  }
  return {{low}, {}};
}

}  // namespace

// What is taken from the archive meanwhile isn't damage: the log begins later then.
LsnAt first_record_since(const LogReader& log, Time time, Lsn newest) {
  for (;;) {
    const Lsn first = log.first();
    LsnAt found = bisect(log, first, newest, time);
    if (found.damage.is_none() || log.first() == first) return found;
  }
}

}  // namespace tote::wal
