// Reads the log as events, from a position on.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/events/domain_events.h"
#include "adapters/events/log_source.h"

namespace tote::events {

// How far a destination has been told: all events up to `lsn`, and the first `events` of the record after it.
struct Position {
  Lsn lsn{};
  std::uint32_t events = 0;

  static Position after(const DomainEvent& event) { return {{event.lsn.value - 1}, event.ordinal + 1}; }
  auto operator<=>(const Position&) const = default;
};

// When that record was made; zero for LSN 0. Throws std::runtime_error when it can't be read.
Time time_of(const LogSource& log, Lsn lsn);

// Throws Mismatch when `who`, which has everything up to `at`, knows more than the log, whose end is `durable`.
void check_not_ahead(const std::string& who, Lsn at, Lsn durable);
// The same, and when it knows another record of that LSN than the log has, by its time: a log that was restored from a
// backup goes on with other records under the same LSNs.
void check_history(const LogSource& log, const std::string& who, Lsn at, Time time);

class EventReader {
 public:
  // `tenant`: only its events; empty: all. `is_wanted`: only these types; none: all.
  EventReader(LogSource log, Kinds kinds, std::string tenant = {}, TypeFilter is_wanted = {})
      : log_(std::move(log)), kinds_(std::move(kinds)), tenant_(std::move(tenant)), is_wanted_(std::move(is_wanted)) {}

  const Position& position() const { return position_; }
  void seek(Position position) { position_ = position; }

  // Appends what comes next: the events of whole records, until there are `events_max` or some thousand records are
  // read, and moves the position, which it may do without an event. False: there is nothing new. Throws
  // std::runtime_error when the log can't be read; then neither has changed.
  bool read(std::size_t events_max, std::vector<DomainEvent>& out);

 private:
  const LogSource log_;
  const Kinds kinds_;
  const std::string tenant_;
  const TypeFilter is_wanted_;
  Position position_;
};

}  // namespace tote::events
