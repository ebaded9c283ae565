// The books of a kind (audit.h), with its own states and events.
#pragma once

#include "engine/kernel/kind_of.h"

namespace tote {

template <Entity E>
class BooksOf : public Books {
 public:
  void add(const AnyEntity& after, std::string_view events) final {
    std::string_view bytes;
    typename E::Event event;
    while (next_event(events, bytes))
      if (Complete<E>::decode(bytes, event)) happened(state_of<E>(after), event);
  }
  void close(const AnyEntity& entity) final { ended(state_of<E>(entity)); }

 protected:
  // `after` has all events of the same change.
  virtual void happened(const typename E::State& after, const typename E::Event& event) = 0;
  virtual void ended(const typename E::State& state) = 0;
};

}  // namespace tote
