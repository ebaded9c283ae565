// What can only be said at the end of a log, entities taken together (`tote verify`). Too dear for check(), which runs
// after every event.
//
//   static std::string audit(std::string_view id, const State&, const Neighbours&);   of each entity
//   static std::unique_ptr<tote::Books> books();                                      of all of a kind
//
// audit() says what is wrong with one, beginning with a verb; empty: nothing.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/kernel/script.h"

namespace tote {

class AnyEntity;

// The other entities of a tenant, as they are at the same record; look<E>() is the typed form (kind_of.h).
class Neighbours {
 public:
  virtual ~Neighbours() = default;
  // Null: there never was one.
  virtual const AnyEntity* find(EntityRef ref) const = 0;
};

// Sums over all entities of one kind, of all tenants. BooksOf<E> is the typed form (books.h).
class Books {
 public:
  virtual ~Books() = default;
  // The events of one change, in the order of the log; `after` has them.
  virtual void add(const AnyEntity& after, std::string_view events) = 0;
  // Once each entity, after the last record.
  virtual void close(const AnyEntity& entity) = 0;
  // After that: what doesn't add up, in one sentence; empty when everything does.
  virtual std::string problem() const = 0;
  // And lines for people: what it is about ("EUR"), and the figures.
  virtual std::vector<std::pair<std::string, std::string>> lines() const = 0;
};

}  // namespace tote
