// Where an entity lives: with an actor, without one, or on its way. Not who waits for it: that is its queue
// (engine/entity_queue.h). An entity that is absent, or at rest (engine/tiers.h), has no slot at all: it comes
// (SlotTable::insert) and goes (SlotTable::erase) without an actor. Loop thread only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/kernel/invariant.h"

namespace tote {

class Residence {
 public:
  enum class State : std::uint8_t {
    dormant,      // no actor
    activating,   // its state is being fetched, or it is on its way to its actor; what comes for it is parked
    live,         // an actor handles what comes for it
    passivating,  // its actor does what was sent to it, then gives the state back; what comes for it is parked
  };
  enum class Event : std::uint8_t { wake, woken, let_go, given_back, fetched };

  State state() const { return state_; }
  bool is(State state) const { return state_ == state; }
  // What comes for it is parked until it has arrived.
  bool is_on_its_way() const { return is(State::activating) || is(State::passivating); }

  void wake() { go(Event::wake); }
  void woken() { go(Event::woken); }
  void let_go() { go(Event::let_go); }
  void given_back() { go(Event::given_back); }
  void fetched() { go(Event::fetched); }

  // Nothing: this can't happen to it there. It stops the process.
  static constexpr std::optional<State> after(State state, Event event) {
    return arrows[static_cast<std::size_t>(state)][static_cast<std::size_t>(event)];
  }

 private:
  using To = std::optional<State>;
  static constexpr To never{};
  // clang-format off
  static constexpr std::array<std::array<To, 5>, 4> arrows{{
      //               wake               woken        let_go              given_back      fetched
      /* dormant */     {State::activating, never,       never,              never,          never},
      /* activating */  {never,             State::live, never,              never,          State::dormant},
      /* live */        {never,             never,       State::passivating, never,          never},
      /* passivating */ {never,             never,       never,              State::dormant, never},
  }};
  // clang-format on

  void go(Event event) {
    const To to = after(state_, event);
    TOTE_INVARIANT(to.has_value());
    state_ = *to;
  }

  State state_ = State::dormant;
};

}  // namespace tote
