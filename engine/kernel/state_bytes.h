// The bytes of a whole state, by its members (members.h), for who keeps it apart from its log. As by_members.h makes
// them of events: fields that are added at the end leave what an older program wrote readable.
//
// Maps and sets are written in their order: equal states, equal bytes. It takes as long as the state is large.
#pragma once

#include <string>
#include <string_view>

#include "engine/kernel/member_bytes.h"

namespace tote {

// Appends.
template <class State>
void encode_state(const State& state, std::string& out) {
  MemberWriter to(out);
  to.size(member_format);
  to.put(state);
}

// False: the bytes aren't such a state, or a newer program's; `state` is anything then.
template <class State>
bool decode_state(std::string_view bytes, State& state) {
  MemberReader from(bytes);
  std::uint64_t version = 0;
  return from.size(version) && version == member_format && from.get(state) && from.is_at_end();
}

}  // namespace tote
