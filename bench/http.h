// Load over HTTP, the same client for Tote and for a static reply.
#pragma once

#include "bench/plan.h"
#include "bench/report.h"

namespace tote::bench {

Report run_http(const Plan& plan);

}  // namespace tote::bench
