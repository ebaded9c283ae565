// tote.toml: anything unknown or of the wrong type is an error that names file, line and key, never a silent default.
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "adapters/cli/errors.h"
#include "adapters/cli/settings.h"
#include "adapters/cli/settings_sportsbook.h"

namespace tote::cli {
namespace {

struct WebhookField {
  using Options = webhooks::EndpointOptions;
  std::string_view key;
  std::variant<std::string Options::*, std::vector<std::string> Options::*, bool Options::*, std::int64_t Options::*>
      member;
};
const WebhookField webhook_fields[] = {
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

class Reader {
 public:
  Reader(const std::string& path, Effective& effective) : path_(path), effective_(effective) {}

  void read() {
    if (std::error_code error; !std::filesystem::is_regular_file(path_, error))
      throw UsageError(path_ + ": there is no such file");
    for (const auto& [key, node] : parse()) {
      const std::string name(key.str());
      if (name == "tenant") {
        each_table(key, node, [&](const toml::table& table) { return add_tenant(tenant_in(table), settings()); });
      } else if (name == "webhook") {
        each_table(key, node, [&](const toml::table& table) { return add_webhook(webhook_in(table), settings()); });
      } else if (name == "sportsbook") {
        each_table(key, node,
                   [&](const toml::table& table) { return add_sportsbook(sportsbook_in(table, path_), settings()); });
      } else if (name == "card_webhook") {
        each_table(key, node,
                   [&](const toml::table& table) { return add_card_webhook(card_webhook_in(table), settings()); });
      } else if (name == "gateway") {
        read_gateway(key, node);
      } else if (name == "console") {
        read_console(key, node);
      } else if (is_table(name)) {
        read_table(name, key, node);
      } else {
        fail(key.source(), name, "unknown; known are " + known_tables());
      }
    }
  }

 private:
  toml::table parse() const {
    try {
      return toml::parse_file(path_);
    } catch (const toml::parse_error& error) {
      throw UsageError(at(error.source()) + ": " + std::string(error.description()));
    }
  }

  void read_table(const std::string& table, const toml::key& table_key, const toml::node& node) {
    if (!node.is_table()) fail(table_key.source(), table, "must be a table: [" + table + "]");
    for (const auto& [key, value] : *node.as_table()) {
      const std::string name = table + "." + std::string(key.str());
      const auto* setting = find(table, key.str());
      if (setting == nullptr) fail(key.source(), name, "unknown key; [" + table + "] knows " + known_keys(table));
      const Value given =
          setting->is_list ? Value(joined(texts_in(value, key.source(), name))) : value_in(value, key.source(), name);
      const auto problem = assign(*setting, given, effective_.settings);
      if (!problem.empty()) fail(key.source(), name, problem);
      effective_.sources[name] = at(key.source());
    }
  }

  // A type that no setting has is left to assign() as the one type that the setting isn't: it says what it should be.
  Value value_in(const toml::node& node, const toml::source_region& source, const std::string& name) const {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* yes = node.as_boolean()) return yes->get();
    if (const auto* number = node.as_integer()) return number->get();
    fail(source, name, "must be a string, an integer, true or false");
  }

  static std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += (all.empty() ? "" : ",") + text;
    return all;
  }

  Settings& settings() { return effective_.settings; }

  // [[name]]: `add` says what is wrong with a table, empty when nothing is.
  template <class Add>
  void each_table(const toml::key& key, const toml::node& node, const Add& add) {
    const std::string name(key.str());
    const auto* list = node.as_array();
    if (list == nullptr) fail(key.source(), name, "must be a list of tables: [[" + name + "]]");
    for (const auto& entry : *list) {
      if (!entry.is_table()) fail(entry.source(), name, "must be a list of tables: [[" + name + "]]");
      const auto problem = add(*entry.as_table());
      if (!problem.empty()) fail(entry.source(), name, problem);
    }
    effective_.sources[name] = at(key.source());
  }

  TenantSettings tenant_in(const toml::table& table) const {
    TenantSettings tenant;
    for (const auto& [key, node] : table) {
      const std::string name = "tenant." + std::string(key.str());
      if (key == "id")
        tenant.id = text_in(node, key.source(), name);
      else if (key == "token_sha256")
        tenant.token_sha256 = texts_in(node, key.source(), name);
      else if (key == "tokens")
        tenant.tokens = tokens_in(node, key.source(), name);
      else if (key == "limits")
        tenant.limits = limits_in(node, key.source(), name);
      else
        fail(key.source(), name, "unknown key; [[tenant]] knows id, token_sha256, tokens, [tenant.limits]");
    }
    return tenant;
  }

  // [{ sha256 = "…", role = "reader", name = "…" }]
  std::vector<http::NamedToken> tokens_in(const toml::node& node, const toml::source_region& source,
                                          const std::string& name) const {
    const auto* list = node.as_array();
    if (list == nullptr) fail(source, name, "must be a list of tables");
    std::vector<http::NamedToken> tokens;
    for (const auto& entry : *list) {
      if (!entry.is_table()) fail(entry.source(), name, "must be a list of tables");
      tokens.push_back(token_in(*entry.as_table(), entry.source(), name));
    }
    return tokens;
  }

  http::NamedToken token_in(const toml::table& table, const toml::source_region& source, const std::string& in) const {
    http::NamedToken token;
    bool has_role = false;
    for (const auto& [key, node] : table) {
      const std::string name = in + "." + std::string(key.str());
      if (key == "sha256") {
        token.sha256 = text_in(node, key.source(), name);
      } else if (key == "name") {
        token.name = text_in(node, key.source(), name);
      } else if (key == "role") {
        const auto role = http::role_of(text_in(node, key.source(), name));
        if (!role) fail(key.source(), name, "must be reader, writer, operator or issuer");
        token.role = *role;
        has_role = true;
      } else {
        fail(key.source(), name, "unknown key; a token knows sha256, role, name");
      }
    }
    if (token.sha256.empty()) fail(source, in, "a token needs its sha256");
    if (!has_role) fail(source, in, "a token needs a role: reader, writer, operator or issuer");
    return token;
  }

  http::TenantLimits limits_in(const toml::node& node, const toml::source_region& source,
                               const std::string& table) const {
    http::TenantLimits limits;
    if (!node.is_table()) fail(source, table, "must be a table: [" + table + "]");
    for (const auto& [key, value] : *node.as_table()) {
      const std::string name = table + "." + std::string(key.str());
      const auto found = std::ranges::find(limit_fields, key.str(), &LimitField::key);
      if (found == std::end(limit_fields))
        fail(key.source(), name, "unknown key; [tenant.limits] knows " + known_limits());
      std::int64_t limit = 0;
      read_into(limit, value, key.source(), name);
      limits.*found->member = limit;
      if (limit < 0 || limit > limit_max)
        fail(key.source(), name, "must be 0 (no limit) to " + std::to_string(limit_max));
    }
    return limits;
  }

  static std::string known_limits() {
    std::string names;
    for (const LimitField& field : limit_fields) names += (names.empty() ? "" : ", ") + std::string(field.key);
    return names;
  }

  webhooks::EndpointOptions webhook_in(const toml::table& table) const {
    webhooks::EndpointOptions webhook;
    for (const auto& [key, node] : table) {
      const std::string name = "webhook." + std::string(key.str());
      const auto found = std::ranges::find(webhook_fields, key.str(), &WebhookField::key);
      if (key == "secret_files") {
        for (const auto& path : texts_in(node, key.source(), name))
          webhook.secrets.push_back(secret_in(path, key.source(), name));
      } else if (found == std::end(webhook_fields)) {
        fail(key.source(), name, "unknown key; [[webhook]] knows " + known_webhook_keys());
      } else {
        std::visit([&, &value = node,
                    &source = key.source()](auto member) { read_into(webhook.*member, value, source, name); },
                   found->member);
      }
    }
    return webhook;
  }

  CardWebhookSettings card_webhook_in(const toml::table& table) {
    CardWebhookSettings webhook;
    auto& options = webhook.options;
    const toml::key* files = nullptr;
    for (const auto& [key, node] : table) {
      const std::string name = "card_webhook." + std::string(key.str());
      const auto& source = key.source();
      if (key == "name")
        read_into(options.name, node, source, name);
      else if (key == "path")
        read_into(options.path, node, source, name);
      else if (key == "tenant")
        read_into(options.tenant, node, source, name);
      else if (key == "secret_files")
        read_into(options.secret_files, node, source, name), files = &key;
      else if (key == "tolerance_s")
        read_into(options.tolerance_s, node, source, name);
      else if (key == "future_s")
        read_into(options.future_s, node, source, name);
      else if (key == "metadata")
        options.metadata = metadata_in(node, source, name);
      else
        fail(source, name,
             "unknown key; [[card_webhook]] knows name, path, tenant, secret_files, tolerance_s, future_s, metadata");
      effective_.sources[name] = at(source);
    }
    for (std::string& path : options.secret_files) path = beside_file(path);
    auto secrets = card_webhooks::read_secrets(options);
    if (!secrets.problem.empty())
      webhook.problem =
          said(files == nullptr ? table.source() : files->source(), "card_webhook.secret_files", secrets.problem);
    webhook.secrets = std::move(secrets.all);
    return webhook;
  }

  card_webhooks::MetadataNames metadata_in(const toml::node& node, const toml::source_region& source,
                                           const std::string& table) const {
    card_webhooks::MetadataNames names;
    if (!node.is_table()) fail(source, table, "must be a table that knows " + known_metadata());
    for (const auto& [key, value] : *node.as_table()) {
      const std::string name = table + "." + std::string(key.str());
      const auto& fields = card_webhooks::metadata_fields;
      const auto found = std::ranges::find(fields, key.str(), &card_webhooks::MetadataField::key);
      if (found == std::end(fields)) fail(key.source(), name, "unknown key; metadata knows " + known_metadata());
      read_into(names.*found->member, value, key.source(), name);
    }
    return names;
  }

  static std::string known_metadata() {
    std::string names;
    for (const auto& field : card_webhooks::metadata_fields)
      names += (names.empty() ? "" : ", ") + std::string(field.key);
    return names;
  }

  // [gateway]: who makes charges and refunds.
  void read_gateway(const toml::key& table_key, const toml::node& node) {
    if (!node.is_table()) fail(table_key.source(), "gateway", "must be a table: [gateway]");
    auto& stripe = settings().stripe;
    for (const auto& [key, value] : *node.as_table()) {
      const std::string name = "gateway." + std::string(key.str());
      const auto& source = key.source();
      std::string problem;
      if (key == "kind") {
        problem = assign(*find("server", "gateway"), text_in(value, source, name), settings());
        effective_.sources["server.gateway"] = at(source);
      } else if (key == "url") {
        read_into(stripe.url, value, source, name);
      } else if (key == "key_file") {
        const std::string path = beside_file(text_in(value, source, name));
        stripe.key = secret_in(path, source, name);
      } else if (key == "api_version") {
        read_into(stripe.api_version, value, source, name);
      } else if (key == "timeout_ms") {
        read_into(stripe.timeout_ms, value, source, name);
      } else {
        problem = "unknown key; [gateway] knows kind, url, key_file, api_version, timeout_ms";
      }
      if (!problem.empty()) fail(source, name, problem);
      effective_.sources[name] = at(source);
    }
    if (!effective_.sources.contains("gateway.key_file"))
      effective_.sources["gateway.key_file"] = at(table_key.source());
    if (!effective_.sources.contains("gateway.url")) effective_.sources["gateway.url"] = at(table_key.source());
  }

  // [console]: operators of the whole server.
  void read_console(const toml::key& table_key, const toml::node& node) {
    if (!node.is_table()) fail(table_key.source(), "console", "must be a table: [console]");
    for (const auto& [key, value] : *node.as_table()) {
      const std::string name = "console." + std::string(key.str());
      const auto& source = key.source();
      std::vector<http::NamedToken> given;
      if (key == "operator_token_sha256" && value.is_string())
        given.push_back({text_in(value, source, name), http::Role::operator_, {}});
      else if (key == "operator_token_sha256")
        for (auto& text : texts_in(value, source, name)) given.push_back({std::move(text), http::Role::operator_, {}});
      else if (key == "operator_tokens")
        given = tokens_in(value, source, name);
      else
        fail(source, name, "unknown key; [console] knows operator_token_sha256, operator_tokens");
      for (auto& token : given)
        if (const auto problem = add_operator(std::move(token), settings()); !problem.empty())
          fail(source, name, problem);
      effective_.sources[name] = at(source);
    }
    effective_.sources["console"] = at(table_key.source());
  }

  // Files are named from where the settings lie.
  std::string beside_file(const std::string& path) const {
    const std::filesystem::path given(path);
    return given.is_absolute() ? path : (std::filesystem::path(path_).parent_path() / given).string();
  }

  void read_into(std::string& into, const toml::node& node, const toml::source_region& source,
                 const std::string& name) const {
    into = text_in(node, source, name);
  }
  void read_into(std::vector<std::string>& into, const toml::node& node, const toml::source_region& source,
                 const std::string& name) const {
    const auto texts = texts_in(node, source, name);
    into.insert(into.end(), texts.begin(), texts.end());
  }
  void read_into(bool& into, const toml::node& node, const toml::source_region& source, const std::string& name) const {
    if (!node.is_boolean()) fail(source, name, "must be true or false");
    into = node.as_boolean()->get();
  }
  void read_into(std::int64_t& into, const toml::node& node, const toml::source_region& source,
                 const std::string& name) const {
    if (!node.is_integer()) fail(source, name, "must be an integer");
    into = node.as_integer()->get();
  }

  std::string secret_in(const std::string& path, const toml::source_region& source, const std::string& name) const {
    std::ifstream in(path);
    std::string secret;
    if (!(in >> secret)) fail(source, name, path + " can't be read, or is empty");
    return secret;
  }

  std::string text_in(const toml::node& node, const toml::source_region& source, const std::string& name) const {
    if (!node.is_string()) fail(source, name, "must be a string");
    return node.as_string()->get();
  }

  std::vector<std::string> texts_in(const toml::node& node, const toml::source_region& source,
                                    const std::string& name) const {
    const auto* list = node.as_array();
    if (list == nullptr) fail(source, name, "must be a list of strings");
    std::vector<std::string> texts;
    for (const auto& entry : *list) {
      if (!entry.is_string()) fail(entry.source(), name, "must be a list of strings");
      texts.push_back(entry.as_string()->get());
    }
    return texts;
  }

  static bool is_table(std::string_view table) {
    return std::ranges::any_of(setting_table(), [&](const Setting& setting) { return setting.table == table; });
  }

  static const Setting* find(std::string_view table, std::string_view key) {
    for (const auto& setting : setting_table())
      if (setting.table == table && setting.key == key) return &setting;
    return nullptr;
  }

  static std::string known_tables() {
    std::string names;
    for (const auto& setting : setting_table()) {
      const std::string name = "[" + std::string(setting.table) + "], ";
      if (names.find(name) == std::string::npos) names += name;
    }
    return names + "[gateway], [console], [[tenant]], [[webhook]], [[card_webhook]], [[sportsbook]]";
  }

  static std::string known_webhook_keys() {
    std::string names;
    for (const WebhookField& field : webhook_fields) names += std::string(field.key) + ", ";
    return names + "secret_files";
  }

  static std::string known_keys(std::string_view table) {
    std::string names;
    for (const auto& setting : setting_table())
      if (setting.table == table) names += (names.empty() ? "" : ", ") + std::string(setting.key);
    return names;
  }

  std::string at(const toml::source_region& source) const { return path_ + ":" + std::to_string(source.begin.line); }

  [[noreturn]] void fail(const toml::source_region& source, const std::string& key, const std::string& problem) const {
    throw UsageError(said(source, key, problem));
  }
  std::string said(const toml::source_region& source, const std::string& key, const std::string& problem) const {
    return at(source) + ": " + key + ": " + problem;
  }

  const std::string& path_;
  Effective& effective_;
};

}  // namespace

void read_file(const std::string& path, Effective& effective) { Reader(path, effective).read(); }

}  // namespace tote::cli
