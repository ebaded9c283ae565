// tote.toml, as its readers see it: a value, or UsageError naming file, line and key.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tote::cli {

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
