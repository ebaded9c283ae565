// What a follower makes sure of before it believes a cursor, its own or its destination's. Each throws when it isn't
// so; the follower stands still then, and says why. Any thread.
#pragma once

#include <stdexcept>
#include <string>

#include "wal/log_reader.h"

namespace tote::events {

// No retry helps: the destination and the log don't belong together.
class Mismatch : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// They do, but what the destination wasn't told is no longer in the log.
class Trimmed final : public Mismatch {
 public:
  using Mismatch::Mismatch;
};

// Throws std::runtime_error when the log couldn't be read, and says where.
void must_be_sound(const wal::Damage& damage);

// When that record was made; zero for LSN 0. Throws as must_be_sound().
Time time_of(const wal::LogReader& log, Lsn lsn);

// Throws Mismatch when `who`, which has everything up to `at`, knows more than the log, whose end is `durable`.
void check_not_ahead(const std::string& who, Lsn at, Lsn durable);

// Throws Trimmed when the log begins after the record that `who` goes on with.
void check_not_trimmed(const wal::LogReader& log, const std::string& who, Lsn next);

// Both, and throws Mismatch when `who` knows another record of that LSN than the log has, by its time: a log that was
// restored from a backup goes on with other records under the same LSNs. So the record itself must still be there.
void check_history(const wal::LogReader& log, const std::string& who, Lsn at, Time time);

}  // namespace tote::events
