// A script that begins at one entity, with one command of its kind: only what it does with others is to be written.
//
//   struct PlaceBid final : EntityScript<Auction> {
//     using EntityScript::EntityScript;
//     Verdict run(Transaction& on) const override;  // id, command
//   };
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/kernel/kind_of.h"

namespace tote {

// Its answer is the entity's. Its digest is made of the entity and the command alone: let no two scripts of a program
// ask the same command of the same kind.
template <Entity E>
class EntityScript : public Script {
 public:
  EntityScript(std::string_view of, typename E::Command what) : id(of), command(std::move(what)) {}

  void entities(std::vector<EntityRef>& out) const override { out.push_back({E::kind_id, id}); }
  void answer(Transaction& on, std::string& out) const override {
    if (const AnyEntity* entity = on.look({E::kind_id, id})) entity->answer(CommandRef::to(command), out);
  }
  void digest(std::string& out) const override {
    out.append(id).append(1, '\0');  // no id has it
    Complete<E>::digest(command, out);
  }

  const std::string id;
  const typename E::Command command;
};

}  // namespace tote
