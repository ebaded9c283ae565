// The source tree as the rules see it: paths and texts, nothing else, so that a bad example is four lines in a test.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace tidy {

struct File {
  std::string path;  // from the root of the repository
  std::string text;
};
using Tree = std::vector<File>;

struct Finding {
  std::string path;
  std::size_t line = 0;  // 0: the file as a whole
  std::string what;
};
using Findings = std::vector<Finding>;

// Every file of the repository below `root`, in order: no hidden folder but .ci, nothing that builds or servers leave.
Tree read_tree(std::string_view root);

// "wal/log.cc:12: …" for people, one a line.
std::string to_text(const Findings& findings);

// Lines without their ends.
std::vector<std::string_view> lines_of(std::string_view text);

// The same text with comments, and with `literals` also strings and characters, turned to spaces; lines stay lines.
enum class Blank { comments, comments_and_literals };
std::string blanked(std::string_view text, Blank what);

// The string literals of a text without its comments, each as it is written, with its quotes.
std::vector<std::string_view> literals_of(std::string_view text);

// The identifiers (and numbers) of a line of code.
std::vector<std::string_view> words_of(std::string_view line);

// Is `path` this folder's, or the file itself? "*" in `pattern` stands for any one folder name.
bool lies_in(std::string_view path, std::string_view pattern);
using Names = std::initializer_list<std::string_view>;
bool lies_in_any(std::string_view path, const Names& patterns);

bool is_cpp(std::string_view path);
bool is_header(std::string_view path);

}  // namespace tidy
