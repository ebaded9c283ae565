#include "bench/resident.h"

#include <fstream>
#include <stdexcept>
#include <string>

namespace tote::bench {

double resident_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string name; status >> name;) {
    double kib = 0;
    if (name == "VmRSS:" && status >> kib) return kib * 1024;
  }
  throw std::runtime_error("no VmRSS in /proc/self/status");
}

}  // namespace tote::bench
