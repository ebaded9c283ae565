// [[webhook]]: who is told of what happens; [[card_webhook]]: a card provider's door.
#include <algorithm>
#include <iterator>

#include "adapters/cli/settings_tables.h"

namespace tote::cli {
namespace {

using WebhookField = TomlField<webhooks::EndpointOptions, std::string, std::vector<std::string>, bool, std::int64_t>;
constexpr WebhookField webhook_fields[] = {
    {"name", &webhooks::EndpointOptions::name},
    {"url", &webhooks::EndpointOptions::url},
    {"secrets", &webhooks::EndpointOptions::secrets},
    {"ca_file", &webhooks::EndpointOptions::ca_file},
    {"tenant", &webhooks::EndpointOptions::tenant},
    {"types", &webhooks::EndpointOptions::types},
    {"allow_private", &webhooks::EndpointOptions::allow_private},
    {"retry_first_ms", &webhooks::EndpointOptions::retry_first_ms},
    {"timeout_ms", &webhooks::EndpointOptions::timeout_ms},
    {"give_up_after_s", &webhooks::EndpointOptions::give_up_after_s},
    {"concurrency", &webhooks::EndpointOptions::concurrency},
};

using CardWebhookField = TomlField<card_webhooks::DoorOptions, std::string, std::vector<std::string>, std::int64_t>;
constexpr CardWebhookField card_webhook_fields[] = {
    {"name", &card_webhooks::DoorOptions::name},
    {"path", &card_webhooks::DoorOptions::path},
    {"tenant", &card_webhooks::DoorOptions::tenant},
    {"secret_files", &card_webhooks::DoorOptions::secret_files},
    {"tolerance_s", &card_webhooks::DoorOptions::tolerance_s},
    {"future_s", &card_webhooks::DoorOptions::future_s},
};

card_webhooks::MetadataNames metadata_in(const TomlFile& file, const toml::node& node,
                                         const toml::source_region& source, const std::string& table) {
  card_webhooks::MetadataNames names;
  if (!node.is_table())
    file.fail(source, table, "must be a table that knows " + keys_of(card_webhooks::metadata_fields));
  for (const auto& [key, value] : *node.as_table()) {
    const std::string name = table + "." + std::string(key.str());
    const auto& fields = card_webhooks::metadata_fields;
    const auto found = std::ranges::find(fields, key.str(), &card_webhooks::MetadataField::key);
    if (found == std::end(fields))
      file.fail(key.source(), name, "unknown key; metadata knows " + keys_of(card_webhooks::metadata_fields));
    file.read_into(names.*found->member, value, key.source(), name);
  }
  return names;
}

}  // namespace

webhooks::EndpointOptions webhook_in(const TomlFile& file, const toml::table& table) {
  webhooks::EndpointOptions webhook;
  for (const auto& [key, node] : table) {
    const std::string name = "webhook." + std::string(key.str());
    if (key == "secret_files") {
      for (const auto& path : file.texts_in(node, key.source(), name))
        webhook.secrets.push_back(file.secret_in(file.beside(path), key.source(), name));
    } else if (!file.read_field(webhook, webhook_fields, key, node, name)) {
      file.fail(key.source(), name, "unknown key; [[webhook]] knows " + keys_of(webhook_fields) + ", secret_files");
    }
  }
  return webhook;
}

CardWebhookSettings card_webhook_in(const TomlFile& file, const toml::table& table, Effective& effective) {
  CardWebhookSettings webhook;
  auto& options = webhook.options;
  const auto* files = table.get("secret_files");
  for (const auto& [key, node] : table) {
    const std::string name = "card_webhook." + std::string(key.str());
    if (key == "metadata")
      options.metadata = metadata_in(file, node, key.source(), name);
    else if (!file.read_field(options, card_webhook_fields, key, node, name))
      file.fail(key.source(), name,
                "unknown key; [[card_webhook]] knows " + keys_of(card_webhook_fields) + ", metadata");
    effective.sources[name] = file.at(key.source());
  }
  for (std::string& path : options.secret_files) path = file.beside(path);
  auto secrets = card_webhooks::read_secrets(options);
  if (!secrets.problem.empty())
    webhook.problem =
        file.said(files == nullptr ? table.source() : files->source(), "card_webhook.secret_files", secrets.problem);
  webhook.secrets = std::move(secrets.all);
  return webhook;
}

}  // namespace tote::cli
