// Reads the log as events, from a position on.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/events/domain_events.h"
#include "wal/log_reader.h"

namespace tote::events {

// How far a destination has been told: all events up to `lsn`, and the first `events` of the record after it.
struct Position {
  Lsn lsn{};
  std::uint32_t events = 0;

  static Position after(const DomainEvent& event) { return {{event.lsn.value - 1}, event.ordinal + 1}; }
  auto operator<=>(const Position&) const = default;
};

class EventReader {
 public:
  // `tenant`: only its events; empty: all. `is_wanted`: only these types; none: all.
  // The log outlives it.
  EventReader(const wal::LogReader& log, Kinds kinds, std::string tenant = {}, TypeFilter is_wanted = {})
      : log_(log), kinds_(std::move(kinds)), tenant_(std::move(tenant)), is_wanted_(std::move(is_wanted)) {}

  const Position& position() const { return position_; }
  void seek(Position position) { position_ = position; }

  // Appends what comes next: the events of whole records, until there are `events_max` or some thousand records are
  // read, and moves the position, which it may do without an event. False: there is nothing new. Throws Trimmed when
  // the log begins after it, std::runtime_error when the log can't be read; then neither has changed.
  bool read(std::size_t events_max, std::vector<DomainEvent>& out);

 private:
  const wal::LogReader& log_;
  const Kinds kinds_;
  const std::string tenant_;
  const TypeFilter is_wanted_;
  Position position_;
};

}  // namespace tote::events
