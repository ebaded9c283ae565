#include "adapters/cli/sportsbook_doors.h"

#include "adapters/cli/reread.h"

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
  return give_again(doors_, settings, "sportsbook", "keys", [](auto& door, const SportsbookSettings& read) {
    door.set_keys(read.keys);
    return read.keys->keys.size();
  });
}

}  // namespace tote::cli
