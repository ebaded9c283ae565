#include "adapters/events/log_checks.h"

namespace tote::events {

void must_be_sound(const wal::Damage& damage) {
  if (damage.is_none()) return;
  std::string text = "the log can't be read";
  if (damage.lsn != Lsn{}) text += " at LSN " + std::to_string(damage.lsn.value);
  throw std::runtime_error(text + ": " + damage.detail);
}

Time time_of(const wal::LogReader& log, Lsn lsn) {
  Time time;
  const auto look = [&time](Lsn, const wal::Record& record) {
    time = record.time;
    return true;
  };
  if (lsn == Lsn{}) return time;
  must_be_sound(log.read(lsn, lsn, look));
  if (time == Time{}) must_be_sound({lsn, "there is no such record"});
  return time;
}

void check_not_ahead(const std::string& who, Lsn at, Lsn durable) {
  if (at > durable)
    throw Mismatch(who + " has everything up to LSN " + std::to_string(at.value) + ", but the log ends at " +
                   std::to_string(durable.value) + ": acknowledged records were lost");
}

void check_not_trimmed(const wal::LogReader& log, const std::string& who, Lsn next) {
  if (const Lsn first = log.first(); next < first)
    throw Trimmed(who + " goes on with LSN " + std::to_string(next.value) + ", but the log begins at " +
                  std::to_string(first.value) +
                  ": what it wasn't told is no longer there. The way on is in docs/operations.md, \"A follower that "
                  "was let go\"");
}

void check_history(const wal::LogReader& log, const std::string& who, Lsn at, Time time) {
  check_not_ahead(who, at, log.durable());
  check_not_trimmed(log, who, at == Lsn{} ? at.next() : at);
  if (time_of(log, at) != time)
    throw Mismatch(who + " knows another record of LSN " + std::to_string(at.value) +
                   " than the log has: acknowledged records were lost");
}

}  // namespace tote::events
