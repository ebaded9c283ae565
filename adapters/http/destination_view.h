// What the metrics tell of a destination of domain events. Another room has the destination itself.
#pragma once

#include <cstdint>
#include <string>

#include "engine/kernel/ordinal.h"

namespace tote::http {

struct DestinationView {
  std::string name;  // "nats", "webhook-shop"
  Lsn cursor{};      // everything up to here is there
  bool is_connected = false;
  double lag_seconds = 0;       // since everything was there
  std::uint64_t events = 0;     // told since the start
  std::uint64_t failures = 0;   // tries that failed
  std::uint64_t put_aside = 0;  // given up
};

}  // namespace tote::http
