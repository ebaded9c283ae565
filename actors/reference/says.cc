// What is told of references: pages of a list, one of them, and their table.
#include <algorithm>

#include "actors/reference/reference.h"

namespace tote {
namespace {

// An answer's bytes: by its members, so they have a version and stay readable.
struct Told {
  std::string id{}, name{};
  Time first_seen{};
  std::int64_t version = 0;
  static constexpr void members(auto&& is) {
    is("id", &Told::id), is("name", &Told::name), is("first_seen", &Told::first_seen);
    is("version", &Told::version);
  }
};
struct Page {
  std::vector<Told> told{};
  std::int64_t count = 0;  // of all
  bool is_one = false, has_more = false;
  static constexpr void members(auto&& is) {
    is("told", &Page::told), is("count", &Page::count), is("is_one", &Page::is_one), is("has_more", &Page::has_more);
  }
};

Told told_of(const std::string& id, const Reference::Entry& entry) {
  return {id, entry.name, entry.first_seen, entry.version};
}

void describe(std::string_view type, const Told& told, Fields& fields) {
  fields.text("type", type);
  fields.text("id", told.id);
  told.name.empty() ? fields.none("name") : fields.text("name", told.name);
  fields.time("first_seen", told.first_seen);
  fields.integer("version", told.version);
}

}  // namespace

void Reference::answer(const State& references, const Command*, std::string& out) {
  by_members::encode(Page{{}, static_cast<std::int64_t>(references.entries.size())}, out);
}

void Reference::answer(const State& references, const Question& question, std::string& out) {
  Page page{{}, static_cast<std::int64_t>(references.entries.size())};
  if (!question.one.empty()) {
    page.is_one = true;
    if (const Entry* entry = references.entries.find(question.one)) page.told.push_back(told_of(question.one, *entry));
    return by_members::encode(page, out);
  }
  auto at = references.entries.upper_bound(question.after);
  for (; at != references.entries.end() && page.told.size() < question.limit; ++at)
    page.told.push_back(told_of(at->first, at->second));
  page.has_more = at != references.entries.end();
  by_members::encode(page, out);
}

bool Reference::describe_answer(std::string_view type, std::string_view answer, Fields& fields) {
  Page page;
  if (!by_members::decode(answer, page)) return false;
  if (page.is_one) {
    if (!page.told.empty()) describe(type, page.told.front(), fields);
    return !page.told.empty();
  }
  fields.begin_list("references");
  for (const Told& told : page.told) {
    fields.begin({});
    describe(type, told, fields);
    fields.end();
  }
  fields.end_list();
  page.has_more ? fields.text("next", page.told.back().id) : fields.none("next");
  return true;
}

bool Reference::is_empty(std::string_view answer) {
  Page page;
  return by_members::decode(answer, page) && page.is_one && page.told.empty();
}

bool Reference::is_type(std::string_view type) { return std::ranges::find(types, type) != std::end(types); }

void Reference::tell(std::string_view type, const Event& event, Fields& fields) {
  if (!is_type(type)) return;
  fields.begin("reference.seen");
  fields.text("type", type);
  by_members::describe(event, fields);
  fields.end();
}

std::span<const Table> Reference::tables() {
  static constexpr Column columns[] = {{"type"}, {"id"}, {"name"}, {"first_seen", ColumnType::time}};
  static constexpr Table all[] = {{"references", columns, 2}};
  return all;
}

void Reference::rows(std::string_view type, const State& references, std::span<const Event> events, RowWriter& out) {
  if (!is_type(type)) return;
  for (const Event& event : events)
    for (const Named& one : event.named) {
      const Entry* entry = references.entries.find(one.id);
      if (entry == nullptr) continue;
      Fields& row = out.row("references");
      row.text("type", type);
      row.text("id", one.id);
      if (!entry->name.empty()) row.text("name", entry->name);
      row.time("first_seen", entry->first_seen);
    }
}

}  // namespace tote
