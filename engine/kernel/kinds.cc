#include "engine/kernel/kinds.h"

#include <algorithm>
#include <array>

namespace tote {
namespace {

struct Given {
  KindId id;
  std::string_view name;
};

// Numbers are on disk: add at the end, never reuse one.
constexpr std::array<Given, 14> ours{{{1, "wallet"},
                                      {2, "item"},
                                      {3, "match"},
                                      {4, "pass"},
                                      {5, "order"},
                                      {6, "booking"},
                                      {7, "refunds"},
                                      {8, "transaction"},
                                      {9, "bet"},
                                      {10, "reference"},
                                      {11, "session"},
                                      {12, "payment_events"},
                                      {13, "payment"},
                                      {14, "money_books"}}};

std::string named(const Kind& kind) {
  return "the kind " + std::string(kind.name()) + " (kind_id " + std::to_string(kind.id()) + ")";
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name.front() >= 'a' && name.front() <= 'z' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_ours(std::string_view code_name) {
  for (std::uint16_t number = 0; number < static_cast<std::uint16_t>(Code::first_of_users); ++number)
    if (name_of(static_cast<Code>(number)) == code_name) return true;
  return false;
}

const CodeText* find(const Kinds& kinds, Code code) {
  for (const auto& kind : kinds)
    for (const CodeText& text : kind->codes())
      if (text.code == code) return &text;
  return nullptr;
}

std::string number_problem(const Kind& kind) {
  if (!is_name(kind.name())) return "needs a name of small letters, digits and _";
  if (kind.id() >= first_kind_of_users) return {};
  const auto is_it = [&](const Given& given) { return given.id == kind.id() && given.name == kind.name(); };
  if (std::any_of(ours.begin(), ours.end(), is_it)) return {};
  return "has a number of Tote's own: those of users begin at " + std::to_string(first_kind_of_users);
}

std::string code_problem(const Kinds& kinds, const CodeText& text) {
  const std::string code = "registers the code " + std::to_string(static_cast<std::uint16_t>(text.code));
  if (!is_of_users(text.code))
    return code + ": those of users begin at " + std::to_string(static_cast<std::uint16_t>(Code::first_of_users));
  if (!is_name(text.name)) return code + " without a name of small letters, digits and _";
  if (text.sentence.empty()) return code + " without a sentence";
  if (is_ours(text.name)) return code + " by the name of one of Tote's own, " + std::string(text.name);
  for (const auto& other : kinds)
    for (const CodeText& theirs : other->codes())
      if ((theirs.code == text.code) != (theirs.name == text.name))
        return code + " as " + std::string(text.name) + ", but the kind " + std::string(other->name()) + " has " +
               std::to_string(static_cast<std::uint16_t>(theirs.code)) + " as " + std::string(theirs.name);
  return {};
}

// What stands in the rows of every table, or of every table of entries, is nobody's own.
bool is_own_column(const Kind& kind, const Table& table, std::string_view name) {
  const bool is_frame = name == "tenant" || name == "version" || name == "lsn";
  const bool is_entry =
      name == kind.name() || name == "entry" || name == "event" || name == "key" || name == "time" || name == "actor";
  return is_name(name) && !is_frame && !(table.rows == RowKind::entry && is_entry);
}

std::string table_problem(const Kinds& kinds, const Kind& kind, const Table& table) {
  const std::string of = "has a table " + std::string(table.name);
  std::size_t same = 0;
  for (const auto& other : kinds)
    for (const Table& theirs : other->tables()) same += theirs.name == table.name ? 1 : 0;
  if (!is_name(table.name)) return of + ", which needs a name of small letters, digits and _";
  if (same > 1) return of + ", and so has another kind";
  if ((table.keys == 0) != (table.rows == RowKind::entry) || table.keys > table.columns.size())
    return of + " whose rows can't be told apart";
  for (const Column& column : table.columns) {
    const auto is_it = [&](const Column& other) { return other.name == column.name; };
    if (!is_own_column(kind, table, column.name) ||
        std::count_if(table.columns.begin(), table.columns.end(), is_it) > 1)
      return of + " with a column " + std::string(column.name) + ", which it can't have";
  }
  return {};
}

}  // namespace

std::string problem_of(const Kinds& kinds) {
  for (const auto& kind : kinds) {
    if (kind == nullptr) return "one of the kinds is null";
    if (const auto problem = number_problem(*kind); !problem.empty()) return named(*kind) + " " + problem;
    for (const auto& other : kinds)
      if (other != nullptr && &other != &kind && (other->id() == kind->id() || other->name() == kind->name()))
        return named(*kind) + " and " + named(*other) + " can't be used together";
  }
  for (const auto& kind : kinds) {
    for (const CodeText& text : kind->codes())
      if (const auto problem = code_problem(kinds, text); !problem.empty()) return named(*kind) + " " + problem;
    for (const Table& table : kind->tables())
      if (const auto problem = table_problem(kinds, *kind, table); !problem.empty())
        return named(*kind) + " " + problem;
  }
  return {};
}

bool is_known(const Kinds& kinds, Code code) {
  return is_of_users(code) ? find(kinds, code) != nullptr : !name_of(code).empty();
}

std::string name_of(const Kinds& kinds, Code code) {
  if (!is_of_users(code)) return std::string(name_of(code));
  const CodeText* text = find(kinds, code);
  return text == nullptr ? "code " + std::to_string(static_cast<std::uint16_t>(code)) : std::string(text->name);
}

std::string_view sentence_of(const Kinds& kinds, Code code) {
  const CodeText* text = find(kinds, code);
  return text == nullptr ? std::string_view() : text->sentence;
}

}  // namespace tote
