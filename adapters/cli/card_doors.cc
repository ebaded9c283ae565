#include "adapters/cli/card_doors.h"

#include "adapters/cli/reread.h"

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
  return give_again(doors_, settings, "card_webhook", "secrets", [](auto& door, const CardWebhookSettings& read) {
    door.set_secrets(read.secrets);
    return read.secrets.size();
  });
}

}  // namespace tote::cli
