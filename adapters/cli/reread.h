// What SIGHUP reads again goes to the doors that are there, by name.
#pragma once

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace tote::cli {

// `give` hands a door what could be read and says how many there are; where it couldn't be read, what the door has
// stays, and it is told. `table` and `what` are for the log: "sportsbook", "keys". False: some door keeps what it had.
template <class Doors, class Settings, class Give>
bool give_again(const Doors& doors, const Settings& settings, std::string_view table, std::string_view what,
                const Give& give) {
  bool all = true;
  for (const auto& door : doors) {
    const std::string& name = door->options().name;
    const auto read = std::ranges::find_if(settings, [&](const auto& one) { return one.options.name == name; });
    if (read == settings.end()) {
      spdlog::warn("{} {}: it isn't in the settings any more; its door stays until a restart", table, name);
    } else if (!read->problem.empty()) {
      spdlog::error("alert: {} {}: {}; the {} stay as they were", table, name, read->problem, what);
      all = false;
    } else {
      const std::size_t count = give(*door, *read);
      spdlog::info("{} {}: {} {} read", table, name, count, what);
    }
  }
  return all;
}

}  // namespace tote::cli
