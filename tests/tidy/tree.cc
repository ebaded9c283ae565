#include "tests/tidy/tree.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tidy {
namespace {

namespace fs = std::filesystem;

bool is_word_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Hidden folders belong to tools, build/ and data/ to the builds and servers of this machine. In a second worktree,
// .git is a file.
bool is_foreign(const fs::directory_entry& entry, const fs::path& root) {
  const std::string name = entry.path().filename().string();
  if (!entry.is_directory()) return entry.is_symlink() || name == ".git";
  if (name == "__pycache__" || name == "node_modules" || fs::exists(entry.path() / "CMakeCache.txt")) return true;
  if (name.starts_with('.')) return name != ".ci";
  return entry.path().parent_path() == root && (name == "build" || name == "data" || name == "data-cluster");
}

void read_folder(const fs::path& folder, const fs::path& root, Tree& tree) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (is_foreign(entry, root)) continue;
    if (entry.is_directory()) {
      read_folder(entry.path(), root, tree);
    } else {
      std::ifstream in(entry.path(), std::ios::binary);
      tree.push_back(
          {entry.path().lexically_relative(root).generic_string(), {std::istreambuf_iterator<char>(in), {}}});
    }
  }
}

// Where the comment or literal that begins at `at` ends; `at` when none begins there.
std::size_t end_of_comment(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) == "//") return std::min(text.find('\n', at), text.size());
  if (text.substr(at, 2) == "/*") {
    const std::size_t end = text.find("*/", at + 2);
    return end == std::string_view::npos ? text.size() : end + 2;
  }
  return at;
}

std::size_t end_of_literal(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const char before = at > 0 ? text[at - 1] : ' ';
  if (quote != '"' && quote != '\'') return at;
  if (quote == '\'' && is_word_char(before)) return at;  // 1'000
  if (quote == '"' && before == 'R') {
    const std::size_t open = text.find('(', at);
    if (open == std::string_view::npos) return text.size();
    const std::string close = ")" + std::string(text.substr(at + 1, open - at - 1)) + "\"";
    const std::size_t end = text.find(close, open);
    return end == std::string_view::npos ? text.size() : end + close.size();
  }
  for (std::size_t end = at + 1; end < text.size(); ++end) {
    if (text[end] == '\\') {
      ++end;
    } else if (text[end] == quote || text[end] == '\n') {
      return end + 1;
    }
  }
  return text.size();
}

}  // namespace

Tree read_tree(std::string_view root) {
  Tree tree;
  read_folder(fs::path(root), fs::path(root), tree);
  std::sort(tree.begin(), tree.end(), [](const File& a, const File& b) { return a.path < b.path; });
  return tree;
}

std::string to_text(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += "\n  " + finding.path + (finding.line == 0 ? "" : ":" + std::to_string(finding.line)) + ": " + finding.what;
  }
  return text;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string blanked(std::string_view text, Blank what) {
  std::string out(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comment_end = end_of_comment(text, at);
    const std::size_t end = comment_end > at ? comment_end : end_of_literal(text, at);
    if (comment_end > at || (end > at && what == Blank::comments_and_literals)) {
      std::replace_if(
          out.begin() + static_cast<std::ptrdiff_t>(at), out.begin() + static_cast<std::ptrdiff_t>(end),
          [](char c) { return c != '\n'; }, ' ');
    }
    at = std::max(end, at + 1);
  }
  return out;
}

std::vector<std::string_view> literals_of(std::string_view text) {
  std::vector<std::string_view> literals;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comment_end = end_of_comment(text, at);
    const std::size_t end = comment_end > at ? comment_end : end_of_literal(text, at);
    if (comment_end <= at && end > at && text[at] != '\'') literals.push_back(text.substr(at, end - at));
    at = std::max(end, at + 1);
  }
  return literals;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    while (end < line.size() && is_word_char(line[end])) ++end;
    if (end > at) words.push_back(line.substr(at, end - at));
    at = std::max(end, at + 1);
  }
  return words;
}

bool lies_in(std::string_view path, std::string_view pattern) {
  while (!pattern.empty()) {
    const std::string_view want = pattern.substr(0, pattern.find('/'));
    const std::string_view have = path.substr(0, path.find('/'));
    if (have.empty() || (want != "*" && want != have)) return false;
    pattern.remove_prefix(std::min(want.size() + 1, pattern.size()));
    path.remove_prefix(std::min(have.size() + 1, path.size()));
  }
  return true;
}

bool lies_in_any(std::string_view path, const Names& patterns) {
  return std::any_of(patterns.begin(), patterns.end(), [&](std::string_view it) { return lies_in(path, it); });
}

bool is_cpp(std::string_view path) { return path.ends_with(".h") || path.ends_with(".cc"); }
bool is_header(std::string_view path) { return path.ends_with(".h"); }

}  // namespace tidy
