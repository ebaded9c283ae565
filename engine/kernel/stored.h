// What a state may be made of beside what an event may (members.h): numbers without a sign, pairs, arrays, maps, sets,
// and values that are shared and never change.
#pragma once

#include <array>
#include <memory>

#include "engine/kernel/members.h"

namespace tote {

template <class T>
inline constexpr bool is_pair = false;
template <class First, class Second>
inline constexpr bool is_pair<std::pair<First, Second>> = true;
template <class T>
inline constexpr bool is_array = false;
template <class T, std::size_t size>
inline constexpr bool is_array<std::array<T, size>> = true;
template <class T>
inline constexpr bool is_shared = false;
template <class T>
inline constexpr bool is_shared<std::shared_ptr<const T>> = true;

template <class T>
concept Keyed = requires {
  typename T::key_type;
};
template <class T>
concept Mapped = Keyed<T> && requires {
  typename T::mapped_type;
};

// A value of its own, all the way down.
template <class T>
consteval bool is_stored() {
  if constexpr (is_optional<T> || is_vector<T> || is_array<T>) {
    return is_stored<typename T::value_type>();
  } else if constexpr (is_shared<T>) {
    return is_stored<std::remove_const_t<typename T::element_type>>();
  } else if constexpr (is_pair<T>) {
    return is_stored<typename T::first_type>() && is_stored<typename T::second_type>();
  } else if constexpr (Mapped<T>) {
    return is_stored<typename T::key_type>() && is_stored<typename T::mapped_type>();
  } else if constexpr (Keyed<T>) {
    return is_stored<typename T::key_type>();
  } else if constexpr (HasMembers<T>) {
    bool all = true;
    each_member<T>([&](std::string_view, auto member) { all = all && is_stored<TypeOf<T, decltype(member)>>(); });
    return all;
  } else {
    return is_field<T>() || std::is_same_v<T, std::uint64_t>;
  }
}

}  // namespace tote
