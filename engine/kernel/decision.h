// What decide() returns: a refusal, or the events that make the change (none: a "yes" that changes nothing).
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "engine/kernel/invariant.h"
#include "engine/kernel/refusal.h"

namespace tote {

template <class Event>
class Decision {
 public:
  static constexpr std::size_t events_max = 4;  // in place: a decision costs no allocation

  // NOLINTNEXTLINE(google-explicit-constructor)
  Decision(Refusal refusal) : code_(refusal.code), facts_(refusal.facts), part_(refusal.part) {}
  template <class Happened>
  requires std::is_constructible_v<Event, Happened> &&(!std::is_same_v<std::remove_cvref_t<Happened>, Decision>)
      Decision(Happened&& event) {  // NOLINT(google-explicit-constructor)
    then(std::forward<Happened>(event));
  }
  explicit Decision(Code success = Code::ok) : code_(success) { TOTE_INVARIANT(is_success(success)); }

  Decision&& then(Event event) {
    TOTE_INVARIANT(size_ < events_max);
    events_[size_++] = std::move(event);
    return std::move(*this);
  }
  // 201 instead of 200: the command created something.
  Decision&& as(Code success) {
    TOTE_INVARIANT(is_success(success));
    code_ = success;
    return std::move(*this);
  }

  bool refused() const { return !is_success(code_); }
  Code code() const { return code_; }
  const Facts& facts() const { return facts_; }
  std::string_view part() const { return part_; }  // of a refusal; lives as long as the command
  const Event* begin() const { return events_.data(); }
  const Event* end() const { return events_.data() + size_; }

 private:
  Code code_ = Code::ok;
  Facts facts_;
  std::string_view part_{};
  std::array<Event, events_max> events_{};
  std::size_t size_ = 0;
};

}  // namespace tote
