// `tote config check`: the settings in force, each with where it came from.
#include <algorithm>
#include <cstdio>
#include <string>

#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/tls.h"

namespace tote::cli {

namespace {

// As tote.toml has it.
std::string list_of(const std::string& text) {
  std::string list = "[";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    list += (at == 0 ? "\"" : ", \"") + text.substr(at, end - at) + '"';
    at = end + 1;
  }
  return list + ']';
}

}  // namespace

int check_config(const Effective& effective) {
  check_files(effective.settings);
  tls_of(effective.settings);
  std::string_view table;
  for (const auto& setting : setting_table()) {
    if (setting.table != table) std::printf("[%s]\n", std::string(table = setting.table).c_str());
    const bool text = std::holds_alternative<std::string Settings::*>(setting.member);
    const std::string quote = text ? "\"" : "";
    std::string value = value_of(setting, effective.settings);
    if (setting.is_secret && !value.empty()) value = "(not printed)";
    const auto line = std::string(setting.key) + " = " + (setting.is_list ? list_of(value) : quote + value + quote);
    std::printf("%-44s # %s\n", line.c_str(), effective.source_of(name_of(setting)).c_str());
  }
  for (const auto& tenant : effective.settings.tenants) {
    std::printf("[[tenant]]\n%-44s # %s\n", ("id = \"" + tenant.id + "\"").c_str(),
                effective.source_of("tenant").c_str());
    std::printf("# token_sha256: %zu, not printed\n", tenant.token_sha256.size());
    for (const auto& token : tenant.tokens)
      std::printf("# token %s: %s\n", token.name.empty() ? "(no name)" : token.name.c_str(),
                  std::string(http::name_of(token.role)).c_str());
  }
  if (!effective.settings.operators.empty()) std::puts("[console]");
  for (const auto& token : effective.settings.operators)
    std::printf("# operator %s: %s\n", token.name.empty() ? "(no name)" : token.name.c_str(),
                std::string(http::name_of(token.role)).c_str());
  for (const auto& webhook : effective.settings.webhooks) {
    std::printf("[[webhook]]\n%-44s # %s\n", ("name = \"" + webhook.name + "\"").c_str(),
                effective.source_of("webhook").c_str());
    std::printf("# url, secrets: %zu, not printed\n", webhook.secrets.size());
  }
  for (const auto& [door, keys, problem] : effective.settings.sportsbooks) {
    std::printf("[[sportsbook]]\n%-44s # %s\n", ("name = \"" + door.name + "\"").c_str(),
                effective.source_of("sportsbook").c_str());
    std::printf("# path %s, profile %s, files of keys: %zu\n", door.path.c_str(), door.profile.c_str(),
                door.keys.size());
  }
  for (const auto& webhook : effective.settings.card_webhooks) {
    std::printf("[[card_webhook]]\n%-44s # %s\n", ("name = \"" + webhook.options.name + "\"").c_str(),
                effective.source_of("card_webhook").c_str());
    std::printf("# path %s, secrets: %zu, not printed\n", webhook.options.path.c_str(), webhook.secrets.size());
  }
  if (effective.settings.tenants.empty()) std::puts("# no tenant: no token is asked for, only loopback is listened on");
  return exit_ok;
}

}  // namespace tote::cli
