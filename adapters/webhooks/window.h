// What an endpoint is still owed: the events that are read and not yet delivered, in which order they may be sent, and
// up to where everything is delivered. No clock, thread or network: times come in.
//
// An event isn't sent before the one before it of the same entity is delivered or put aside; other entities overtake.
// An entity that is stuck keeps at most `entity_events_max` here: what comes after is left in the log, from where it is
// read again once these are gone, so that one entity can't fill the window and hold up all others. When many are, and
// fill it together, shed() leaves one of them to the log as a whole.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "adapters/events/event_reader.h"

namespace tote::webhooks {

class Window {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // One event that is owed.
  struct Item {
    events::DomainEvent event;
    int failures = 0;
    int failures_beside = 0;  // of these, how many while other events of the endpoint were delivered
    TimePoint first_failed_at{}, last_failed_at{}, due_at{};
    bool is_flying = false;
  };
  // An entity whose events go on in the log, after `from`; all that were here are delivered.
  struct Starved {
    std::string entity;
    events::Position from;
  };

  static constexpr std::size_t events_max = 1'000, entity_events_max = 100;

  std::size_t size() const { return items_.size(); }
  bool is_full() const { return items_.size() >= events_max; }

  // The next event as it was read.
  void push(events::DomainEvent event, TimePoint now);
  // The due one that has waited longest, from now on flying. Null: none is due.
  Item* take_due(TimePoint now);
  // The one that has failed least often, due or not. Null: none waits.
  Item* take_any();
  // The flying one after this position, as Position::after() has it.
  Item& at(events::Position after) { return items_.at(after); }

  // How the flight ended. Of settled ones, delivered or put aside, nothing remains.
  void settle(events::Position after, TimePoint now);
  // `delivered_at`: when the endpoint last took an event.
  void retry(events::Position after, TimePoint now, TimePoint due_at, TimePoint delivered_at);
  // Whether every entity here has failed already.
  bool is_stuck() const;
  // Leaves the last entity that failed to the log, as if its events had never been read. False: there is none, or there
  // are `left_max` in the log.
  bool shed();
  static constexpr std::size_t left_max = 10'000;
  // Everything that waits is due.
  void hurry(TimePoint now);

  // Everything up to here is settled; nothing: everything that was pushed.
  std::optional<events::Position> settled_to() const;

  // The same with exceptions: everything up to `ahead` (nothing: everything that was pushed) is settled, but for these
  // entities, which go on after what they have here. None when more than `stuck_max` are stuck.
  struct Progress {
    std::optional<events::Position> ahead;
    std::map<std::string, events::Position> stuck{};
  };
  static constexpr std::size_t stuck_max = 32;
  Progress progress() const;
  // An entity of an earlier progress().
  void owe(const std::string& entity, events::Position from) { left_[entity] = from; }

  // Another one each time.
  std::optional<Starved> starved();
  // What came from the log for a starved entity. `to`: where that reading ended; `caught_up`: that is where push() is.
  void refill(const std::string& entity, std::vector<events::DomainEvent> found, events::Position to, bool caught_up,
              TimePoint now);

  // The name of an entity among all.
  static std::string entity_of(const events::DomainEvent& event) {
    return event.tenant + '/' + event.aggregate + '/' + event.entity;
  }

 private:
  using Positions = std::deque<events::Position>;

  void add(const std::string& entity, events::DomainEvent event, TimePoint now);
  void wait(const Item& item);

  // What shed() remembers of the first event.
  struct Tried {
    int failures = 0, failures_beside = 0;
    TimePoint first_failed_at{}, last_failed_at{}, due_at{};
  };

  std::map<events::Position, Item> items_;
  std::map<std::string, Positions> entities_;     // those with items, oldest first: only the first may be sent
  std::map<std::string, events::Position> left_;  // entities that go on in the log, after this
  std::map<std::string, Tried> shed_;             // of these, those that were tried
  std::string starved_last_;
  std::set<std::pair<TimePoint, events::Position>> waiting_;  // the first of each entity, unless it is flying
};

}  // namespace tote::webhooks
