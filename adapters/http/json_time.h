// Times as clients write them.
#pragma once

#include <optional>
#include <string_view>

#include "engine/kernel/time.h"

namespace tote::http {

// RFC 3339, UTC only: "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123456789Z". Years 1970 to 2261.
std::optional<Time> read_time(std::string_view text);

}  // namespace tote::http
