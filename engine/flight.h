// One request on its way through the engine, and lists of them. Flights live in the loop's pool; messages between
// actors carry only pointers to them, many at a time: the hop is paid once per batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/kernel/script.h"
#include "engine/request.h"

namespace tote {

struct Slot;

struct Flight {
  enum class Purpose : std::uint8_t {
    execute,
    find_outcome,
    follow_up,  // the engine's own, nobody waits for it
    place,      // in the queue of an entity, for `transaction`
  };

  // Of its key on disk. Others with the same key wait for it unjudged until it is `none` again. `unasked`: it waits
  // for a place among those that are looked up, and nobody waits for it yet.
  enum class Lookup : std::uint8_t { none, unasked, pending, absent, found, damaged };

  std::uint64_t hash = 0;         // of its idempotency key
  Flight* next = nullptr;         // in the list it is in
  Flight* duplicates = nullptr;   // same key, arrived while this one was in flight (duplicates.h)
  Flight* transaction = nullptr;  // place: whose
  Sink* sink = nullptr;
  std::uint64_t tag = 0;
  std::int64_t deadline_ns = 0;  // monotonic; 0 = none
  std::int64_t arrived_ns = 0;   // monotonic, of a sample (engine/radar.h)
  Lsn gate{};                    // leaves the output gate when this is durable
  Time time{};                   // of its record, for the retention of its key
  Purpose purpose = Purpose::execute;
  Lookup lookup = Lookup::none;
  bool is_recorded = false;          // of a shared log: its gate opens only if no other machine owns the log
  std::uint64_t question = 0;        // of a shared log: it leaves when this one is confirmed (wal/log.h); 0: not asked
  std::uint32_t stands_for = 0;      // requests, a sample of the radar's; 0: it is none
  Fingerprint stored_fingerprint{};  // lookup found: of the command that `outcome` is the answer to
                                     // (damaged: `outcome.lsn` is where)
  std::vector<Slot*> visits;         // of a transaction: its entities
  std::size_t missing = 0;           // so many of them don't hold still for it yet
  Request request;
  Outcome outcome;

  bool is_read() const { return !request.command || request.is_question; }
  bool is_keyed() const { return !request.key.empty() && !is_read(); }
  // It goes to the idempotency actor first.
  bool asks_for_key() const { return is_keyed() || purpose == Purpose::find_outcome; }
  // The transaction that it asks for, or null.
  const Script* script() const {
    const auto* script = request.command.get<ScriptPtr>();
    return script == nullptr ? nullptr : script->get();
  }

  // As new, but for the memory that its texts and lists have: the next one needs it, too.
  void reset();
};

inline void Flight::reset() {
  hash = 0;
  next = duplicates = transaction = nullptr;
  sink = nullptr;
  tag = 0;
  deadline_ns = 0;
  gate = {};
  time = {};
  purpose = Purpose::execute;
  lookup = Lookup::none;
  is_recorded = false;
  question = 0;
  stands_for = 0;
  stored_fingerprint = {};
  visits.clear();
  missing = 0;

  request.tenant = {};
  request.kind = 0;
  request.entity.clear();
  request.command.reset();
  request.is_question = false;
  request.key.clear();
  request.fingerprint = {};
  request.actor.clear();
  request.expected_version.reset();
  request.min_lsn = {};
  request.deadline_ms = 0;
  request.trace = {};
  request.is_promised = false;

  outcome.code = Code::ok;
  outcome.facts.clear();
  outcome.version = {};
  outcome.lsn = {};
  outcome.replayed = false;
  outcome.kind = 0;
  outcome.entity.clear();
  outcome.answer.clear();
}

// A list that owns nothing: first in, first out, two pointers.
class FlightList {
 public:
  bool empty() const { return head_ == nullptr; }
  Flight* front() const { return head_; }
  Flight* back() const { return tail_; }

  void push(Flight* flight) {
    flight->next = nullptr;
    (tail_ == nullptr ? head_ : tail_->next) = flight;
    tail_ = flight;
  }
  Flight* pop() {
    Flight* flight = head_;
    head_ = flight->next;
    __builtin_prefetch(head_);
    if (head_ == nullptr) tail_ = nullptr;
    return flight;
  }
  void append(FlightList& other) {
    if (other.empty()) return;
    (tail_ == nullptr ? head_ : tail_->next) = other.head_;
    tail_ = other.tail_;
    other = {};
  }
  FlightList take() {
    FlightList all = *this;
    *this = {};
    return all;
  }

 private:
  Flight* head_ = nullptr;
  Flight* tail_ = nullptr;
};

// Recycles flights, newest first, so that those in use stay in the cache. Loop thread only.
class FlightPool {
 public:
  Flight* take() {
    if (free_ == nullptr) grow();
    Flight* flight = free_;
    free_ = flight->next;
    return flight;
  }
  void give_back(Flight* flight) {
    flight->reset();
    flight->next = free_;
    free_ = flight;
  }

 private:
  static constexpr std::size_t chunk_flights = 256;

  void grow() {
    chunks_.push_back(std::make_unique<Flight[]>(chunk_flights));
    for (std::size_t i = chunk_flights; i-- > 0;) {
      chunks_.back()[i].next = free_;
      free_ = &chunks_.back()[i];
    }
  }

  std::vector<std::unique_ptr<Flight[]>> chunks_;
  Flight* free_ = nullptr;
};

}  // namespace tote
