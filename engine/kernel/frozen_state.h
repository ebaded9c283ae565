// A state that stays as it is while its entity goes on: a copy, to be written down on another thread.
//
// The copy is made and destroyed on the loop, and only looked at elsewhere. So the counts of owners in ordered maps
// (ordered_map.h), which the two share their nodes by, are the loop's alone, and what a thread reads of a shared node
// never changes: whoever changes it makes a node of its own.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "engine/kernel/ordered_map.h"
#include "engine/kernel/state_bytes.h"

namespace tote {

class FrozenState {
 public:
  virtual ~FrozenState() = default;
  // Appends its bytes (state_bytes.h). Any thread.
  virtual void encode(std::string& out) const = 0;
};

template <class State>
class FrozenCopy final : public FrozenState {
 public:
  explicit FrozenCopy(const State& state) : state_(state) {}
  void encode(std::string& out) const override { encode_state(state_, out); }

 private:
  const State state_;
};

template <class T>
inline constexpr bool is_ordered_map = false;
template <class K, class V, class Summary>
inline constexpr bool is_ordered_map<OrderedMap<K, V, Summary>> = true;

// What may be large in it is in ordered maps: a copy takes no time, its bytes do.
template <class T>
consteval bool shares_nodes() {
  if constexpr (is_ordered_map<T>) {
    return true;
  } else if constexpr (HasMembers<T>) {
    bool any = false;
    each_member<T>([&](std::string_view, auto member) { any = any || shares_nodes<TypeOf<T, decltype(member)>>(); });
    return any;
  } else {
    return false;
  }
}

// A state can be written down: every field has a type that bytes are known of.
template <class State>
consteval bool has_state_bytes() {
  if constexpr (HasMembers<State>)
    return is_stored<State>();
  else
    return false;
}

}  // namespace tote
