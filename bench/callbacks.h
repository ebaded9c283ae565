// A betting provider's callbacks: many bets of one player at once, and what the door takes in the long run.
#pragma once

#include "bench/plan.h"
#include "bench/report.h"

namespace tote::bench {

// Writes throw-away keys and the settings that use them (callbacks.toml) into plan.data, and waits for a server at
// plan.url that has read them. All bodies are signed before the clock starts.
Report run_callbacks(const Plan& plan);

}  // namespace tote::bench
