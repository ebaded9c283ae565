#include "adapters/cli/record_lines.h"

#include "adapters/cli/text.h"
#include "adapters/cli/world.h"
#include "adapters/http/answers.h"
#include "adapters/http/json_writer.h"

namespace tote::cli {
namespace {

using http::append_string;
using http::append_unsigned;

// Events are objects in a list, not members: a record may have two of the same name.
class EventJson final : public Fields {
 public:
  explicit EventJson(std::string& out) : out_(out), fields_(out, "") {}

  void integer(std::string_view name, std::int64_t value) override { fields_.integer(name, value); }
  void text(std::string_view name, std::string_view value) override { fields_.text(name, value); }
  void time(std::string_view name, Time value) override { fields_.time(name, value); }
  void begin(std::string_view name) override {
    if (depth_++ > 0) return fields_.begin(name);
    append_string(out_.append(first_ ? "{\"event\":" : ",{\"event\":"), name);
    first_ = false;
  }
  void end() override {
    if (--depth_ > 0) return fields_.end();
    out_ += '}';
  }
  void begin_list(std::string_view name) override { ++depth_, fields_.begin_list(name); }
  void end_list() override { --depth_, fields_.end_list(); }

 private:
  std::string& out_;
  http::JsonFields fields_;
  int depth_ = 0;
  bool first_ = true;
};

std::string kind_name(const Kinds& kinds, KindId id) {
  const auto* kind = find_kind(kinds, id);
  return kind != nullptr ? std::string(kind->name()) : "kind " + std::to_string(id);
}

std::string address_and_version(const Kinds& kinds, KindId kind, std::string_view entity, Version version) {
  return address_of(kinds, kind, entity) + " v" + std::to_string(version.value) + " ";
}

void append_change(const Kinds& kinds, const wal::Change& change, std::string& out) {
  out += address_and_version(kinds, change.kind, change.entity, change.version);
  append_events(kinds, change, out);
}

// "kind":"wallet","entity":"alice","version":3
void append_address_json(const Kinds& kinds, KindId kind, std::string_view entity, Version version, std::string& out) {
  append_string(out.append("\"kind\":"), kind_name(kinds, kind));
  append_string(out.append(",\"entity\":"), entity);
  append_unsigned(out.append(",\"version\":"), version.value);
}

void append_change_json(const Kinds& kinds, const wal::Change& change, std::string& out) {
  out += '{';
  append_address_json(kinds, change.kind, change.entity, change.version, out);
  out += ",\"events\":[";
  EventJson events(out);
  if (const auto* kind = find_kind(kinds, change.kind)) kind->describe_events(change.events, events);
  out += "]}";
}

void append_facts_json(const Facts& facts, std::string& out) {
  if (facts.size() == 0) return;
  out += ",\"facts\":{";
  for (const auto& fact : facts) {
    if (&fact != facts.begin()) out += ',';
    append_string(out, name_of(fact.name));
    http::append_integer(out.append(":"), fact.value);
  }
  out += '}';
}

void append_changes_json(const Kinds& kinds, const wal::Record& record, std::string& out) {
  out += ",\"changes\":[";
  for (const auto& change : record.changes) {
    if (&change != &record.changes.front()) out += ',';
    append_change_json(kinds, change, out);
  }
  out += ']';
}

// The body that the client was sent.
void append_answer(const Kinds& kinds, Lsn lsn, const wal::Record& record, std::string& out) {
  Outcome outcome;
  outcome.code = record.code;
  outcome.facts = record.facts;
  outcome.version = record.version;
  outcome.lsn = lsn;
  outcome.kind = record.kind;
  outcome.entity = record.entity;
  outcome.answer = record.answer;
  http::append_answer(out, outcome, kinds);
}

}  // namespace

void append_text(const Kinds& kinds, Lsn lsn, const wal::Record& record, std::string& out) {
  append_unsigned(out, lsn.value);
  out.append(" ").append(time_text(record.time)).append(" ").append(record.tenant).append(" ");
  if (record.changes.empty()) out += address_and_version(kinds, record.kind, record.entity, record.version) + "-";
  for (const auto& change : record.changes) {
    if (&change != &record.changes.front()) out += "; ";
    append_change(kinds, change, out);
  }
  out.append(" ").append(name_of(record.code));
  for (const auto& fact : record.facts)
    out.append(" ").append(name_of(fact.name)).append("=").append(std::to_string(fact.value));
  if (!record.key.empty()) out.append(" key=").append(record.key);
  out += '\n';
}

void append_events(const Kinds& kinds, const wal::Change& change, std::string& out) {
  const auto* kind = find_kind(kinds, change.kind);
  EventText events(out);
  if (kind == nullptr || !kind->describe_events(change.events, events)) out += "(events that can't be read)";
}

void append_json(const Kinds& kinds, Lsn lsn, const wal::Record& record, std::string& out) {
  append_unsigned(out.append("{\"lsn\":"), lsn.value);
  append_string(out.append(",\"time\":"), time_text(record.time));
  append_string(out.append(",\"tenant\":"), record.tenant);
  out += ',';
  append_address_json(kinds, record.kind, record.entity, record.version, out);
  append_string(out.append(",\"code\":"), name_of(record.code));
  if (!record.key.empty()) append_string(out.append(",\"key\":"), record.key);
  append_facts_json(record.facts, out);
  append_changes_json(kinds, record, out);
  if (!record.answer.empty()) {
    out += ",\"answer\":";
    append_answer(kinds, lsn, record, out);
  }
  out += "}\n";
}

void append_answer_members(const Kind& kind, std::string_view id, std::string_view answer, Version version, Lsn lsn,
                           std::string& out) {
  std::string tail;
  append_unsigned(tail.append(",\"version\":"), version.value);
  append_unsigned(tail.append(",\"lsn\":"), lsn.value);
  http::JsonFields fields(out, tail);
  kind.describe_answer(id, answer, fields);
  fields.finish();
}

}  // namespace tote::cli
