// What an entity waits for others to become (engine/kernel/effect.h): a wallet that can't pay yet, a pass that may be
// revoked. Told by its state, like all that it wants; a copy costs nothing, so the engine sees what has changed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "engine/kernel/entity.h"
#include "engine/kernel/ordered_map.h"

namespace tote {

using EntityName = std::pair<KindId, std::string>;

class Watches {
 public:
  using Names = OrderedMap<EntityName, std::uint32_t>;  // each with its number of reasons

  void add(KindId kind, std::string_view id) {
    names_.put({kind, std::string(id)}, [](std::uint32_t& reasons) { ++reasons; });
  }
  void remove(KindId kind, std::string_view id) {
    const EntityName name(kind, id);
    const std::uint32_t* reasons = names_.find(name);
    if (reasons == nullptr) return;
    if (*reasons == 1)
      names_.erase(name);
    else
      names_.edit(name, [](std::uint32_t& count) { --count; });
  }

  const Names& names() const { return names_; }

  static constexpr void members(auto&& is) { is("names", &Watches::names_); }

 private:
  Names names_;
};

}  // namespace tote
