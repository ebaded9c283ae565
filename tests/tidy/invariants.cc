#include "tests/tidy/invariants.h"

#include <algorithm>
#include <string>

namespace tidy {
namespace {

constexpr std::string_view document = "docs/invariants.md";

std::vector<std::string_view> cells_of(std::string_view row) {
  std::vector<std::string_view> cells;
  for (row.remove_prefix(1); !row.empty();) {
    const std::size_t end = std::min(row.find('|'), row.size());
    std::string_view cell = row.substr(0, end);
    while (cell.starts_with(' ')) cell.remove_prefix(1);
    while (cell.ends_with(' ')) cell.remove_suffix(1);
    cells.push_back(cell);
    row.remove_prefix(std::min(end + 1, row.size()));
  }
  return cells;
}

// What stands between two of `mark`, one after the other.
std::vector<std::string_view> marked(std::string_view text, char mark) {
  std::vector<std::string_view> found;
  for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at)) {
    const std::size_t end = text.find(mark, at + 1);
    if (end == std::string_view::npos) break;
    found.push_back(text.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return found;
}

bool is_code(const File& file) {
  return is_cpp(file.path) && !file.path.starts_with("tests/") && !file.path.starts_with("bench/");
}

// A path, or a name as code has it: "wallet/apply.cc", "Wallet::check".
bool is_there(const Tree& tree, std::string_view name) {
  if (name.find('/') != std::string_view::npos || name.ends_with(".cc") || name.ends_with(".h"))
    return std::ranges::any_of(tree, [&](const File& file) {
      return file.path == name || file.path.ends_with('/' + std::string(name)) || file.path.starts_with(name);
    });
  const auto colons = name.rfind("::");
  const std::string_view word = colons == std::string_view::npos ? name : name.substr(colons + 2);
  return std::ranges::any_of(tree, [&](const File& file) {
    return is_code(file) && std::ranges::any_of(words_of(file.text), [&](std::string_view one) { return one == word; });
  });
}

const File* file_at(const Tree& tree, std::string_view path) {
  const auto found = std::ranges::find(tree, path, &File::path);
  return found == tree.end() ? nullptr : &*found;
}

bool has_test(const File& file, std::string_view sentence) {
  const std::string literal = '"' + std::string(sentence) + '"';
  for (std::size_t at = file.text.find(literal); at != std::string::npos; at = file.text.find(literal, at + 1)) {
    const std::string_view before = std::string_view(file.text).substr(0, at);
    const std::size_t line = before.rfind("TEST_CASE");
    if (line != std::string_view::npos && before.find('{', line) == std::string_view::npos) return true;
  }
  return false;
}

// "`tests/a_test.cc` "one", "another"; `tests/b_test.cc` "…"".
void check_tests(const Tree& tree, std::string_view cell, std::size_t line, Findings& findings) {
  const auto find = [&](std::string what) { findings.push_back({std::string(document), line, std::move(what)}); };
  std::size_t tests = 0;
  for (std::size_t at = cell.find('`'); at != std::string_view::npos;) {
    const std::size_t end = cell.find('`', at + 1), next = cell.find('`', end + 1);
    if (end == std::string_view::npos) break;
    const std::string path(cell.substr(at + 1, end - at - 1));
    const File* file = file_at(tree, path);
    if (file == nullptr) find("names a test that isn't there: " + path);
    const auto sentences = marked(cell.substr(end + 1, next == std::string_view::npos ? next : next - end - 1), '"');
    for (const std::string_view sentence : sentences)
      if (file != nullptr && !has_test(*file, sentence)) find(path + " has no test \"" + std::string(sentence) + '"');
    tests += sentences.size();
    at = next;
  }
  if (tests == 0) find("names no test by its sentence");
}

}  // namespace

Findings check_invariants(const Tree& tree) {
  Findings findings;
  const File* file = file_at(tree, document);
  if (file == nullptr) return {{std::string(document), 0, "isn't there"}};
  std::size_t number = 0, line_number = 0;
  for (const std::string_view line : lines_of(file->text)) {
    ++line_number;
    const bool is_row = line.starts_with("| ") && line[2] >= '0' && line[2] <= '9';
    if (!is_row) continue;
    const auto cells = cells_of(line);
    if (cells.size() != 5 || cells[0] != std::to_string(++number)) {
      findings.push_back({std::string(document), line_number, "isn't a row with five cells and the next number"});
      continue;
    }
    for (const std::size_t cell : {std::size_t{2}, std::size_t{3}})
      for (const std::string_view name : marked(cells[cell], '`'))
        if (!is_there(tree, name) && name != "tote verify")
          findings.push_back({std::string(document), line_number, "names code that isn't there: " + std::string(name)});
    if (cells[2].empty()) findings.push_back({std::string(document), line_number, "isn't held by anything"});
    check_tests(tree, cells[4], line_number, findings);
  }
  if (number == 0) findings.push_back({std::string(document), 0, "has no rows"});
  return findings;
}

}  // namespace tidy
