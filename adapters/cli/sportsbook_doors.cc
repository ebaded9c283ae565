#include "adapters/cli/sportsbook_doors.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace tote::cli {

SportsbookDoors::SportsbookDoors(const std::vector<SportsbookSettings>& settings) {
  for (const auto& one : settings) doors_.push_back(std::make_shared<sportsbook::Door>(one.options, one.keys));
}

void SportsbookDoors::mount(server::Server& server) {
  for (const auto& door : doors_) server.mount(door->options().path, door);
}

std::string SportsbookDoors::attach(Engine& engine) {
  for (const auto& door : doors_)
    if (auto problem = door->attach(engine); !problem.empty()) return problem;
  return {};
}

bool SportsbookDoors::take(const std::vector<SportsbookSettings>& settings) {
  bool all = true;
  for (const auto& door : doors_) {
    const std::string& name = door->options().name;
    const auto read = std::ranges::find_if(settings, [&](const auto& one) { return one.options.name == name; });
    if (read == settings.end()) {
      spdlog::warn("sportsbook {}: it isn't in the settings any more; its door stays until a restart", name);
    } else if (!read->problem.empty()) {
      spdlog::error("alert: sportsbook {}: {}; the keys stay as they were", name, read->problem);
      all = false;
    } else {
      door->set_keys(read->keys);
      spdlog::info("sportsbook {}: {} keys read", name, read->keys->keys.size());
    }
  }
  return all;
}

}  // namespace tote::cli
