// Tests of an entity as sentences: given(events).when(command).refused(code) or .records(event). Commands that succeed
// are applied, so a sentence can go on.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/kernel/entity.h"

namespace tote {

// Events have no ==: their bytes are what counts.
template <Entity E>
std::string bytes_of(const typename E::Event& event) {
  std::string bytes(E::name_of(event));
  bytes += ' ';
  E::encode(event, bytes);
  return bytes;
}

template <Entity E>
class Given {
 public:
  using Event = typename E::Event;

  explicit Given(const std::vector<Event>& history) {
    for (const Event& event : history) happen(event);
  }

  // The time of the commands that follow.
  Given& at(Time now) {
    now_ = now;
    return *this;
  }
  // As the engine: what time alone brings happens before the command is decided.
  Given& when(const typename E::Command& command) {
    for (expired_.clear(); E::next_due(state_) <= now_;) {
      expired_.push_back(bytes_of<E>(E::due(state_)));
      happen(E::due(state_));
    }
    const auto decision = E::decide(state_, command, now_);
    code_ = decision.code();
    facts_ = decision.facts();
    recorded_.clear();
    for (const Event& event : decision) {
      recorded_.push_back(bytes_of<E>(event));
      happen(event);
    }
    return *this;
  }
  Given& refused(Code code) {
    INFO("said ", name_of(code_), ", expected ", name_of(code));
    CHECK(code_ == code);
    CHECK(recorded_.empty());
    return *this;
  }
  Given& refused(Code code, const Facts& facts) {
    refused(code);
    CHECK(facts_ == facts);
    return *this;
  }
  template <class... Events>
  Given& records(const Events&... events) {
    INFO("said ", name_of(code_));
    CHECK(is_success(code_));
    CHECK(recorded_ == std::vector<std::string>{bytes_of<E>(Event(events))...});
    return *this;
  }
  // A yes, with this code.
  Given& as(Code code) {
    CHECK(code_ == code);
    return *this;
  }
  // Before the last command.
  template <class... Events>
  Given& after_time_brought(const Events&... events) {
    CHECK(expired_ == std::vector<std::string>{bytes_of<E>(Event(events))...});
    return *this;
  }

  const typename E::State& state() const { return state_; }

 private:
  // What is recorded is read again by the next start: as the same event, or the log would be damaged.
  void happen(const Event& event) {
    std::string bytes;
    E::encode(event, bytes);
    Event again;
    INFO("the event ", E::name_of(event));
    REQUIRE(E::decode(bytes, again));
    REQUIRE(bytes_of<E>(again) == bytes_of<E>(event));
    E::apply(state_, event);
    REQUIRE(E::check(state_));
  }

  typename E::State state_;
  Time now_{1};
  Code code_{};
  Facts facts_;
  std::vector<std::string> recorded_, expired_;
};

template <Entity E, class... Events>
Given<E> given(const Events&... events) {
  return Given<E>(std::vector<typename E::Event>{typename E::Event(events)...});
}

}  // namespace tote
