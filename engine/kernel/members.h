// The fields of a plain struct, declared once, beside them; its bytes, digest and description follow (by_members.h).
//
//   struct Bid {
//     std::string bidder{};
//     Money amount{};
//     static constexpr void members(auto&& is) { is("bidder", &Bid::bidder), is("amount", &Bid::amount); }
//   };
//
// Every field, each once, in the order in which they came into the program: a new one goes to the end, and none ever
// goes. One that is missing there is an error of the compiler. The names are what others read: keep them. A struct
// without fields needs nothing. What more there is to say of a field stands behind it: {.may_lack = true} (rules.h).
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/kernel/money.h"
#include "engine/kernel/rules.h"
#include "engine/kernel/time.h"

namespace tote {

// Stands for any visitor.
struct AnyVisitor {
  template <class Member>
  void operator()(std::string_view name, Member member, const Rules& rules = {}) const;
};

// A struct that says its fields, or has none.
template <class T>
concept HasMembers = std::is_class_v<T> &&(std::is_empty_v<T> || requires { T::members(AnyVisitor()); });

// What members() calls `is`.
template <class Visit>
struct Is {
  const Visit& visit;

  template <class Member>
  constexpr void operator()(std::string_view name, Member member, const Rules& rules = {}) const {
    if constexpr (std::is_invocable_v<const Visit&, std::string_view, Member, const Rules&>)
      visit(name, member, rules);
    else
      visit(name, member);
  }
};

// Calls visit(name, pointer to member), or visit(name, pointer to member, rules), for each field, in order.
template <HasMembers T, class Visit>
constexpr void each_member(const Visit& visit) {
  if constexpr (!std::is_empty_v<T>) T::members(Is<Visit>{visit});
}

template <HasMembers T>
consteval std::size_t count_members() {
  std::size_t count = 0;
  each_member<T>([&count](std::string_view, auto) { ++count; });
  return count;
}

// What fields and events are called: small letters, digits and _, at most 64.
constexpr bool is_member_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.front() < 'a' || name.front() > 'z') return false;
  for (const char c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  return true;
}

namespace members_check {

// Becomes whatever a field is made of.
struct Anything {
  template <class T>
  operator T() const noexcept;  // NOLINT(google-explicit-constructor)
};
template <class T, std::size_t... I>
consteval bool takes(std::index_sequence<I...>) {
  return requires { T{(static_cast<void>(I), Anything{})...}; };
}
// Of a plain struct: how many fields it has.
template <class T, std::size_t count = 0>
consteval std::size_t fields() {
  if constexpr (takes<T>(std::make_index_sequence<count + 1>{}))
    return fields<T, count + 1>();
  else
    return count;
}

// How many pairs of members have one name, or are one field; each is such a pair with itself.
template <HasMembers T>
consteval std::size_t same() {
  std::size_t pairs = 0;
  each_member<T>([&pairs](std::string_view name, auto member) {
    // By value: GCC 12 takes the type of a captured reference for another.
    each_member<T>([&pairs, name, member](std::string_view other_name, auto other) {
      bool is_same = name == other_name;
      if constexpr (std::is_same_v<std::remove_const_t<decltype(member)>, decltype(other)>)
        is_same = is_same || member == other;
      if (is_same) ++pairs;
    });
  });
  return pairs;
}
template <HasMembers T>
consteval bool are_names() {
  bool good = true;
  each_member<T>([&good](std::string_view name, auto) { good = good && is_member_name(name); });
  return good;
}
// None is called like what stands beside the fields of every event and answer.
template <HasMembers T>
consteval bool are_free() {
  bool good = true;
  each_member<T>([&good](std::string_view name, auto) {
    good = good && name != "id" && name != "version" && name != "lsn" && name != "key";
  });
  return good;
}

}  // namespace members_check

// Every field, each once.
template <HasMembers T>
consteval bool names_every_field() {
  return count_members<T>() == members_check::fields<T>() && members_check::same<T>() == count_members<T>();
}

// -- what a field may be

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

// Each value of it is one of std::int64_t, which is what readers have: no std::uint64_t, no floating point.
template <class T>
concept WholeNumber = std::is_integral_v<T> &&(std::is_signed_v<T> || sizeof(T) < sizeof(std::int64_t));
// An enum that says how wide it is: every number of that width is one of it.
template <class T>
concept FixedEnum = std::is_enum_v<T> && requires {
  T{0};
} && WholeNumber<std::underlying_type_t<T>>;

// A value that is written as a text, such as a currency: T{} is none, T::of(text) nothing where the text isn't one.
template <class T>
concept TextValue = requires(const T& value, std::string_view text) {
  { value.text() } -> std::same_as<std::string_view>;
  { T::of(text) } -> std::same_as<std::optional<T>>;
};

template <class T, class Member>
using TypeOf = std::remove_cvref_t<decltype(std::declval<T&>().*std::declval<Member>())>;

// A value of its own, all the way down: no pointer, no view, no reference. Without lists its size doesn't grow with the
// life of an entity.
template <class T, bool with_lists = true>
consteval bool is_field() {
  if constexpr (is_optional<T>) {
    return is_field<typename T::value_type, with_lists>();
  } else if constexpr (is_vector<T>) {
    return with_lists && is_field<typename T::value_type>();
  } else if constexpr (HasMembers<T>) {
    bool all = true;
    each_member<T>(
        [&](std::string_view, auto member) { all = all && is_field<TypeOf<T, decltype(member)>, with_lists>(); });
    return all;
  } else {
    return WholeNumber<T> || FixedEnum<T> || std::is_same_v<T, Money> || std::is_same_v<T, Time> ||
           std::is_same_v<T, std::string> || TextValue<T>;
  }
}

// The rules at the head of this file, each with its sentence.
template <HasMembers T>
consteval bool check_members() {
  // A part of a state may keep what it has to itself (stored.h): nobody counts that.
  static_assert(std::is_aggregate_v<T> || !is_field<T>(),
                "a struct with members() is a plain one: no constructor, nothing private");
  if constexpr (std::is_aggregate_v<T>)
    static_assert(names_every_field<T>(),
                  "members() must name every field of the struct, each once, by names of its own");
  static_assert(members_check::are_names<T>(), "names in members() are small letters, digits and _, at most 64");
  return true;
}

}  // namespace tote
