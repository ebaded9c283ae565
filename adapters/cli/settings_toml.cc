#include "adapters/cli/settings_toml.h"

#include <filesystem>
#include <fstream>

#include "adapters/cli/errors.h"

namespace tote::cli {

toml::table TomlFile::parse() const {
  if (std::error_code error; !std::filesystem::is_regular_file(path_, error))
    throw UsageError(path_ + ": there is no such file");
  try {
    return toml::parse_file(path_);
  } catch (const toml::parse_error& error) {
    throw UsageError(at(error.source()) + ": " + std::string(error.description()));
  }
}

void TomlFile::read_into(std::string& into, const toml::node& node, const toml::source_region& source,
                         std::string_view name) const {
  into = text_in(node, source, name);
}

void TomlFile::read_into(std::vector<std::string>& into, const toml::node& node, const toml::source_region& source,
                         std::string_view name) const {
  const auto texts = texts_in(node, source, name);
  into.insert(into.end(), texts.begin(), texts.end());
}

void TomlFile::read_into(bool& into, const toml::node& node, const toml::source_region& source,
                         std::string_view name) const {
  if (!node.is_boolean()) fail(source, name, "must be true or false");
  into = node.as_boolean()->get();
}

void TomlFile::read_into(std::int64_t& into, const toml::node& node, const toml::source_region& source,
                         std::string_view name) const {
  if (!node.is_integer()) fail(source, name, "must be an integer");
  into = node.as_integer()->get();
}

std::string TomlFile::text_in(const toml::node& node, const toml::source_region& source, std::string_view name) const {
  if (!node.is_string()) fail(source, name, "must be a string");
  return node.as_string()->get();
}

std::vector<std::string> TomlFile::texts_in(const toml::node& node, const toml::source_region& source,
                                            std::string_view name) const {
  const auto* list = node.as_array();
  if (list == nullptr) fail(source, name, "must be a list of strings");
  std::vector<std::string> texts;
  for (const auto& entry : *list) {
    if (!entry.is_string()) fail(entry.source(), name, "must be a list of strings");
    texts.push_back(entry.as_string()->get());
  }
  return texts;
}

const toml::table& TomlFile::table_in(const toml::node& node, const toml::source_region& source,
                                      std::string_view name) const {
  if (!node.is_table()) fail(source, name, "must be a table: [" + std::string(name) + "]");
  return *node.as_table();
}

std::string TomlFile::secret_in(const std::string& path, const toml::source_region& source,
                                std::string_view name) const {
  std::ifstream in(path);
  std::string secret;
  if (!(in >> secret)) fail(source, name, path + " can't be read, or is empty");
  return secret;
}

std::string TomlFile::beside(const std::string& path) const {
  const std::filesystem::path given(path);
  return given.is_absolute() ? path : (std::filesystem::path(path_).parent_path() / given).string();
}

std::string TomlFile::at(const toml::source_region& source) const {
  return path_ + ":" + std::to_string(source.begin.line);
}

std::string TomlFile::said(const toml::source_region& source, std::string_view name, std::string_view problem) const {
  return at(source) + ": " + std::string(name) + ": " + std::string(problem);
}

void TomlFile::fail(const toml::source_region& source, std::string_view name, std::string_view problem) const {
  throw UsageError(said(source, name, problem));
}

}  // namespace tote::cli
