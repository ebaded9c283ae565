// tote.toml, as its readers see it: a value, or UsageError naming file, line and key.
#pragma once

#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tote::cli {

// A key whose value goes into a member.
template <class Options, class... Values>
struct TomlField {
  std::string_view key;
  std::variant<Values Options::*...> member;
};

class TomlFile {
 public:
  explicit TomlFile(std::string path) : path_(std::move(path)) {}

  toml::table parse() const;

  // `name`: the whole key, as messages call it. A list is added to.
  void read_into(std::string& into, const toml::node& node, const toml::source_region& source,
                 std::string_view name) const;
  void read_into(std::vector<std::string>& into, const toml::node& node, const toml::source_region& source,
                 std::string_view name) const;
  void read_into(bool& into, const toml::node& node, const toml::source_region& source, std::string_view name) const;
  void read_into(std::int64_t& into, const toml::node& node, const toml::source_region& source,
                 std::string_view name) const;
  // Into the member that a field of that key names; false: there is none.
  template <class Options, class Fields>
  bool read_field(Options& into, const Fields& fields, const toml::key& key, const toml::node& node,
                  std::string_view name) const {
    const auto field = std::ranges::find(fields, key.str(), [](const auto& each) { return each.key; });
    if (field == std::end(fields)) return false;
    std::visit([&](auto member) { read_into(into.*member, node, key.source(), name); }, field->member);
    return true;
  }
  std::string text_in(const toml::node& node, const toml::source_region& source, std::string_view name) const;
  std::vector<std::string> texts_in(const toml::node& node, const toml::source_region& source,
                                    std::string_view name) const;
  const toml::table& table_in(const toml::node& node, const toml::source_region& source, std::string_view name) const;
  // The first word of the file with that name.
  std::string secret_in(const std::string& path, const toml::source_region& source, std::string_view name) const;

  // Files are named from where the settings lie.
  std::string beside(const std::string& path) const;

  std::string at(const toml::source_region& source) const;
  std::string said(const toml::source_region& source, std::string_view name, std::string_view problem) const;
  [[noreturn]] void fail(const toml::source_region& source, std::string_view name, std::string_view problem) const;

 private:
  const std::string path_;
};

// "name, path, tenant": for messages.
template <class Fields>
std::string keys_of(const Fields& fields) {
  std::string names;
  for (const auto& field : fields) names += (names.empty() ? "" : ", ") + std::string(field.key);
  return names;
}

}  // namespace tote::cli
