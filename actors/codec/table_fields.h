// Which field of a FlatBuffers table each member of a struct is (by_table.h), known to the compiler.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "actors/codec/flat.h"
#include "engine/kernel/labels.h"
#include "engine/kernel/members.h"

namespace tote::flat {

template <class Table>
inline constexpr std::size_t fields_count = Table::Traits::fields_number;
template <class Table>
using FieldsOf = std::make_index_sequence<fields_count<Table>>;
template <class Table, std::size_t field>
using FieldType = decltype(std::declval<const Table&>().template get_field<field>());
template <class Type>
inline constexpr bool is_text = std::is_same_v<Type, const String*>;
template <class Type>
inline constexpr bool is_number = std::is_integral_v<Type> || std::is_enum_v<Type>;

template <class Type>
inline constexpr bool is_metadata = false;
template <class Label>
inline constexpr bool is_metadata<const flatbuffers::Vector<Offset<Label>>*> = true;

// Calls visit(type, name, function that gives it of an event, rules) for each member, and each of a part.
template <class T, class Visit, class At>
constexpr void each_leaf(const Visit& visit, const At& at) {
  static_assert(check_members<T>());
  each_member<T>([&visit, at](std::string_view name, auto member, const Rules& rules) {
    using Type = TypeOf<T, decltype(member)>;
    const auto here = [ at, member ](auto& event) -> auto& { return at(event).*member; };
    if constexpr (HasMembers<Type>)
      each_leaf<Type>(visit, here);
    else
      visit(std::type_identity<Type>(), name, here, rules);
  });
}
template <class T, class Visit>
constexpr void each_leaf(const Visit& visit) {
  each_leaf<T>(
      visit, [](auto& event) -> auto& { return event; });
}
template <class T>
consteval std::size_t count_leaves() {
  std::size_t count = 0;
  each_leaf<T>([&count](auto, std::string_view, auto, const Rules&) { ++count; });
  return count;
}

// Whether a member of this type is kept in a field of that one.
template <class T, class Type>
consteval bool keeps() {
  if constexpr (std::is_same_v<T, std::string> || TextValue<T> || std::is_same_v<T, LabelsPtr>)
    return is_text<Type>;
  else
    return is_number<Type> && sizeof(Type) == sizeof(T);  // NOLINT(bugprone-sizeof-expression): of any T
}

// Defined nowhere: a call while compiling is an error that says so.
void the_schema_has_no_field_of_this_name_and_type();
void two_members_are_in_one_field();

template <class Table, class T, std::size_t... I>
constexpr std::uint8_t field_of(std::string_view name, const Rules& rules, std::index_sequence<I...>) {
  if (!rules.on_disk.empty()) name = rules.on_disk;
  const std::string_view unit = std::is_same_v<T, Time> ? "_ns" : "";
  const auto is_named = [&](std::string_view field) {
    return field.starts_with(name) && field.substr(name.size()) == unit;
  };
  std::size_t found = fields_count<Table>;
  ((is_named(Table::Traits::field_names[I]) && keeps<T, FieldType<Table, I>>() ? found = I : found), ...);
  if (found == fields_count<Table>) the_schema_has_no_field_of_this_name_and_type();
  return static_cast<std::uint8_t>(found);
}

// The field of each member, in their order.
template <class Table, class T>
consteval auto fields_of() {
  std::array<std::uint8_t, count_leaves<T>()> fields{};
  std::size_t number = 0;
  each_leaf<T>([&]<class Type>(std::type_identity<Type>, std::string_view name, auto, const Rules& rules) {
    const std::uint8_t field = field_of<Table, Type>(name, rules, FieldsOf<Table>());
    for (std::size_t other = 0; other < number; ++other)
      if (fields[other] == field) two_members_are_in_one_field();
    fields[number++] = field;
  });
  return fields;
}

}  // namespace tote::flat
