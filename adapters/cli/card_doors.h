// The doors of card payment providers ([[card_webhook]]): made, mounted, and their secrets read again.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "adapters/card_webhooks/door.h"
#include "adapters/cli/settings.h"
#include "adapters/server/server.h"

namespace tote::cli {

class CardDoors {
 public:
  explicit CardDoors(const std::vector<CardWebhookSettings>& settings);
  ~CardDoors();

  std::vector<std::string> names() const;
  void mount(server::Server& server);
  // From now on events are taken; what is wrong, empty: nothing.
  std::string attach(Engine& engine);
  // Reads the secret files again, beside the loop; `post` brings what was read there. A file that isn't good leaves the
  // secrets of its door as they are, and is told. On the loop thread.
  void reread(std::function<void(std::function<void()>)> post);

 private:
  std::vector<std::shared_ptr<card_webhooks::Door>> doors_;
  std::atomic<bool> is_reading_{false};
  std::thread reading_;
};

}  // namespace tote::cli
