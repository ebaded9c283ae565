// tote.toml: anything unknown or of the wrong type is an error that names file, line and key, never a silent default.
#include <toml++/toml.h>

#include <algorithm>

#include "adapters/cli/settings.h"
#include "adapters/cli/settings_tables.h"

namespace tote::cli {
namespace {

class Reader {
 public:
  Reader(const std::string& path, Effective& effective) : file_(path), effective_(effective) {}

  void read() {
    for (const auto& [key, node] : file_.parse()) {
      const std::string name(key.str());
      if (name == "tenant") {
        each_table(key, node,
                   [&](const toml::table& table) { return add_tenant(tenant_in(file_, table), settings()); });
      } else if (name == "webhook") {
        each_table(key, node,
                   [&](const toml::table& table) { return add_webhook(webhook_in(file_, table), settings()); });
      } else if (name == "sportsbook") {
        each_table(key, node,
                   [&](const toml::table& table) { return add_sportsbook(sportsbook_in(file_, table), settings()); });
      } else if (name == "card_webhook") {
        each_table(key, node, [&](const toml::table& table) {
          return add_card_webhook(card_webhook_in(file_, table, effective_), settings());
        });
      } else if (name == "gateway") {
        read_gateway(key, node);
      } else if (name == "console") {
        read_console(key, node);
      } else if (is_table(name)) {
        read_table(name, key, node);
      } else {
        file_.fail(key.source(), name, "unknown; known are " + known_tables());
      }
    }
  }

 private:
  void read_table(const std::string& table, const toml::key& table_key, const toml::node& node) {
    for (const auto& [key, value] : file_.table_in(node, table_key.source(), table)) {
      const std::string name = table + "." + std::string(key.str());
      const auto* setting = find(table, key.str());
      if (setting == nullptr) file_.fail(key.source(), name, "unknown key; [" + table + "] knows " + known_keys(table));
      const Value given = setting->is_list ? Value(joined(file_.texts_in(value, key.source(), name)))
                                           : value_in(value, key.source(), name);
      const auto problem = assign(*setting, given, effective_.settings);
      if (!problem.empty()) file_.fail(key.source(), name, problem);
      effective_.sources[name] = file_.at(key.source());
    }
  }

  // A type that no setting has is left to assign() as the one type that the setting isn't: it says what it should be.
  Value value_in(const toml::node& node, const toml::source_region& source, const std::string& name) const {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* yes = node.as_boolean()) return yes->get();
    if (const auto* number = node.as_integer()) return number->get();
    file_.fail(source, name, "must be a string, an integer, true or false");
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
    if (list == nullptr) file_.fail(key.source(), name, "must be a list of tables: [[" + name + "]]");
    for (const auto& entry : *list) {
      if (!entry.is_table()) file_.fail(entry.source(), name, "must be a list of tables: [[" + name + "]]");
      const auto problem = add(*entry.as_table());
      if (!problem.empty()) file_.fail(entry.source(), name, problem);
    }
    effective_.sources[name] = file_.at(key.source());
  }

  // [gateway]: who makes charges and refunds.
  void read_gateway(const toml::key& table_key, const toml::node& node) {
    auto& stripe = settings().stripe;
    for (const auto& [key, value] : file_.table_in(node, table_key.source(), "gateway")) {
      const std::string name = "gateway." + std::string(key.str());
      const auto& source = key.source();
      std::string problem;
      if (key == "kind") {
        problem = assign(*find("server", "gateway"), file_.text_in(value, source, name), settings());
        effective_.sources["server.gateway"] = file_.at(source);
      } else if (key == "url") {
        file_.read_into(stripe.url, value, source, name);
      } else if (key == "key_file") {
        const std::string path = file_.beside(file_.text_in(value, source, name));
        stripe.key = file_.secret_in(path, source, name);
      } else if (key == "api_version") {
        file_.read_into(stripe.api_version, value, source, name);
      } else if (key == "timeout_ms") {
        file_.read_into(stripe.timeout_ms, value, source, name);
      } else {
        problem = "unknown key; [gateway] knows kind, url, key_file, api_version, timeout_ms";
      }
      if (!problem.empty()) file_.fail(source, name, problem);
      effective_.sources[name] = file_.at(source);
    }
    if (!effective_.sources.contains("gateway.key_file"))
      effective_.sources["gateway.key_file"] = file_.at(table_key.source());
    if (!effective_.sources.contains("gateway.url")) effective_.sources["gateway.url"] = file_.at(table_key.source());
  }

  // [console]: operators of the whole server.
  void read_console(const toml::key& table_key, const toml::node& node) {
    for (const auto& [key, value] : file_.table_in(node, table_key.source(), "console")) {
      const std::string name = "console." + std::string(key.str());
      const auto& source = key.source();
      std::vector<http::NamedToken> given;
      if (key == "operator_token_sha256" && value.is_string())
        given.push_back({file_.text_in(value, source, name), http::Role::operator_, {}});
      else if (key == "operator_token_sha256")
        for (auto& text : file_.texts_in(value, source, name))
          given.push_back({std::move(text), http::Role::operator_, {}});
      else if (key == "operator_tokens")
        given = tokens_in(file_, value, source, name);
      else
        file_.fail(source, name, "unknown key; [console] knows operator_token_sha256, operator_tokens");
      for (auto& token : given)
        if (const auto problem = add_operator(std::move(token), settings()); !problem.empty())
          file_.fail(source, name, problem);
      effective_.sources[name] = file_.at(source);
    }
    effective_.sources["console"] = file_.at(table_key.source());
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

  static std::string known_keys(std::string_view table) {
    std::string names;
    for (const auto& setting : setting_table())
      if (setting.table == table) names += (names.empty() ? "" : ", ") + std::string(setting.key);
    return names;
  }

  const TomlFile file_;
  Effective& effective_;
};

}  // namespace

void read_file(const std::string& path, Effective& effective) { Reader(path, effective).read(); }

}  // namespace tote::cli
