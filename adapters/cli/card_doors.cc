#include "adapters/cli/card_doors.h"

#include <spdlog/spdlog.h>

namespace tote::cli {

CardDoors::CardDoors(const std::vector<CardWebhookSettings>& settings) {
  for (const auto& one : settings) doors_.push_back(std::make_shared<card_webhooks::Door>(one.options, one.secrets));
}

CardDoors::~CardDoors() {
  if (reading_.joinable()) reading_.join();
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

void CardDoors::reread(std::function<void(std::function<void()>)> post) {
  if (doors_.empty() || is_reading_.exchange(true)) return;
  if (reading_.joinable()) reading_.join();  // it has ended
  reading_ = std::thread([this, post = std::move(post)] {
    for (const auto& door : doors_) {
      auto read = card_webhooks::read_secrets(door->options());
      if (!read.problem.empty()) {
        spdlog::error("alert: card_webhook {}: {}; the secrets stay as they were", door->options().name, read.problem);
        continue;
      }
      spdlog::info("card_webhook {}: {} secrets read", door->options().name, read.all.size());
      post([door, secrets = std::move(read.all)]() mutable { door->set_secrets(std::move(secrets)); });
    }
    is_reading_ = false;
  });
}

}  // namespace tote::cli
