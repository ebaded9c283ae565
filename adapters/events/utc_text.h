// Times as events and PostgreSQL have them.
#pragma once

#include <string>

#include "engine/kernel/time.h"

namespace tote::events {

// RFC 3339 to the microsecond, which is what a timestamptz holds: 2026-01-02T03:04:05.678901Z.
std::string utc_text(Time at);

}  // namespace tote::events
