// What this process takes in memory now, as the kernel counts it.
#pragma once

namespace tote::bench {

double resident_bytes();  // throws std::runtime_error where the kernel doesn't say

}  // namespace tote::bench
