// One entity of any kind, as the engine holds it: the pure functions of its kind behind one virtual call each.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "engine/kernel/entity.h"
#include "engine/kernel/ordinal.h"

namespace tote {

// What one command came to, before it is in the log.
struct Step {
  Code code = Code::ok;
  Facts facts{};
  bool changed = false;  // events were made and applied
};

class AnyEntity {
 public:
  virtual ~AnyEntity() = default;

  // decide, apply and check in one go. Appends the events' bytes (each with a 4-byte little-endian size before it) to
  // `events` and the answer's bytes to `answer` (successes only). A command of another kind is `invalid_request`.
  virtual Step handle(const Command& command, Time now, std::string& events, std::string& answer) = 0;
  // Applies the next event that time alone brings, when one is due at `now`; false when none is.
  virtual bool pass_time(Time now, std::string& events) = 0;
  virtual Time next_due() const = 0;
  // Applies the events of one record again; false when the bytes aren't events of this kind or break an invariant.
  virtual bool replay(std::string_view events) = 0;
  // The bytes that a read's reply is made from.
  virtual void answer(std::string& out) const = 0;

  Version version{};  // 0: it was never created
  Lsn lsn{};          // of its last change
};

// A kind as the engine knows it. One per kind, for the life of the program.
class Kind {
 public:
  virtual ~Kind() = default;
  virtual KindId id() const = 0;
  virtual std::string_view name() const = 0;
  virtual std::unique_ptr<AnyEntity> make() const = 0;
  virtual bool digest(const Command& command, std::string& out) const = 0;  // false: a command of another kind
  // Calls `each(name, event bytes)`'s equivalent on fields: begin(event name), its fields, end(). False on bad bytes.
  virtual bool describe_events(std::string_view events, Fields& fields) const = 0;
  virtual bool describe_answer(std::string_view answer, Fields& fields) const = 0;
};

// Splits `events` as written by AnyEntity::handle; false at the end or when the rest is damaged (then `rest` isn't
// empty).
inline bool next_event(std::string_view& rest, std::string_view& event) {
  std::uint32_t size = 0;
  if (rest.size() < sizeof size) return false;
  std::memcpy(&size, rest.data(), sizeof size);
  if (rest.size() - sizeof size < size) return false;
  event = rest.substr(sizeof size, size);
  rest.remove_prefix(sizeof size + size);
  return true;
}

template <Entity E>
class EntityOf final : public AnyEntity {
 public:
  Step handle(const Command& boxed, Time now, std::string& events, std::string& answer) override {
    const auto* command = boxed.get<typename E::Command>();
    if (command == nullptr) return {Code::invalid_request};
    const auto decision = E::decide(state_, *command, now);
    if (decision.refused()) return {decision.code(), decision.facts()};
    // From here on the command succeeds.
    for (const auto& event : decision) happen(event, events);
    E::answer(state_, command, answer);
    return {decision.code(), {}, decision.begin() != decision.end()};
  }

  bool pass_time(Time now, std::string& events) override {
    if (E::next_due(state_) > now) return false;
    happen(E::due(state_), events);
    return true;
  }

  Time next_due() const override { return E::next_due(state_); }

  bool replay(std::string_view rest) override {
    std::string_view bytes;
    typename E::Event event;
    while (next_event(rest, bytes)) {
      if (!E::decode(bytes, event) || !E::fits(state_, event)) return false;
      E::apply(state_, event);
      if (!E::check(state_)) return false;
    }
    return rest.empty();
  }

  void answer(std::string& out) const override { E::answer(state_, nullptr, out); }

  const typename E::State& state() const { return state_; }

 private:
  void happen(const typename E::Event& event, std::string& events) {
    E::apply(state_, event);
    TOTE_INVARIANT(E::check(state_));
    const std::size_t at = events.size();
    events.append(sizeof(std::uint32_t), '\0');
    E::encode(event, events);
    const auto size = static_cast<std::uint32_t>(events.size() - at - sizeof(std::uint32_t));
    std::memcpy(events.data() + at, &size, sizeof size);
  }

  typename E::State state_;
};

template <Entity E>
class KindOf final : public Kind {
 public:
  KindId id() const override { return E::kind_id; }
  std::string_view name() const override { return E::kind; }
  std::unique_ptr<AnyEntity> make() const override { return std::make_unique<EntityOf<E>>(); }
  bool digest(const Command& boxed, std::string& out) const override {
    const auto* command = boxed.get<typename E::Command>();
    if (command != nullptr) E::digest(*command, out);
    return command != nullptr;
  }
  bool describe_events(std::string_view rest, Fields& fields) const override {
    std::string_view bytes;
    typename E::Event event;
    while (next_event(rest, bytes)) {
      if (!E::decode(bytes, event)) return false;
      fields.begin(E::name_of(event));
      E::describe_event(event, fields);
      fields.end();
    }
    return rest.empty();
  }
  bool describe_answer(std::string_view answer, Fields& fields) const override {
    return E::describe_answer(answer, fields);
  }
};

template <Entity E>
std::shared_ptr<const Kind> kind_of() {
  return std::make_shared<KindOf<E>>();
}

}  // namespace tote
