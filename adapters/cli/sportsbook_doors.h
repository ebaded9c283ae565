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
  // Throws UsageError when keys can't be read.
  explicit SportsbookDoors(const std::vector<sportsbook::Options>& settings);

  void mount(server::Server& server);
  // From now on callbacks are taken; what is wrong, empty: nothing.
  std::string attach(Engine& engine);
  // Reads the keys again, beside the loop. On the loop thread.
  void reread();

 private:
  std::vector<std::shared_ptr<sportsbook::Door>> doors_;
};

}  // namespace tote::cli
