// `tote bench WORKLOAD`: the load that bench/RESULTS.md is made from. Side by side with peers: bench/run.py.
#pragma once

#include <span>
#include <string>

namespace tote::bench {

// Runs one workload and prints its report. 0: measured and every check holds, 1: not valid, 2: usage.
int run(std::span<const std::string> args);

}  // namespace tote::bench
