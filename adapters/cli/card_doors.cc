#include "adapters/cli/card_doors.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace tote::cli {

CardDoors::CardDoors(const std::vector<CardWebhookSettings>& settings) {
  for (const auto& one : settings) doors_.push_back(std::make_shared<card_webhooks::Door>(one.options, one.secrets));
}

std::vector<std::string> CardDoors::names() const {
  std::vector<std::string> names;
  for (const auto& door : doors_) names.push_back(door->options().name);
  return names;
}

void CardDoors::mount(server::Server& server) {
  for (const auto& door : doors_) server.mount(door->options().path, door);
}

std::string CardDoors::attach(Engine& engine) {
  for (const auto& door : doors_)
    if (auto problem = door->attach(engine); !problem.empty()) return problem;
  return {};
}

bool CardDoors::take(const std::vector<CardWebhookSettings>& settings) {
  bool all = true;
  for (const auto& door : doors_) {
    const std::string& name = door->options().name;
    const auto read = std::ranges::find_if(settings, [&](const auto& one) { return one.options.name == name; });
    if (read == settings.end()) {
      spdlog::warn("card_webhook {}: it isn't in the settings any more; its door stays until a restart", name);
    } else if (!read->problem.empty()) {
      spdlog::error("alert: card_webhook {}: {}; the secrets stay as they were", name, read->problem);
      all = false;
    } else {
      door->set_secrets(read->secrets);
      spdlog::info("card_webhook {}: {} secrets read", name, read->secrets.size());
    }
  }
  return all;
}

}  // namespace tote::cli
