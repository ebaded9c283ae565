// Those who came with the key of a request that is on its way: a ring through Flight::duplicates, in the order in which
// they came. The request points to the newest, the newest to the oldest. Loop thread only.
#pragma once

#include <utility>

#include "engine/flight.h"

namespace tote {

inline void attach_duplicate(Flight& first, Flight* flight) {
  Flight* newest = first.duplicates;
  flight->duplicates = newest == nullptr ? flight : newest->duplicates;
  if (newest != nullptr) newest->duplicates = flight;
  first.duplicates = flight;
}

// `newest`: not null; null afterwards when it was the last.
inline Flight* take_oldest_duplicate(Flight*& newest) {
  Flight* oldest = newest->duplicates;
  if (oldest == newest) {
    newest = nullptr;
  } else {
    newest->duplicates = oldest->duplicates;
  }
  oldest->duplicates = nullptr;
  return oldest;
}

// Those of another one of this key behind its own. `newest`: of theirs, not null.
inline void attach_duplicates(Flight& first, Flight* newest) {
  if (first.duplicates != nullptr) std::swap(first.duplicates->duplicates, newest->duplicates);
  first.duplicates = newest;
}

}  // namespace tote
