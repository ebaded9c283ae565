// What the door tells of the projection into a database. Another room has the projection itself.
#pragma once

#include <cstdint>
#include <string>

#include "engine/kernel/ordinal.h"

namespace tote::http {

struct ProjectionView {
  Lsn cursor{};  // everything up to here is in the database
  bool is_connected = false;
  std::string problem{};    // why it stands still; empty: it doesn't
  std::int64_t lag_ms = 0;  // since it had everything
  std::uint64_t rows = 0;   // written since the start
};

}  // namespace tote::http
