// Does a state come back from its bytes, all of it? A copy lives through the same events, and is made anew from its
// bytes after each record: what it forgets is missing from what comes later.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "engine/kernel/kind_of.h"
#include "engine/kernel/state_bytes.h"

namespace tote {

template <class State>
std::string state_bytes(const State& state) {
  std::string bytes;
  encode_state(state, bytes);
  return bytes;
}

template <Entity E>
class StateCopy {
 public:
  // Events as a record has them.
  void replay(std::string_view events) {
    std::string_view bytes;
    typename E::Event event;
    while (next_event(events, bytes)) {
      REQUIRE(E::decode(bytes, event));
      REQUIRE(E::fits(state_, event));
      E::apply(state_, event);
    }
    const std::string written = state_bytes(state_);
    typename E::State again;
    REQUIRE(decode_state(written, again));
    CHECK(state_bytes(again) == written);
    state_ = std::move(again);
  }

  void check_like(const typename E::State& state) const {
    CHECK(state_bytes(state_) == state_bytes(state));
    CHECK(E::next_due(state_) == E::next_due(state));
    std::string answer, copys;
    E::answer(state, static_cast<const typename E::Command*>(nullptr), answer);
    E::answer(state_, static_cast<const typename E::Command*>(nullptr), copys);
    CHECK(copys == answer);
  }

  const typename E::State& state() const { return state_; }

 private:
  typename E::State state_;
};

}  // namespace tote
