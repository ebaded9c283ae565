// Another node, as an owner sees it in its present epoch. Values.
#pragma once

#include <cstdint>

#include "engine/kernel/time.h"
#include "replication/mark.h"

namespace tote::replication {

struct Peer {
  bool is_aligned = false;  // it has said what it holds
  Lsn match{};              // on its disk, as the owner's log
  Lsn sent{};               // on its way there, if nothing was lost
  Time heard_at{};
  Time progressed_at{};         // it held more than before, or all there was
  Time paged_at{};              // what it lacks was sent
  std::uint64_t confirmed = 0;  // the last turn for which it had promised nobody else
};

}  // namespace tote::replication
