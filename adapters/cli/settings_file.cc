// tote.toml: anything unknown or of the wrong type is an error that names file, line and key, never a silent default.
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>

#include "adapters/cli/errors.h"
#include "adapters/cli/settings.h"

namespace tote::cli {
namespace {

class Reader {
 public:
  Reader(const std::string& path, Effective& effective) : path_(path), effective_(effective) {}

  void read() {
    if (std::error_code error; !std::filesystem::is_regular_file(path_, error))
      throw UsageError(path_ + ": there is no such file");
    for (const auto& [key, node] : parse()) {
      const std::string name(key.str());
      if (name == "tenant") {
        read_tenants(key, node);
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
      const auto problem = assign(*setting, value_in(value, key.source(), name), effective_.settings);
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

  void read_tenants(const toml::key& list_key, const toml::node& node) {
    const auto* list = node.as_array();
    if (list == nullptr) fail(list_key.source(), "tenant", "must be a list of tables: [[tenant]]");
    for (const auto& entry : *list) {
      if (!entry.is_table()) fail(entry.source(), "tenant", "must be a list of tables: [[tenant]]");
      const auto problem = add_tenant(tenant_in(*entry.as_table()), effective_.settings);
      if (!problem.empty()) fail(entry.source(), "tenant", problem);
    }
    effective_.sources["tenant"] = at(list_key.source());
  }

  TenantSettings tenant_in(const toml::table& table) const {
    TenantSettings tenant;
    for (const auto& [key, node] : table) {
      if (key == "id") {
        if (!node.is_string()) fail(key.source(), "tenant.id", "must be a string");
        tenant.id = node.as_string()->get();
      } else if (key == "token_sha256") {
        tenant.token_sha256 = hashes_in(node, key.source());
      } else {
        fail(key.source(), "tenant." + std::string(key.str()), "unknown key; [[tenant]] knows id, token_sha256");
      }
    }
    return tenant;
  }

  std::vector<std::string> hashes_in(const toml::node& node, const toml::source_region& source) const {
    const auto* list = node.as_array();
    if (list == nullptr) fail(source, "tenant.token_sha256", "must be a list of strings");
    std::vector<std::string> hashes;
    for (const auto& entry : *list) {
      if (!entry.is_string()) fail(entry.source(), "tenant.token_sha256", "must be a list of strings");
      hashes.push_back(entry.as_string()->get());
    }
    return hashes;
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
    return names + "[[tenant]]";
  }

  static std::string known_keys(std::string_view table) {
    std::string names;
    for (const auto& setting : setting_table())
      if (setting.table == table) names += (names.empty() ? "" : ", ") + std::string(setting.key);
    return names;
  }

  std::string at(const toml::source_region& source) const { return path_ + ":" + std::to_string(source.begin.line); }

  [[noreturn]] void fail(const toml::source_region& source, const std::string& key, const std::string& problem) const {
    throw UsageError(at(source) + ": " + key + ": " + problem);
  }

  const std::string& path_;
  Effective& effective_;
};

}  // namespace

void read_file(const std::string& path, Effective& effective) { Reader(path, effective).read(); }

}  // namespace tote::cli
