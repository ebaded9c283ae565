// Any bytes as the events of one entity, as a record has them, and as its answer: they are refused, or they are events
// that can be written again, and what they make of the entity can be shown and goes on in time.
#pragma once

#include <string>
#include <string_view>

#include "engine/kernel/kind_of.h"
#include "tests/fuzz/fuzz_target.h"

namespace tote::fuzz {

// Looks at every name and text, and that objects are closed.
class Nesting final : public Fields {
 public:
  void integer(std::string_view name, std::int64_t) override { look_at(name); }
  void text(std::string_view name, std::string_view value) override { look_at(name), look_at(value); }
  void time(std::string_view name, Time) override { look_at(name); }
  void begin(std::string_view name) override { look_at(name), ++depth_; }
  void end() override { TOTE_INVARIANT(--depth_ >= 0); }
  bool is_closed() const { return depth_ == 0; }

 private:
  void look_at(std::string_view text) {
    for (const char c : text) sum_ = sum_ + static_cast<unsigned char>(c);
  }

  int depth_ = 0;
  volatile unsigned sum_ = 0;  // or nobody would look
};

// Bytes are a function of the event: read and written again, they are the same.
template <Entity E>
void check_bytes(const typename E::Event& event) {
  std::string once, twice;
  E::encode(event, once);
  typename E::Event again;
  TOTE_INVARIANT(E::decode(once, again));
  E::encode(again, twice);
  TOTE_INVARIANT(once == twice);
  Nesting fields;
  E::describe_event(event, fields);
  TOTE_INVARIANT(fields.is_closed() && !E::name_of(event).empty());
}

template <Entity E>
void check_answer(std::string_view answer, bool must_be_one) {
  Nesting fields;
  const bool is_one = E::describe_answer("id", answer, fields);
  TOTE_INVARIANT(is_one ? fields.is_closed() : !must_be_one);
}

template <Entity E>
void check_state(const typename E::State& state) {
  std::string answer;
  E::answer(state, nullptr, answer);
  check_answer<E>(answer, true);
  if (E::next_due(state) != Time::never()) TOTE_INVARIANT(E::fits(state, E::due(state)));
  if constexpr (ActiveEntity<E>) {
    Effects effects;
    E::effects(state, "id", effects);
    E::follow_up(state, "id");
    E::alert(state);
  }
}

// As AnyEntity::replay does it: an event that doesn't fit, or leaves the entity broken, is where a log is refused.
template <Entity E>
void check_events(std::string_view rest) {
  typename E::State state;
  typename E::Event event;
  std::string_view bytes;
  while (next_event(rest, bytes)) {
    if (!E::decode(bytes, event)) return;
    check_bytes<E>(event);
    if (!E::fits(state, event)) return;
    E::apply(state, event);
    if (!E::check(state)) return;
    check_state<E>(state);
  }
}

template <Entity E>
int check_entity(const std::uint8_t* data, std::size_t size) {
  check_events<E>(text_of(data, size));
  check_answer<E>(text_of(data, size), false);
  return 0;
}

}  // namespace tote::fuzz
