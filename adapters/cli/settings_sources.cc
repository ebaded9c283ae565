// Where settings come from, other than tote.toml: the environment and flags.
#include <algorithm>
#include <filesystem>

#include "adapters/cli/errors.h"
#include "adapters/cli/server_client.h"
#include "adapters/cli/settings.h"

namespace tote::cli {
namespace {

constexpr std::string_view file_default = "tote.toml";
constexpr std::string_view config_variable = "TOTE_CONFIG";
constexpr std::string_view tenants_variable = "TOTE_TENANTS";  // id=hash,hash;id=hash

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(separator, at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

void set(const Setting& setting, const std::string& text, const std::string& source, Effective& effective) {
  const auto problem = assign_text(setting, text, effective.settings);
  if (!problem.empty()) throw UsageError(source + ": " + problem + (setting.is_secret ? "" : ", not \"" + text + "\""));
  effective.sources[name_of(setting)] = source;
}

// Replaces the tenants of the file: half of them from here and half from there would be a surprise.
void read_tenants(const std::string& text, Effective& effective) {
  effective.settings.tenants.clear();
  for (const auto& part : split(text, ';')) {
    const auto equals = std::min(part.find('='), part.size());
    TenantSettings tenant{part.substr(0, equals), split(part.substr(std::min(equals + 1, part.size())), ',')};
    const auto problem = add_tenant(std::move(tenant), effective.settings);
    if (!problem.empty()) throw UsageError(std::string(tenants_variable) + ": " + problem);
  }
  // Else a secret that wasn't filled in would open the server to everybody.
  if (effective.settings.tenants.empty())
    throw UsageError(std::string(tenants_variable) +
                     ": names no tenant; id=hash,hash;id=hash is needed, or no such variable");
  effective.sources["tenant"] = tenants_variable;
}

std::string known_variables() {
  std::string names;
  for (const auto& setting : setting_table()) names += environment_of(setting) + ", ";
  return names + std::string(config_variable) + ", " + std::string(tenants_variable);
}

std::optional<std::string> find_config(const Inputs& inputs) {
  if (inputs.config) return inputs.config;
  for (const auto& [name, value] : inputs.environment)
    if (name == config_variable) return value;
  if (std::error_code error; std::filesystem::exists(file_default, error)) return std::string(file_default);
  return std::nullopt;
}

// Where the setting that a problem begins with was said. One that is missing was said nowhere: then where another of
// its table was, which asks for it.
std::string source_of(const std::string& problem, const Effective& effective) {
  const std::string key = problem.substr(0, problem.find(':'));
  if (const auto said = effective.sources.find(key); said != effective.sources.end()) return said->second + ": ";
  const std::string table = key.substr(0, key.find('.') + 1);
  std::string of_table;
  for (const auto& [name, source] : effective.sources) {
    if (table.empty() || !name.starts_with(table)) continue;
    if (problem.find(name + ':') != std::string::npos) return source + ": ";
    if (of_table.empty()) of_table = source + ": ";
  }
  return of_table;
}

}  // namespace

void read_environment(const Inputs& inputs, Effective& effective) {
  for (const auto& variable : inputs.environment) {
    const auto& name = variable.first;
    const auto& value = variable.second;
    if (!name.starts_with("TOTE_") || name == config_variable || name == token_variable) continue;
    if (name == tenants_variable) {
      read_tenants(value, effective);
      continue;
    }
    const auto& table = setting_table();
    const auto found =
        std::ranges::find_if(table, [&](const Setting& setting) { return environment_of(setting) == name; });
    if (found != table.end())
      set(*found, value, name, effective);
    else  // container platforms set names of their own, such as TOTE_PORT for a service that is called tote
      effective.warnings.push_back(name + ": ignored, no such setting; known are " + known_variables());
  }
}

void read_flags(const Inputs& inputs, Effective& effective) {
  for (const auto& setting : setting_table())
    if (const auto given = inputs.flags.find(flag_of(setting)); given != inputs.flags.end())
      set(setting, given->second, given->first, effective);
}

Effective resolve(const Inputs& inputs) {
  Effective effective;
  if (const auto config = find_config(inputs)) read_file(*config, effective);
  read_environment(inputs, effective);
  read_flags(inputs, effective);
  if (const auto problem = problem_of(effective.settings); !problem.empty()) {
    throw UsageError(source_of(problem, effective) + problem);
  }
  return effective;
}

}  // namespace tote::cli
