// From records to states: the one way there is. An engine that recovers goes it, and so does who reads a log beside an
// engine or without one: the projection, an entity's history, the tools.
//
//   replay(entity, lsn, change)   a change, to its entity
//   replay(lsn, record, home)     a record, to the entities wherever they live
//   World                         all entities as of an LSN
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/kernel/any_entity.h"
#include "engine/kernel/complete.h"
#include "wal/record.h"

namespace tote {

// A record says something else than those before it.
struct Contradiction {
  enum class Cause : std::uint8_t { none, kind, version, prior, events };

  Cause cause = Cause::none;
  const wal::Change* change = nullptr;  // of the record
  Version was{};                        // of its entity, before

  bool is_none() const { return cause == Cause::none; }
  std::string text() const;  // beginning with a verb: "goes from version 3 to 5"
};

// `replay_events()` applies the events; false when it can't.
template <class ReplayEvents>
Contradiction replay_with(AnyEntity& entity, Lsn lsn, const wal::Change& change, const ReplayEvents& replay_events) {
  using Cause = Contradiction::Cause;
  if (change.version != entity.version.next()) return {Cause::version, &change, entity.version};
  if (change.prior != Lsn{} && change.prior != entity.lsn) return {Cause::prior, &change, entity.version};
  if (!replay_events()) return {Cause::events, &change, entity.version};
  entity.version = change.version;
  entity.lsn = lsn;
  entity.recorded(lsn);
  if (entity.version == Version{1}) entity.first_lsn = lsn;
  return {};
}

inline Contradiction replay(AnyEntity& entity, Lsn lsn, const wal::Change& change) {
  return replay_with(entity, lsn, change, [&] { return entity.replay(change.events); });
}

// Event by event: `after(event)` is called after each, with its bytes as they lie in the change.
template <class After>
Contradiction replay(AnyEntity& entity, Lsn lsn, const wal::Change& change, const After& after) {
  return replay_with(entity, lsn, change, [&] {
    std::string_view rest = change.events;
    for (std::string_view left = rest, event; next_event(left, event); rest = left) {
      const std::string_view one = rest.substr(0, rest.size() - left.size());
      if (!entity.replay(one)) return false;
      after(one);
    }
    return rest.empty();
  });
}

// `home(change)` gives the entity, made when it's new, or null when nobody knows its kind.
template <class Home>
Contradiction replay(Lsn lsn, const wal::Record& record, const Home& home) {
  for (const wal::Change& change : record.changes) {
    AnyEntity* entity = home(change);
    if (entity == nullptr) return {Contradiction::Cause::kind, &change, {}};
    if (const Contradiction found = replay(*entity, lsn, change); !found.is_none()) return found;
  }
  return {};
}

// One entity that is followed through a log.
struct Inhabitant {
  std::string tenant;
  const Kind* kind = nullptr;
  std::string id;
  std::unique_ptr<AnyEntity> entity;

  bool is_changed_by(const wal::Record& record, const wal::Change& change) const {
    return change.entity == id && change.kind == kind->id() && record.tenant == tenant;
  }
};

class World {
 public:
  explicit World(const Kinds& kinds) : kinds_(kinds) {}  // which outlive it

  // Applies the changes of the next record; the first is LSN 1. What is wrong with it, empty when nothing is:
  // "wallet/alice goes from …".
  std::string apply(Lsn lsn, const wal::Record& record);

  // Null when no record before created it.
  const AnyEntity* find(std::string_view tenant, KindId kind, std::string_view id) const;

  Lsn lsn() const { return lsn_; }  // of the last record
  std::size_t size() const { return inhabitants_.size(); }
  std::vector<const Inhabitant*> sorted() const;  // by tenant, kind name and id
  template <class Visit>
  void each(const Visit& visit) const {
    for (const auto& [key, inhabitant] : inhabitants_) visit(inhabitant);
  }

 private:
  AnyEntity* home_of(std::string_view tenant, const wal::Change& change);

  const Kinds& kinds_;
  Lsn lsn_{};
  std::unordered_map<std::string, Inhabitant> inhabitants_;  // by tenant/kind/id: none of the three has a slash
};

}  // namespace tote
