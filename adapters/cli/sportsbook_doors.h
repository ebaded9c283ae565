// The doors of betting providers ([[sportsbook]]): made, mounted, and their keys read again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/cli/settings.h"
#include "adapters/server/server.h"
#include "adapters/sportsbook/door.h"

namespace tote::cli {

class SportsbookDoors {
 public:
  explicit SportsbookDoors(const std::vector<SportsbookSettings>& settings);

  void mount(server::Server& server);
  // From now on callbacks are taken; what is wrong, empty: nothing.
  std::string attach(Engine& engine);
  // Settings that were read again: of each door the keys that could be read; where they couldn't, those before stay,
  // and it is told. False: of some door they stay. On the loop thread.
  bool take(const std::vector<SportsbookSettings>& settings);

 private:
  std::vector<std::shared_ptr<sportsbook::Door>> doors_;
};

}  // namespace tote::cli
