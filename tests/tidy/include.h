// The #include lines of a file.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include "tests/tidy/tree.h"

namespace tidy {

struct Include {
  std::string_view header;
  bool quoted = false;
};

inline std::optional<Include> include_of(std::string_view line) {
  const auto skip_blanks = [&] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
  for (const std::string_view part : {"#", "include"}) {
    skip_blanks();
    if (!line.starts_with(part)) return std::nullopt;
    line.remove_prefix(part.size());
  }
  skip_blanks();
  if (line.empty() || (line[0] != '<' && line[0] != '"')) return std::nullopt;
  const bool quoted = line[0] == '"';
  const std::size_t end = line.find(quoted ? '"' : '>', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return Include{line.substr(1, end - 1), quoted};
}

// Calls visit(line number, include) for each that isn't in a comment.
template <class Visit>
void each_include(const File& file, const Visit& visit) {
  const std::string code = blanked(file.text, Blank::comments);
  std::size_t number = 0;
  for (const std::string_view line : lines_of(code)) {
    ++number;
    if (const auto include = include_of(line)) visit(number, *include);
  }
}

}  // namespace tidy
