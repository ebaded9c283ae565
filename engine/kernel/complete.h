// A kind with what it leaves out filled in (entity.h): all that the engine asks of a kind goes through here.
//
// decide(), apply() and fits() may be one function for all commands or events, or, where those are a variant, one for
// each alternative.
#pragma once

#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/kernel/by_members.h"
#include "engine/kernel/declares.h"
#include "engine/kernel/entity.h"
#include "engine/kernel/invariant.h"

namespace tote {

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

// call(whole), or where that can't be called, call(the alternative that it holds).
template <class Value, class Call>
decltype(auto) with_whole_or_alternative(const Value& value, const Call& call) {
  if constexpr (std::is_invocable_v<const Call&, const Value&> || !by_members::is_variant<Value>)
    return call(value);
  else
    return std::visit(call, value);
}

// Of a kind that says them: one for each alternative of its Event, in their order.
template <class E>
consteval bool check_event_names() {
  std::size_t events = 1, same = 0;
  if constexpr (by_members::is_variant<typename E::Event>) events = std::variant_size_v<typename E::Event>;
  bool are_names = true;
  for (const std::string_view name : E::event_names) {
    are_names = are_names && is_member_name(name);
    for (const std::string_view other : E::event_names) same += name == other ? 1 : 0;
  }
  return are_names && std::size(E::event_names) == events && same == events;
}

// Of a kind that says what others are told its events are: one for each, "wallet.credited", or empty.
template <class E>
consteval bool check_told_names() {
  std::size_t events = 1;
  if constexpr (by_members::is_variant<typename E::Event>) events = std::variant_size_v<typename E::Event>;
  bool are_types = true;
  for (const std::string_view type : E::told_names) {
    const std::size_t dot = type.find('.');
    are_types = are_types && (type.empty() || (dot != std::string_view::npos && is_member_name(type.substr(0, dot)) &&
                                               is_member_name(type.substr(dot + 1))));
  }
  return are_types && std::size(E::told_names) == events;
}

template <Entity E>
struct Complete {
  using State = typename E::State;
  using Command = typename E::Command;
  using Event = typename E::Event;

  static_assert(DeclaresNextDue<E> == DeclaresDue<E>, "next_due() and due() come together");
  static_assert(DeclaresEncode<E> == DeclaresDecode<E>, "encode() and decode() come together");
  static_assert(DeclaresAnswer<E> == DeclaresDescribeAnswer<E>, "answer() and describe_answer() come together");

  static Decision<Event> decide(const State& state, const Command& command, Time now) {
    return with_whole_or_alternative(
        command, [&](const auto& one) -> Decision<Event> requires requires { E::decide(state, one, now); } {
          return E::decide(state, one, now);
        });
  }
  static void apply(State& state, const Event& event) {
    with_whole_or_alternative(
        event, [&](const auto& one) -> void requires requires { E::apply(state, one); } { E::apply(state, one); });
  }

  static bool check([[maybe_unused]] const State& state) {
    if constexpr (DeclaresCheck<E>)
      return E::check(state);
    else
      return true;
  }
  static bool fits([[maybe_unused]] const State& state, [[maybe_unused]] const Event& event) {
    if constexpr (DeclaresFits<E>)
      return with_whole_or_alternative(
          event, [&](const auto& one) -> bool requires requires { E::fits(state, one); } {
            return E::fits(state, one);
          });
    else
      return true;
  }

  static Time next_due([[maybe_unused]] const State& state) {
    if constexpr (DeclaresNextDue<E>)
      return E::next_due(state);
    else
      return Time::never();
  }
  // Only where time changes something.
  static Event due(const State& state) requires DeclaresDue<E> { return E::due(state); }

  static void encode(const Event& event, std::string& out) {
    if constexpr (DeclaresEncode<E>)
      E::encode(event, out);
    else
      by_members::encode(event, out);
  }
  static bool decode(std::string_view bytes, Event& event) {
    if constexpr (DeclaresDecode<E>)
      return E::decode(bytes, event);
    else
      return by_members::decode(bytes, event);
  }
  static void digest(const Command& command, std::string& out) {
    if constexpr (DeclaresDigest<E>)
      E::digest(command, out);
    else
      by_members::digest(command, out);
  }

  static void answer(const State& state, [[maybe_unused]] const Command* command, std::string& out) {
    if constexpr (DeclaresAnswer<E>) {
      E::answer(state, command, out);
    } else {
      static_assert(HasMembers<State>, "the State needs members(), or the kind answer() and describe_answer()");
      by_members::answer(state, out);
    }
  }
  static bool describe_answer(std::string_view id, std::string_view answer, Fields& fields) {
    if constexpr (DeclaresDescribeAnswer<E>) {
      return E::describe_answer(id, answer, fields);
    } else {
      fields.text("id", id);
      return by_members::describe_answer<State>(answer, fields);
    }
  }

  static std::string_view name_of([[maybe_unused]] const Event& event) {
    if constexpr (DeclaresNameOf<E>) {
      return E::name_of(event);
    } else {
      static_assert(
          requires { std::string_view(E::event_names[0]); },
          "the kind needs `static constexpr std::array<std::string_view, …> event_names`, or name_of()");
      static_assert(check_event_names<E>(),
                    "event_names has one for each event, all different: small letters, digits and _, at most 64");
      if constexpr (by_members::is_variant<Event>)
        return E::event_names[event.index()];
      else
        return E::event_names[0];
    }
  }
  static void describe_event(const Event& event, Fields& fields) {
    if constexpr (DeclaresDescribeEvent<E>)
      E::describe_event(event, fields);
    else
      by_members::describe(event, fields);
  }

  // What others are told.
  static void tell([[maybe_unused]] std::string_view id, const Event& event, Fields& fields) {
    static_assert(!(DeclaresTell<E> && DeclaresToldNames<E>), "tell() or told_names, not both");
    if constexpr (DeclaresTell<E>) {
      E::tell(id, event, fields);
    } else if (const std::string type = told_name(event); !type.empty()) {
      fields.begin(type);
      describe_event(event, fields);
      fields.end();
    }
  }
  static std::string told_name(const Event& event) {
    if constexpr (DeclaresToldNames<E>) {
      static_assert(check_told_names<E>(),
                    "told_names has one for each event: two names with a dot between, or nothing");
      if constexpr (by_members::is_variant<Event>)
        return std::string(E::told_names[event.index()]);
      else
        return std::string(E::told_names[0]);
    } else {
      return std::string(E::kind).append(1, '.').append(name_of(event));
    }
  }

  static std::span<const Table> tables() {
    static_assert(DeclaresTables<E> == DeclaresRows<E>, "tables() and rows() come together");
    if constexpr (DeclaresTables<E>) return E::tables();
    return {};
  }
  // False: bytes that aren't events.
  static bool rows([[maybe_unused]] std::string_view id, [[maybe_unused]] const State& state,
                   [[maybe_unused]] std::string_view bytes, [[maybe_unused]] RowWriter& out) {
    if constexpr (DeclaresRows<E>) {
      std::vector<Event> events;
      std::string_view one;
      while (next_event(bytes, one))
        if (!decode(one, events.emplace_back())) return false;
      if (!bytes.empty()) return false;
      E::rows(id, state, std::span<const Event>(events), out);
    }
    return true;
  }

  static std::string audit([[maybe_unused]] std::string_view id, [[maybe_unused]] const State& state,
                           [[maybe_unused]] const Neighbours& others) {
    if constexpr (DeclaresAudit<E>) return E::audit(id, state, others);
    return {};
  }
  static void describe_figures(std::string_view answer, Fields& fields) {
    if constexpr (DeclaresDescribeFigures<E>) {
      E::describe_figures(answer, fields);
    } else {
      FiguresOnly figures(fields);
      describe_answer({}, answer, figures);
    }
  }
};

}  // namespace tote
