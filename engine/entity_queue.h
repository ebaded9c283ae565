// Who waits for an entity, in order: requests, and the transactions that hold it still (engine/transactions.h). Not
// where the entity lives: that is its residence (engine/residence.h). Loop thread only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "engine/flight.h"
#include "engine/kernel/invariant.h"

namespace tote {

class EntityQueue {
 public:
  enum class State : std::uint8_t {
    idle,      // no message is on its way to the actor
    busy,      // some are
    settling,  // some are, and a transaction is next: what comes now is parked
    held,      // it holds still for that transaction, until it has run
  };
  enum class Event : std::uint8_t { sent, done, hold, let_go };  // done: the last message

  State state() const {
    if (holder_ == nullptr) return pending_ == 0 ? State::idle : State::busy;
    return pending_ == 0 ? State::held : State::settling;
  }
  bool is(State state) const { return this->state() == state; }
  // The transaction that it settles or holds still for, or null.
  const Flight* holder() const { return holder_; }
  Flight* holder() { return holder_; }

  // A message went to the actor.
  void sent() {
    go(Event::sent);
    ++pending_;
  }
  // The actor is done with so many of them. True: it holds still now, for a transaction.
  bool done(std::uint32_t messages) {
    TOTE_INVARIANT(messages <= pending_);
    if (messages == pending_) go(Event::done);
    pending_ -= messages;
    return is(State::held);
  }
  void hold(Flight* transaction) {
    go(Event::hold);
    holder_ = transaction;
  }
  void let_go() {
    go(Event::let_go);
    holder_ = nullptr;
  }

  // Nothing: this can't happen to it there. It stops the process.
  static constexpr std::optional<State> after(State state, Event event) {
    return arrows[static_cast<std::size_t>(state)][static_cast<std::size_t>(event)];
  }

  // -- of the batch that is being handed out: goes to the actor in one message
  bool has_staged() const { return !staged_.empty(); }
  void stage(Flight* flight) { staged_.push(flight); }
  FlightList take_staged() { return staged_.take(); }

  // -- later: behind a transaction, or behind the entity's way to its actor or from it
  bool has_parked() const { return !parked_.empty(); }
  const Flight* first_parked() const { return parked_.front(); }
  void park(Flight* flight) { parked_.push(flight); }
  Flight* take_parked() { return parked_.pop(); }
  // What is staged came before what is parked.
  void park_staged() {
    staged_.append(parked_);
    std::swap(staged_, parked_);
  }

  // -- transactions on their way that name the entity: it must not be forgotten
  void await() { ++awaited_; }
  void await_no_more() { --awaited_; }
  bool is_awaited() const { return awaited_ > 0; }

  bool is_empty() const { return is(State::idle) && !has_staged() && !has_parked() && !is_awaited(); }

 private:
  using To = std::optional<State>;
  static constexpr To never{};
  // clang-format off
  static constexpr std::array<std::array<To, 4>, 4> arrows{{
      //            sent             done         hold             let_go
      /* idle */     {State::busy,     never,       State::held,     never},
      /* busy */     {State::busy,     State::idle, State::settling, never},
      /* settling */ {State::settling, State::held, never,           never},  // sent: it goes on with its backlog
      /* held */     {never,           never,       never,           State::idle},
  }};
  // clang-format on

  void go(Event event) const { TOTE_INVARIANT(after(state(), event).has_value()); }

  std::uint32_t pending_ = 0;  // messages sent to the actor and not done yet
  std::uint32_t awaited_ = 0;
  FlightList staged_;
  Flight* holder_ = nullptr;
  FlightList parked_;
};

}  // namespace tote
