// What follows from the members of a struct (members.h), or of a variant of such structs: its bytes, a digest, a
// description, and the answer that a state gives.
//
//   bytes    1 (their format), of a variant the number of the alternative, the struct (member_bytes.h). Fields and
//            alternatives are only added at the end: what an older program wrote stays readable, what a newer one wrote
//            is refused, never read in part.
//   digest   the same without the fields at the end that are as the struct makes them, so a field that is added later
//            leaves what was asked before as it was.
//
// A pointer, a view, a floating-point number or whatever else members.h doesn't name doesn't compile.
#pragma once

#include <variant>

#include "engine/kernel/fields.h"
#include "engine/kernel/member_bytes.h"

namespace tote::by_members {

template <class T>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;

// Of events and commands, which readers know field by field; a state may be made of more (state_bytes.h).
template <class T>
void put_fields(const T& value, MemberWriter& to) {
  static_assert(is_field<T>(), "no field can be of this type (engine/kernel/members.h), or it needs members()");
  to.put(value);
}

template <class T>
void put(const T& value, MemberWriter to) {
  to.size(member_format);
  if constexpr (is_variant<T>) {
    to.size(value.index());
    std::visit([&to](const auto& one) { put_fields(one, to); }, value);
  } else {
    put_fields(value, to);
  }
}

// Appends.
template <class T>
void encode(const T& value, std::string& out) {
  put(value, MemberWriter(out));
}
template <class T>
void digest(const T& value, std::string& out) {
  put(value, MemberWriter(out, true));
}

template <class... T, std::size_t... I>
bool get_alternative(MemberReader& from, std::variant<T...>& value, std::index_sequence<I...>) {
  std::uint64_t index = 0;
  if (!from.size(index)) return false;
  bool good = false;
  const auto take = [&](auto number) {
    if (number() != index) return false;
    good = from.get(value.template emplace<number()>());
    return true;
  };
  return (take(std::integral_constant<std::size_t, I>()) || ...) && good;
}

// False: the bytes aren't such a value; `value` is anything then.
template <class T>
bool decode(std::string_view bytes, T& value) {
  MemberReader from(bytes);
  std::uint64_t version = 0;
  if (!from.size(version) || version != member_format) return false;
  if constexpr (is_variant<T>) {
    if (!get_alternative(from, value, std::make_index_sequence<std::variant_size_v<T>>())) return false;
  } else {
    if (!from.get(value)) return false;
  }
  return from.is_at_end();
}

template <class T>
void describe(const T& value, Fields& fields);

// One field. Of an enum its name, where it has a name_of().
template <class T>
void describe_field(std::string_view name, const T& value, Fields& fields) {
  if constexpr (std::is_same_v<T, Money>) {
    fields.integer(name, value.minor);
  } else if constexpr (std::is_same_v<T, Time>) {
    value == Time::never() ? fields.none(name) : fields.time(name, value);
  } else if constexpr (std::is_enum_v<T>) {
    if constexpr (requires { std::string_view(name_of(value)); })
      fields.text(name, name_of(value));
    else
      fields.integer(name, static_cast<std::int64_t>(value));
  } else if constexpr (WholeNumber<T>) {
    fields.integer(name, static_cast<std::int64_t>(value));
  } else if constexpr (std::is_same_v<T, std::string>) {
    fields.text(name, value);
  } else if constexpr (TextValue<T>) {
    fields.text(name, value.text());
  } else if constexpr (is_optional<T>) {
    value ? describe_field(name, *value, fields) : fields.none(name);
  } else if constexpr (is_vector<T>) {
    fields.begin_list(name);
    for (const typename T::value_type& one : value) {
      fields.begin({});
      if constexpr (HasMembers<typename T::value_type>)
        describe(one, fields);
      else
        describe_field("value", one, fields);
      fields.end();
    }
    fields.end_list();
  } else {
    fields.begin(name);
    describe(value, fields);
    fields.end();
  }
}

// Rules::may_lack: it is as the struct makes it, or a list without elements.
template <class T, class Member>
bool lacks(const T& value, Member member) {
  using Type = TypeOf<T, Member>;
  if constexpr (is_vector<Type>)
    return (value.*member).empty();
  else if constexpr (is_optional<Type>)
    return !(value.*member).has_value();
  else if constexpr (HasMembers<Type>)
    return false;
  else
    return value.*member == T{}.*member;
}

template <class T>
void describe(const T& value, Fields& fields) {
  if constexpr (is_variant<T>)
    std::visit([&fields](const auto& one) { describe(one, fields); }, value);
  else
    each_member<T>([&](std::string_view name, auto member, const Rules& rules) {
      if (!rules.is_told || (rules.may_lack && lacks(value, member))) return;
      describe_field(name, value.*member, fields);
    });
}

// -- the answer of a state: all its fields but those with lists in them, because an answer has a bound

template <class T, class Member>
inline constexpr bool is_told = is_field<TypeOf<T, Member>, false>();

template <HasMembers T>
void answer(const T& state, std::string& out) {
  static_assert(check_members<T>());
  static_assert(members_check::are_free<T>(), "id, version, lsn and key stand in every answer already");
  std::size_t count = 0;
  each_member<T>([&](std::string_view, auto member) { count += is_told<T, decltype(member)> ? 1 : 0; });
  MemberWriter to(out);
  to.size(member_format);
  to.size(count);
  each_member<T>([&](std::string_view, auto member) {
    if constexpr (is_told<T, decltype(member)>) to.put(state.*member);
  });
}

// What answer() wrote, and only that: the answer of an older program has its fields. False on bytes that aren't one.
template <HasMembers T>
bool describe_answer(std::string_view bytes, Fields& fields) {
  MemberReader from(bytes);
  std::uint64_t version = 0, count = 0;
  bool good = from.size(version) && version == member_format && from.size(count);
  T state{};
  each_member<T>([&](std::string_view name, auto member) {
    if constexpr (is_told<T, decltype(member)>) {
      if (!good || count == 0) return;
      --count;
      good = from.get(state.*member);
      if (good) describe_field(name, state.*member, fields);
    }
  });
  return good && count == 0 && from.is_at_end();
}

}  // namespace tote::by_members
