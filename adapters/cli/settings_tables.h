// Tables of tote.toml that have a shape of their own. Each throws UsageError naming file, line and key.
#pragma once

#include <string>
#include <vector>

#include "adapters/cli/settings.h"
#include "adapters/cli/settings_toml.h"

namespace tote::cli {

// [[tenant]], and a list of tokens: [{ sha256 = "…", role = "reader", name = "…" }]. settings_tenants.cc
TenantSettings tenant_in(const TomlFile& file, const toml::table& table);
std::vector<http::NamedToken> tokens_in(const TomlFile& file, const toml::node& node, const toml::source_region& source,
                                        const std::string& name);

// [[webhook]] and [[card_webhook]]; the latter's keys are noted among the sources. settings_webhooks.cc
webhooks::EndpointOptions webhook_in(const TomlFile& file, const toml::table& table);
CardWebhookSettings card_webhook_in(const TomlFile& file, const toml::table& table, Effective& effective);

// [[sportsbook]], with the settings of its profile where it says none of its own, and the keys, or what is wrong with
// their files. settings_sportsbook.cc
SportsbookSettings sportsbook_in(const TomlFile& file, const toml::table& table);

}  // namespace tote::cli
