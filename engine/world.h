// Every entity as the log tells it up to some record: for those who read the log beside an engine, or without one.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/kernel/any_entity.h"
#include "wal/record.h"

namespace tote {

struct Inhabitant {
  std::string tenant;
  const Kind* kind = nullptr;
  std::string id;
  std::unique_ptr<AnyEntity> entity;
};

class World {
 public:
  explicit World(const Kinds& kinds) : kinds_(kinds) {}  // which outlive it

  // Applies the changes of the next record. What is wrong with it, empty when nothing is: "wallet/alice goes from …".
  std::string apply(Lsn lsn, const wal::Record& record);

  // Null when no record before created it.
  const AnyEntity* find(std::string_view tenant, KindId kind, std::string_view id) const;

  std::size_t size() const { return inhabitants_.size(); }
  std::vector<const Inhabitant*> sorted() const;  // by tenant, kind name and id
  template <class Visit>
  void each(const Visit& visit) const {
    for (const auto& [key, inhabitant] : inhabitants_) visit(inhabitant);
  }

 private:
  std::string apply(Lsn lsn, std::string_view tenant, const wal::Change& change);

  const Kinds& kinds_;
  std::unordered_map<std::string, Inhabitant> inhabitants_;  // by tenant/kind/id: none of the three has a slash
};

}  // namespace tote
