#include "tests/tidy/domain_words.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace tidy {
namespace {

using Words = std::set<std::string, std::less<>>;

// Of anybody: an adapter may well have its own.
constexpr std::array<std::string_view, 14> of_anybody{"id",        "amount",   "currency", "status",   "error",
                                                      "reference", "attempts", "lines",    "metadata", "created_at",
                                                      "opened",    "price",    "type",     "name"};

bool is_lower(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }

// "hold", "opened" of "hold.opened".
template <class Visit>
void each_word(std::string_view literal, const Visit& visit) {
  for (std::size_t at = 0; at < literal.size(); ++at) {
    std::size_t end = at;
    while (end < literal.size() && is_lower(literal[end])) ++end;
    if (end > at) visit(literal.substr(at, end - at));
    at = end;
  }
}

// One, and many of it.
void add(Words& words, std::string_view word) {
  if (std::ranges::find(of_anybody, word) != of_anybody.end()) return;
  words.emplace(word);
  words.emplace(word.ends_with('s') ? std::string(word.substr(0, word.size() - 1)) : std::string(word) + "s");
}

// What stands between such a beginning and the end of the statement.
void add_declared(Words& words, std::string_view code, std::string_view beginning) {
  for (auto at = code.find(beginning); at != code.npos; at = code.find(beginning, at + 1)) {
    const std::string_view statement = code.substr(at, code.find(';', at) - at);
    for (const std::string_view literal : literals_of(statement)) {
      // Of an event's type what it is about: what happened is any verb.
      const std::string_view noun = literal.substr(0, literal.find('.'));
      each_word(noun, [&](std::string_view word) { add(words, word); });
    }
  }
}

Words words_of_entities(const Tree& tree) {
  Words words;
  for (const File& file : tree) {
    if (!is_cpp(file.path) || !lies_in(file.path, "actors")) continue;
    const std::string code = blanked(file.text, Blank::comments);
    for (const std::string_view beginning :
         {"std::string_view kind = ", "told_names[] = ", "constexpr Column ", "constexpr Table "})
      add_declared(words, code, beginning);
  }
  return words;
}

bool is_reader(std::string_view path) {
  const bool is_door = lies_in(path, "adapters/http") || lies_in(path, "adapters/payments") ||
                       lies_in(path, "adapters/card_webhooks") || lies_in(path, "adapters/sportsbook");
  const bool is_of_doors = path.starts_with("adapters/cli/demo") || path == "adapters/cli/settings_sportsbook.cc" ||
                           path == "adapters/cli/import.cc" || path.starts_with("adapters/cli/wallets_file.");
  return is_cpp(path) && lies_in(path, "adapters") && !is_door && !is_of_doors;
}

// Sentences may say what they like, but for those that are SQL.
bool is_data(const File& file, std::string_view literal) {
  return literal.find(' ') == literal.npos || lies_in(file.path, "adapters/postgres");
}

void check_file(const File& file, const Words& words, Findings& findings) {
  const std::string code = blanked(file.text, Blank::comments);
  for (const std::string_view literal : literals_of(code)) {
    const auto before = code.substr(0, static_cast<std::size_t>(literal.data() - code.data()));
    const std::string_view line = std::string_view(before).substr(before.rfind('\n') + 1);
    if (!is_data(file, literal) || line.starts_with("#include")) continue;
    bool is_entitys = false;
    each_word(literal, [&](std::string_view word) { is_entitys = is_entitys || words.contains(word); });
    if (is_entitys)
      findings.push_back({file.path, static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
                          "a word of an entity's: " + std::string(literal)});
  }
}

// "holds", "per", "wallet" of "holds_per_wallet": part by part.
bool names_a_part(std::string_view identifier) {
  while (!identifier.empty()) {
    const std::string_view part = identifier.substr(0, identifier.find('_'));
    for (const std::string_view word : {"saga", "sagas", "seat", "seats", "hold", "holds"})
      if (part == word) return true;
    identifier.remove_prefix(std::min(part.size() + 1, identifier.size()));
  }
  return false;
}

}  // namespace

Findings check_kernel_words(const Tree& tree) {
  Findings findings;
  for (const File& file : tree) {
    if (!is_cpp(file.path) || !lies_in(file.path, "engine/kernel")) continue;
    const std::string code = blanked(file.text, Blank::comments_and_literals);
    std::size_t number = 0;
    for (const std::string_view line : lines_of(code)) {
      ++number;
      for (const std::string_view word : words_of(line))
        if (names_a_part(word)) findings.push_back({file.path, number, "a word of an entity's: " + std::string(word)});
    }
  }
  return findings;
}

Findings check_domain_words(const Tree& tree) {
  const Words words = words_of_entities(tree);
  Findings findings;
  if (words.empty()) findings.push_back({"actors", 0, "no kind, event or table was found"});
  for (const File& file : tree)
    if (is_reader(file.path)) check_file(file, words, findings);
  return findings;
}

}  // namespace tidy
