#include "adapters/events/utc_text.h"

#include <cstdio>
#include <ctime>

namespace tote::events {

std::string utc_text(Time at) {
  const std::time_t seconds = at.ns / ns_per_s;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[48], whole[64];
  text[std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc)] = 0;
  std::snprintf(whole, sizeof whole, "%s.%06lldZ", text, static_cast<long long>(at.ns % ns_per_s / 1'000));
  return whole;
}

}  // namespace tote::events
