#include "tests/tidy/rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace tidy {
namespace {

constexpr std::size_t lines_max = 500;

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Calls visit(line number, line) for every line of every C++ file in `folders`, without comments and literals.
template <class Visit>
void each_line_of_code(const Tree& tree, const Names& folders, const Visit& visit) {
  for (const File& file : tree) {
    if (!is_cpp(file.path) || !lies_in_any(file.path, folders)) continue;
    const std::string code = blanked(file.text, Blank::comments_and_literals);
    std::size_t number = 0;
    for (const std::string_view line : lines_of(code)) visit(file, ++number, line);
  }
}

// The row of the room table that a file belongs to: one a folder below engine, actors and adapters, else one a room.
std::string room_row_of(std::string_view path) {
  const std::size_t room_end = path.find('/');
  if (room_end == std::string_view::npos) return "";
  const std::size_t inner_end = path.find('/', room_end + 1);
  const bool split = contains({"engine", "actors", "adapters"}, path.substr(0, room_end));
  const std::size_t end = split && inner_end != std::string_view::npos ? inner_end : room_end;
  return std::string(path.substr(0, end + 1));
}

// "wal/" of "| `wal/` | the log | …"; empty when the line is no row of a folder.
std::string_view folder_of_row(std::string_view line) {
  constexpr std::string_view before = "| `";
  if (!line.starts_with(before)) return {};
  line.remove_prefix(before.size());
  const std::string_view name = line.substr(0, line.find('`'));
  return name.ends_with('/') && line.substr(name.size()).starts_with("` |") ? name : std::string_view{};
}

std::string_view trimmed(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return line;
}

// A class, struct, enum or function, declared in full at the start of a line.
bool is_declaration(std::string_view code) {
  if (code.empty() || code.front() == ' ' || code.front() == '#' || code.front() == '}') return false;
  const auto words = words_of(code);
  if (words.empty() || contains({"namespace", "using", "extern"}, words.front())) return false;
  if (contains({"class", "struct", "enum"}, words.front()))
    return code.find(';') == std::string_view::npos || code.find('{') != std::string_view::npos;
  return code.find('(') != std::string_view::npos;
}

void check_declarations(const File& header, Findings& findings) {
  const std::string code = blanked(header.text, Blank::comments_and_literals);
  const auto raw_lines = lines_of(header.text);
  const auto code_lines = lines_of(code);
  for (std::size_t i = 0; i < raw_lines.size(); ++i) {
    if (!is_declaration(code_lines[i])) continue;
    bool told = raw_lines[i].find("//") != std::string_view::npos;
    for (std::size_t above = i; !told && above > 0 && !raw_lines[above - 1].empty(); --above) {
      told = raw_lines[above - 1].starts_with("//");  // one comment may stand over a block of overloads
    }
    if (!told) findings.push_back({header.path, i + 1, "declared without a comment: " + std::string(raw_lines[i])});
  }
}

}  // namespace

Findings check_room_table(const Tree& tree) {
  constexpr std::string_view table = "ARCHITECTURE.md";
  Findings findings;
  std::map<std::string, int, std::less<>> rows;
  for (const File& file : tree) {
    if (file.path != table) continue;
    for (const std::string_view line : lines_of(file.text)) {
      if (const auto folder = folder_of_row(line); !folder.empty()) ++rows[std::string(folder)];
    }
  }
  std::set<std::string> folders;
  for (const File& file : tree) {
    if (is_cpp(file.path)) folders.insert(room_row_of(file.path));
  }
  folders.erase("");
  for (const std::string& folder : folders) {
    if (!rows.contains(folder))
      findings.push_back({folder, 0, "has no row in the room table of " + std::string(table)});
  }
  for (const auto& [folder, count] : rows) {
    if (!folders.contains(folder)) findings.push_back({std::string(table), 0, "a row without a folder: " + folder});
    if (count > 1) findings.push_back({std::string(table), 0, "more than one row: " + folder});
  }
  return findings;
}

Findings check_length(const Tree& tree) {
  Findings findings;
  for (const File& file : tree) {
    const std::string_view name = std::string_view(file.path).substr(file.path.rfind('/') + 1);
    const std::size_t dot = name.rfind('.');
    const bool source =
        name == "dev" || name == "CMakeLists.txt" ||
        (dot != std::string_view::npos && contains({".h", ".cc", ".fbs", ".cmake", ".py", ".sh"}, name.substr(dot)));
    const std::size_t lines = lines_of(file.text).size();
    if (source && lines > lines_max) findings.push_back({file.path, lines, "more than 500 lines"});
  }
  return findings;
}

Findings check_headers(const Tree& tree) {
  Findings findings;
  for (const File& file : tree) {
    if (!is_header(file.path) || !lies_in_any(file.path, {"engine", "wal", "replication", "actors", "adapters"}))
      continue;
    if (!file.text.starts_with("// "))
      findings.push_back({file.path, 1, "doesn't begin with a comment that says what it is"});
    if (file.text.find("\n#pragma once\n") == std::string::npos)
      findings.push_back({file.path, 0, "has no #pragma once"});
    if (contains({"engine/tote.h", "engine/request.h"}, file.path)) check_declarations(file, findings);
  }
  return findings;
}

Findings check_no_floating_point(const Tree& tree) {
  Findings findings;
  each_line_of_code(tree, {"engine", "replication", "actors"},
                    [&](const File& file, std::size_t number, std::string_view line) {
                      for (const std::string_view word : words_of(line)) {
                        if (contains({"double", "float"}, word))
                          findings.push_back({file.path, number, "floating point: " + std::string(word)});
                      }
                    });
  return findings;
}

Findings check_no_locks(const Tree& tree) {
  struct Allowed {
    std::string_view path, reason;
  };
  constexpr std::array allowed{
      Allowed{"engine/inbox.h", "hand-over between threads; guards no domain state"},
      Allowed{"engine/inbox.cc", "hand-over between threads; guards no domain state"},
      Allowed{"engine/local_engine.h", "close() from several threads, a copy of the figures; guards no domain state"},
      Allowed{"engine/shared_log.h", "readers of the log beside the loop; guards no domain state"},
      Allowed{"engine/opening.cc", "close() from several threads, a copy of the figures; guards no domain state"},
      Allowed{"engine/huge_pages.h", "hand-over between threads; guards no domain state"},
      Allowed{"engine/trimming.h", "to be woken; guards no domain state"},
      Allowed{"engine/trimming.cc", "to be woken; guards no domain state"},
      Allowed{"engine/backup_desk.h", "hand-over between threads: who asks, what became of it"},
      Allowed{"engine/backup_desk.cc", "the same"},
      Allowed{"engine/snapshot_writer.h", "hand-over between threads; guards no domain state"},
      Allowed{"engine/snapshot_writer.cc", "hand-over between threads; guards no domain state"},
      Allowed{"engine/row_fetcher.h", "hand-over between threads; guards no domain state"},
      Allowed{"engine/row_fetcher.cc", "hand-over between threads; guards no domain state"},
      Allowed{"engine/row_pages.h", "hand-over between threads; guards no domain state"},
      Allowed{"engine/row_pages.cc", "hand-over between threads; guards no domain state"},
      Allowed{"engine/question_thread.h", "hand-over between threads; guards no domain state"},
      Allowed{"engine/key_merging.h", "hand-over between threads; guards no domain state"},
      Allowed{"engine/key_merging.cc", "hand-over between threads; guards no domain state"},
      Allowed{"engine/key_lookups.h", "hand-over between threads; guards no domain state"},
      Allowed{"engine/history.h", "hand-over between threads; guards no domain state"},
      Allowed{"engine/history.cc", "hand-over between threads; guards no domain state"},
      Allowed{"engine/listing.h", "hand-over between threads; guards no domain state"},
      Allowed{"engine/listing.cc", "hand-over between threads; guards no domain state"},
      Allowed{"engine/tenants.h", "names of tenants, asked for from any thread; guards no domain state"},
      Allowed{"engine/tenants.cc", "names of tenants, asked for from any thread; guards no domain state"},
  };
  Findings findings;
  each_line_of_code(tree, {"engine", "actors"}, [&](const File& file, std::size_t number, std::string_view line) {
    if (std::any_of(allowed.begin(), allowed.end(), [&](const Allowed& it) { return it.path == file.path; })) return;
    for (const std::string_view word : words_of(line)) {
      if (word.find("mutex") != std::string_view::npos)
        findings.push_back({file.path, number, "a lock: " + std::string(word)});
    }
  });
  return findings;
}

Findings check_definitions(const Tree& tree) {
  Findings findings;
  for (const File& file : tree) {
    if (!file.path.ends_with("CMakeLists.txt") || file.path == "tests/CMakeLists.txt") continue;
    std::size_t number = 0;
    for (const std::string_view line : lines_of(file.text)) {
      ++number;
      if (line.find("=\"${PROJECT_") != std::string_view::npos ||
          line.find("=\"$<TARGET_FILE") != std::string_view::npos)
        findings.push_back({file.path, number, "a definition with a path of this clone: tests/places.h has them"});
    }
  }
  return findings;
}

Findings check_folder_names(const Tree& tree) {
  Findings findings;
  std::set<std::string> seen;
  for (const File& file : tree) {
    std::string_view rest = file.path;
    for (std::size_t end = rest.find('/'); end != std::string_view::npos; end = rest.find('/')) {
      const std::string_view name = rest.substr(0, end);
      rest.remove_prefix(end + 1);
      if (contains({"util", "utils", "common", "misc", "helper", "helpers"}, name) && seen.emplace(name).second) {
        findings.push_back({file.path, 0, "a folder called " + std::string(name)});
      }
    }
  }
  return findings;
}

Findings check_left_behind(const Tree& tree) {
  // In two pieces: these lines are part of the tree too.
  const std::array<std::string, 3> machine_paths{
      "/"
      "work/",
      "/"
      "home/",
      "/"
      "root/"};
  const std::array<std::string, 3> notes{
      "TO"
      "DO",
      "FIX"
      "ME",
      "XX"
      "X"};
  Findings findings;
  for (const File& file : tree) {
    std::size_t number = 0;
    for (const std::string_view line : lines_of(file.text)) {
      ++number;
      for (const std::string& path : machine_paths) {
        const std::size_t at = line.find(path);
        const bool absolute = at != std::string_view::npos && (at == 0 || words_of(line.substr(at - 1, 1)).empty());
        if (absolute) findings.push_back({file.path, number, "a path of one machine: " + path});
      }
      for (const std::string_view word : words_of(line)) {
        // The whole of a string is data: ISO 4217 has a code that reads like a note.
        const bool quoted =
            line.substr(static_cast<std::size_t>(word.data() - line.data()) + word.size()).starts_with('"') &&
            word.data() > line.data() && word.data()[-1] == '"';
        if (!quoted && std::find(notes.begin(), notes.end(), word) != notes.end()) {
          findings.push_back({file.path, number, "left to finish: " + std::string(trimmed(line))});
        }
      }
    }
  }
  return findings;
}

Findings check_tests_check(const Tree& tree) {
  Findings findings;
  for (const File& file : tree) {
    if (!lies_in(file.path, "tests") || !file.path.ends_with(".cc")) continue;
    const std::string code = blanked(file.text, Blank::comments_and_literals);
    bool is_test = false;
    bool checks = false;
    for (const std::string_view word : words_of(code)) {
      is_test = is_test || word.starts_with("TEST_CASE") || word == "SCENARIO";
      checks = checks || word.starts_with("CHECK") || word.starts_with("REQUIRE") || word.starts_with("RC_ASSERT");
    }
    if (is_test && !checks) findings.push_back({file.path, 0, "a test without a check"});
  }
  return findings;
}

}  // namespace tidy
