// [[sportsbook]].
#include <string_view>
#include <utility>
#include <variant>

#include "adapters/cli/settings_tables.h"
#include "adapters/sportsbook/keys.h"
#include "adapters/sportsbook/profiles.h"

namespace tote::cli {
namespace {

using sportsbook::Options;
using sportsbook::Unit;

// A key with words for its values.
struct DoorChoice {
  std::string_view key;
  void (*set)(Options& options, bool is_first);
  std::string_view first, second;
};
constexpr DoorChoice door_choices[] = {
    {"negative_balance", [](Options& options, bool is_first) { options.may_overdraw = is_first; }, "allow", "clamp"},
    {"unknown_parent", [](Options& options, bool is_first) { options.unknown_is_ok = !is_first; }, "error", "ok"},
};

using DoorField = TomlField<Options, std::string, bool, std::int64_t>;
constexpr DoorField door_fields[] = {
    {"name", &Options::name},     {"path", &Options::path},         {"tenant", &Options::tenant},
    {"issuer", &Options::issuer}, {"audience", &Options::audience}, {"leeway_s", &Options::leeway_s},
    {"wallet", &Options::wallet}, {"sessions", &Options::sessions}, {"timeout_ms", &Options::timeout_ms},
};
constexpr std::string_view known_door_keys =
    "name, path, tenant, profile, keys, issuer, audience, leeway_s, wallet, sessions, negative_balance, "
    "unknown_parent, timeout_ms, amounts, error_status";

class DoorReader {
 public:
  DoorReader(const TomlFile& file, SportsbookSettings& door) : file_(file), door_(door), options_(door.options) {}

  void read(const toml::table& table) {
    for (const auto& [key, node] : table) take(key, node);
  }

  [[noreturn]] void fail(const toml::source_region& source, std::string_view key, const std::string& problem) const {
    file_.fail(source, name_of(key), problem);
  }

 private:
  void take(const toml::key& key, const toml::node& node) {
    const std::string_view name = key.str();
    if (file_.read_field(options_, door_fields, key, node, name_of(name))) return;
    for (const DoorChoice& choice : door_choices)
      if (choice.key == name) return read_choice(choice, node, key);
    if (name == "profile") return read_into(options_.profile, node, key);
    if (name == "keys") return read_keys(node, key);
    if (name == "amounts") return read_unit(node, key);
    if (name == "error_status") return read_error_status(node, key);
    fail(key.source(), name, "unknown key; [[sportsbook]] knows " + std::string(known_door_keys));
  }

  void read_into(auto& into, const toml::node& node, const toml::key& key) const {
    file_.read_into(into, node, key.source(), name_of(key.str()));
  }

  void read_choice(const DoorChoice& choice, const toml::node& node, const toml::key& key) const {
    std::string said;
    read_into(said, node, key);
    if (said != choice.first && said != choice.second)
      fail(key.source(), key.str(),
           "must be \"" + std::string(choice.first) + "\" or \"" + std::string(choice.second) + '"');
    choice.set(options_, said == choice.first);
  }
  void read_unit(const toml::node& node, const toml::key& key) const {
    std::string said;
    read_into(said, node, key);
    if (said == "subunits")
      options_.unit = Unit::subunits;
    else if (said == "x100000")
      options_.unit = Unit::x100000;
    else if (said == "decimal")
      options_.unit = Unit::decimal;
    else
      fail(key.source(), key.str(), R"(must be "subunits", "x100000" or "decimal")");
  }
  void read_error_status(const toml::node& node, const toml::key& key) const {
    std::int64_t status = 0;
    read_into(status, node, key);
    if (status != 400 && status != 200) fail(key.source(), key.str(), "must be 400 or 200");
    options_.error_status = static_cast<unsigned>(status);
  }
  void read_keys(const toml::node& node, const toml::key& key) const {
    const auto* list = node.as_array();
    if (list == nullptr || list->empty()) fail(key.source(), key.str(), "must be a list of files with public keys");
    options_.keys.clear();
    for (const auto& entry : *list) {
      if (!entry.is_string()) fail(entry.source(), key.str(), "must be a list of files with public keys");
      options_.keys.push_back(file_.beside(entry.as_string()->get()));
    }
    auto read = sportsbook::read_keys(options_.keys);
    if (const auto* problem = std::get_if<std::string>(&read))
      door_.problem = file_.said(key.source(), name_of(key.str()), *problem);
    else
      door_.keys = std::get<sportsbook::KeySetPtr>(std::move(read));
  }

  static std::string name_of(std::string_view key) { return "sportsbook." + std::string(key); }

  const TomlFile& file_;
  SportsbookSettings& door_;
  Options& options_;
};

std::string names_of_profiles(const toml::table& profiles) {
  std::string names;
  for (const auto& [name, node] : profiles) names += (names.empty() ? "" : ", ") + std::string(name.str());
  return names;
}

}  // namespace

SportsbookSettings sportsbook_in(const TomlFile& file, const toml::table& table) {
  SportsbookSettings door;
  Options& options = door.options;
  const DoorReader outer(file, door);
  if (const auto* profile = table.get("profile")) {
    if (!profile->is_string()) outer.fail(profile->source(), "profile", "must be a string");
    options.profile = profile->as_string()->get();
  }
  const toml::table profiles = toml::parse(sportsbook::profiles_text());
  const auto* chosen = profiles.get_as<toml::table>(options.profile);
  if (chosen == nullptr)
    outer.fail(table.get("profile")->source(), "profile",
               "there is no \"" + options.profile + "\"; known are " + names_of_profiles(profiles));
  static const TomlFile profiles_file("profiles.toml");
  DoorReader(profiles_file, door).read(*chosen);
  DoorReader(file, door).read(table);
  if (const auto problem = sportsbook::problem_of(options); !problem.empty()) {
    const std::string key = problem.substr(0, problem.find(':'));
    const auto* node = table.get(key);
    outer.fail(node == nullptr ? table.source() : node->source(), key, problem.substr(problem.find(':') + 2));
  }
  return door;
}

}  // namespace tote::cli
