#include "adapters/cli/sportsbook_doors.h"

#include "adapters/cli/errors.h"

namespace tote::cli {

SportsbookDoors::SportsbookDoors(const std::vector<sportsbook::Options>& settings) {
  for (const auto& options : settings) {
    auto keys = sportsbook::read_keys(options.keys);
    if (const auto* problem = std::get_if<std::string>(&keys)) throw UsageError("sportsbook.keys: " + *problem);
    doors_.push_back(std::make_shared<sportsbook::Door>(options, std::get<sportsbook::KeySetPtr>(std::move(keys))));
  }
}

void SportsbookDoors::mount(server::Server& server) {
  for (const auto& door : doors_) server.mount(door->options().path, door);
}

std::string SportsbookDoors::attach(Engine& engine) {
  for (const auto& door : doors_)
    if (auto problem = door->attach(engine); !problem.empty()) return problem;
  return {};
}

void SportsbookDoors::reread() {
  for (const auto& door : doors_) door->reload();
}

}  // namespace tote::cli
