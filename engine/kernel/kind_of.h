// A kind, and an entity of it, as the engine holds them (any_entity.h), made of the struct that declares the kind
// (entity.h): its pure functions behind one virtual call each. And the typed forms of what scripts and audits ask.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/kernel/any_entity.h"
#include "engine/kernel/complete.h"
#include "engine/kernel/frozen_state.h"

namespace tote {

template <Entity E>
class EntityOf final : public AnyEntity {
 public:
  using Event = typename E::Event;
  using Whole = Complete<E>;

  Step handle(CommandRef boxed, Time now, std::string& events, std::string& answer) override {
    const auto* command = boxed.get<typename E::Command>();
    if (command == nullptr) return {Code::invalid_request};
    const auto decision = Whole::decide(state_, *command, now);
    if (decision.refused()) return refused(decision);
    succeed(decision, command, events, answer);
    return {decision.code(), {}, decision.begin() != decision.end()};
  }

  bool pass_time([[maybe_unused]] Time now, [[maybe_unused]] std::string& events) noexcept override {
    if constexpr (DeclaresDue<E>) {
      if (Whole::next_due(state_) > now) return false;
      happen(Whole::due(state_), events);
      return true;
    }
    return false;
  }

  Time next_due() const override { return Whole::next_due(state_); }

  bool replay(std::string_view rest) override {
    std::string_view bytes;
    Event event;
    while (next_event(rest, bytes)) {
      if (!Whole::decode(bytes, event) || !Whole::fits(state_, event)) return false;
      Whole::apply(state_, event);
      if (!Whole::check(state_)) return false;
    }
    return rest.empty();
  }

  void answer(CommandRef command, std::string& out) const override {
    if constexpr (requires { typename E::Question; })
      if (const auto* question = command.get<typename E::Question>()) return E::answer(state_, *question, out);
    Whole::answer(state_, command.get<typename E::Command>(), out);
  }

  void summarize(std::string& out) const override {
    if constexpr (requires { E::summarize(state_, out); })
      E::summarize(state_, out);
    else
      Whole::answer(state_, nullptr, out);
  }

  Step stage(CommandRef boxed, Time now) override {
    const auto* command = boxed.get<typename E::Command>();
    if (command == nullptr) return {Code::invalid_request};
    const auto decision = Whole::decide(seen(), *command, now);
    if (decision.refused()) return refused(decision);
    if (decision.begin() == decision.end()) return {decision.code()};
    if (trial_ == nullptr) trial_ = std::make_unique<Trial>();
    for (const auto& event : decision) {
      if (trial_->after) try_out(event);
      trial_->events.push_back(event);
    }
    return {decision.code(), {}, true};
  }

  std::size_t staged() const override { return trial_ == nullptr ? 0 : trial_->events.size(); }

  void unstage(std::size_t count) override {
    if (count >= staged()) return;
    trial_->events.erase(trial_->events.begin() + static_cast<std::ptrdiff_t>(count), trial_->events.end());
    trial_->after.reset();
    if (count == 0) trial_.reset();
  }

  void commit(std::string& events) noexcept override {
    const auto trial = std::exchange(trial_, nullptr);
    if (trial == nullptr) return;
    if (!trial->after) {
      for (const auto& event : trial->events) happen(event, events);
      return;
    }
    state_ = std::move(*trial->after);
    for (const auto& event : trial->events) write(event, events);
  }

  bool remembers_refusals() const override { return does_remember_refusals<E>; }

  ScriptPtr follow_up([[maybe_unused]] std::string_view id) const override {
    if constexpr (DeclaresFollowUp<E>) return E::follow_up(state_, id);
    return nullptr;
  }
  void effects([[maybe_unused]] std::string_view id, [[maybe_unused]] Effects& out) const override {
    static_assert(DeclaresEffects<E> == DeclaresReport<E>, "effects() and report() come together");
    if constexpr (DeclaresEffects<E>) E::effects(state_, id, out);
  }
  std::string alert() const override {
    if constexpr (DeclaresAlert<E>) return std::string(E::alert(state_));
    return {};
  }

  const Watches::Names* watches() const override {
    static_assert(DeclaresWatches<E> == DeclaresHear<E>, "watches() and hear() come together");
    if constexpr (WatchingEntity<E>) {
      static_assert(std::is_same_v<decltype(E::watches(state_)), const Watches&>,
                    "watches() gives a part of the state");
      return &E::watches(state_).names();
    }
    return nullptr;
  }
  bool hear([[maybe_unused]] EntityRef changed, [[maybe_unused]] const AnyEntity& is, [[maybe_unused]] Time now,
            [[maybe_unused]] std::string& events) override {
    if constexpr (WatchingEntity<E>) {
      const auto event = E::hear(state_, changed, is, now);
      if (event) happen(*event, events);
      return event.has_value();
    }
    return false;
  }

  bool rows(std::string_view id, std::string_view events, RowWriter& out) const override {
    return Whole::rows(id, state_, events, out);
  }
  std::string audit(std::string_view id, const Neighbours& others) const override {
    return Whole::audit(id, state_, others);
  }

  Holding holding() const override {
    if constexpr (DeclaresHolding<E>) return E::holding(state_);
    return {};
  }
  Holding take_moved() const override {
    if constexpr (DeclaresHolding<E>) {
      const Holding has = E::holding(state_);
      const Holding moved{has.unit, has.amount - told_.amount, has.held - told_.held};
      told_ = {has.amount, has.held};
      return moved;
    }
    return {};
  }
  std::int64_t moved_by([[maybe_unused]] std::string_view events) const override {
    std::int64_t amount = 0;
    if constexpr (DeclaresHolding<E>) {
      std::string_view bytes;
      Event event;
      while (next_event(events, bytes))
        if (Whole::decode(bytes, event)) amount += E::moved(event);
    }
    return amount;
  }

  void recorded([[maybe_unused]] Lsn at) override {
    if constexpr (DeclaresRecorded<E>) E::recorded(state_, at);
  }
  void encode_state([[maybe_unused]] std::string& out) const override {
    if constexpr (tote::has_state_bytes<typename E::State>()) tote::encode_state(state_, out);
  }
  bool decode_state([[maybe_unused]] std::string_view bytes) override {
    if constexpr (tote::has_state_bytes<typename E::State>())
      return tote::decode_state(bytes, state_) && Whole::check(state_);
    return false;
  }
  std::unique_ptr<const FrozenState> freeze() const override {
    if constexpr (tote::has_state_bytes<typename E::State>() && shares_nodes<typename E::State>())
      return std::make_unique<FrozenCopy<typename E::State>>(state_);
    return nullptr;
  }

  const typename E::State& state() const { return state_; }
  // With what is staged. The state is copied when there is something staged, and only then.
  const typename E::State& seen() const {
    if (staged() == 0) return state_;
    if (!trial_->after) {
      trial_->after = state_;
      for (const auto& event : trial_->events) try_out(event);
    }
    return *trial_->after;
  }

 private:
  struct Trial {
    std::vector<Event> events;
    std::optional<typename E::State> after;  // the state with the events, once somebody has asked for it
  };

  static Step refused(const Decision<Event>& decision) {
    return {decision.code(), decision.facts(), false, std::string(decision.part())};
  }

  // From here on the command succeeds.
  void succeed(const Decision<Event>& decision, const typename E::Command* command, std::string& events,
               std::string& answer) noexcept {
    for (const auto& event : decision) happen(event, events);
    Whole::answer(state_, command, answer);
  }

  void try_out(const Event& event) const noexcept { apply(*trial_->after, event); }

  void happen(const Event& event, std::string& events) noexcept {
    apply(state_, event);
    write(event, events);
  }

  // What a replay would refuse must never be written.
  static void apply(typename E::State& state, const Event& event) noexcept {
    TOTE_INVARIANT(Whole::fits(state, event));
    Whole::apply(state, event);
    TOTE_INVARIANT(Whole::check(state));
  }

  static void write(const Event& event, std::string& events) noexcept {
    const std::size_t at = events.size();
    events.append(sizeof(std::uint32_t), '\0');
    Whole::encode(event, events);
    const auto size = static_cast<std::uint32_t>(events.size() - at - sizeof(std::uint32_t));
    std::memcpy(events.data() + at, &size, sizeof size);
  }

  struct Told {
    std::int64_t amount = 0, held = 0;
  };
  struct NothingTold {};

  typename E::State state_;
  [[no_unique_address]] mutable std::conditional_t<DeclaresHolding<E>, Told, NothingTold> told_;  // by take_moved()
  mutable std::unique_ptr<Trial> trial_;  // null outside of transactions; its copy of the state is made on demand
};

// The typed forms of Transaction::run and ::look.
template <Entity E>
Step run(Transaction& on, std::string_view id, const typename E::Command& command) {
  return on.run({E::kind_id, id}, CommandRef::to(command));
}
template <Entity E>
const typename E::State* look(Transaction& on, std::string_view id) {
  const AnyEntity* entity = on.look({E::kind_id, id});
  return entity == nullptr ? nullptr : &static_cast<const EntityOf<E>*>(entity)->seen();
}

// The same of an entity beside another's: its state as it is, null when there never was one.
template <Entity E>
const typename E::State& state_of(const AnyEntity& entity) {
  return static_cast<const EntityOf<E>&>(entity).state();
}
template <Entity E>
const typename E::State* look(const Neighbours& others, std::string_view id) {
  const AnyEntity* entity = others.find({E::kind_id, id});
  return entity == nullptr ? nullptr : &state_of<E>(*entity);
}

// Named by a script: decided when the script is refused, and recorded with the refusal.
template <Entity E>
void if_refused(Transaction& on, std::string_view id, typename E::Command command) {
  static_assert(does_remember_refusals<E>, "the kind doesn't say that it remembers refusals");
  on.if_refused({E::kind_id, id}, Command(std::move(command)));
}

template <Entity E>
class KindOf final : public Kind {
 public:
  using Whole = Complete<E>;

  KindId id() const override { return E::kind_id; }
  std::string_view name() const override { return E::kind; }
  std::unique_ptr<AnyEntity> make() const override { return std::make_unique<EntityOf<E>>(); }
  std::size_t object_bytes() const override { return sizeof(EntityOf<E>); }
  bool digest(CommandRef boxed, std::string& out) const override {
    const auto* command = boxed.get<typename E::Command>();
    if (command != nullptr) Whole::digest(*command, out);
    return command != nullptr;
  }
  bool describe_events(std::string_view rest, Fields& fields) const override {
    std::string_view bytes;
    typename E::Event event;
    while (next_event(rest, bytes)) {
      if (!Whole::decode(bytes, event)) return false;
      fields.begin(Whole::name_of(event));
      Whole::describe_event(event, fields);
      fields.end();
    }
    return rest.empty();
  }
  bool is_active() const override { return ActiveEntity<E>; }
  bool remembers_refusals() const override { return does_remember_refusals<E>; }
  bool has_state_bytes() const override { return tote::has_state_bytes<typename E::State>(); }
  bool is_one_of_tenant() const override { return is_kind_one_of_tenant<E>; }
  bool has_holdings() const override { return DeclaresHolding<E>; }
  std::span<const CodeText> codes() const override {
    if constexpr (requires { std::span<const CodeText>(E::codes); }) return E::codes;
    return {};
  }
  ScriptPtr report([[maybe_unused]] std::string_view id, [[maybe_unused]] std::string_view effect,
                   [[maybe_unused]] CommandRef result) const override {
    if constexpr (DeclaresReport<E>) return E::report(id, effect, result);
    return nullptr;
  }
  bool describe_answer(std::string_view id, std::string_view answer, Fields& fields) const override {
    return Whole::describe_answer(id, answer, fields);
  }
  bool tell(std::string_view entity, std::string_view rest, Fields& fields) const override {
    std::string_view bytes;
    typename E::Event event;
    while (next_event(rest, bytes)) {
      if (!Whole::decode(bytes, event)) return false;
      Whole::tell(entity, event, fields);
    }
    return rest.empty();
  }
  std::span<const Table> tables() const override { return Whole::tables(); }
  std::unique_ptr<Books> books() const override {
    if constexpr (DeclaresBooks<E>) return E::books();
    return nullptr;
  }
  void describe_figures(std::string_view answer, Fields& fields) const override {
    Whole::describe_figures(answer, fields);
  }
};

template <Entity E>
std::shared_ptr<const Kind> kind_of() {
  return std::make_shared<KindOf<E>>();
}

}  // namespace tote
