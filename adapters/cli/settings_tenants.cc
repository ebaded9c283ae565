// [[tenant]]: its tokens and what it may take.
#include <algorithm>

#include "adapters/cli/settings_tables.h"

namespace tote::cli {
namespace {

struct LimitField {
  std::string_view key;
  std::int64_t http::TenantLimits::*member;
};
constexpr LimitField limit_fields[] = {
    {"entities_max", &http::TenantLimits::entities_max},
    {"requests_in_flight_max", &http::TenantLimits::requests_in_flight_max},
    {"requests_per_s_max", &http::TenantLimits::requests_per_s_max},
    {"connections_max", &http::TenantLimits::connections_max},
    {"streams_max", &http::TenantLimits::streams_max},
};
constexpr std::int64_t limit_max = 1'000'000'000;

http::NamedToken token_in(const TomlFile& file, const toml::table& table, const toml::source_region& source,
                          const std::string& in) {
  http::NamedToken token;
  bool has_role = false;
  for (const auto& [key, node] : table) {
    const std::string name = in + "." + std::string(key.str());
    if (key == "sha256") {
      token.sha256 = file.text_in(node, key.source(), name);
    } else if (key == "name") {
      token.name = file.text_in(node, key.source(), name);
    } else if (key == "role") {
      const auto role = http::role_of(file.text_in(node, key.source(), name));
      if (!role) file.fail(key.source(), name, "must be reader, writer, operator or issuer");
      token.role = *role;
      has_role = true;
    } else {
      file.fail(key.source(), name, "unknown key; a token knows sha256, role, name");
    }
  }
  if (token.sha256.empty()) file.fail(source, in, "a token needs its sha256");
  if (!has_role) file.fail(source, in, "a token needs a role: reader, writer, operator or issuer");
  return token;
}

http::TenantLimits limits_in(const TomlFile& file, const toml::node& node, const toml::source_region& source,
                             const std::string& table) {
  http::TenantLimits limits;
  for (const auto& [key, value] : file.table_in(node, source, table)) {
    const std::string name = table + "." + std::string(key.str());
    const auto found = std::ranges::find(limit_fields, key.str(), &LimitField::key);
    if (found == std::end(limit_fields))
      file.fail(key.source(), name, "unknown key; [tenant.limits] knows " + keys_of(limit_fields));
    std::int64_t limit = 0;
    file.read_into(limit, value, key.source(), name);
    limits.*found->member = limit;
    if (limit < 0 || limit > limit_max)
      file.fail(key.source(), name, "must be 0 (no limit) to " + std::to_string(limit_max));
  }
  return limits;
}

}  // namespace

std::vector<http::NamedToken> tokens_in(const TomlFile& file, const toml::node& node, const toml::source_region& source,
                                        const std::string& name) {
  const auto* list = node.as_array();
  if (list == nullptr) file.fail(source, name, "must be a list of tables");
  std::vector<http::NamedToken> tokens;
  for (const auto& entry : *list) {
    if (!entry.is_table()) file.fail(entry.source(), name, "must be a list of tables");
    tokens.push_back(token_in(file, *entry.as_table(), entry.source(), name));
  }
  return tokens;
}

TenantSettings tenant_in(const TomlFile& file, const toml::table& table) {
  TenantSettings tenant;
  for (const auto& [key, node] : table) {
    const std::string name = "tenant." + std::string(key.str());
    if (key == "id")
      tenant.id = file.text_in(node, key.source(), name);
    else if (key == "token_sha256")
      tenant.token_sha256 = file.texts_in(node, key.source(), name);
    else if (key == "tokens")
      tenant.tokens = tokens_in(file, node, key.source(), name);
    else if (key == "limits")
      tenant.limits = limits_in(file, node, key.source(), name);
    else
      file.fail(key.source(), name, "unknown key; [[tenant]] knows id, token_sha256, tokens, [tenant.limits]");
  }
  return tenant;
}

}  // namespace tote::cli
