// The doors of card payment providers ([[card_webhook]]): made, mounted, and their secrets read again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/card_webhooks/door.h"
#include "adapters/cli/settings.h"
#include "adapters/server/server.h"

namespace tote::cli {

class CardDoors {
 public:
  explicit CardDoors(const std::vector<CardWebhookSettings>& settings);

  std::vector<std::string> names() const;
  void mount(server::Server& server);
  // From now on events are taken; what is wrong, empty: nothing.
  std::string attach(Engine& engine);
  // Settings that were read again: of each door the secrets that could be read; where they couldn't, those before stay,
  // and it is told. False: of some door they stay. On the loop thread.
  bool take(const std::vector<CardWebhookSettings>& settings);

 private:
  std::vector<std::shared_ptr<card_webhooks::Door>> doors_;
};

}  // namespace tote::cli
