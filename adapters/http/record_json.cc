#include "adapters/http/record_json.h"

#include "adapters/http/json_writer.h"
#include "engine/kernel/kinds.h"

namespace tote::http {
namespace {

void append_quoted_time(std::string& out, Time time) {
  out += '"';
  append_time(out, time);
  out += '"';
}

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
  JsonFields fields_;
  int depth_ = 0;
  bool first_ = true;
};

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
    append_integer(out.append(":"), fact.value);
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
void append_record_answer(const Kinds& kinds, Lsn lsn, const wal::Record& record, std::string& out) {
  Outcome outcome;
  outcome.code = record.code;
  outcome.facts = record.facts;
  outcome.version = record.version;
  outcome.lsn = lsn;
  outcome.kind = record.kind;
  outcome.entity = record.entity;
  outcome.answer = record.answer;
  append_answer(out, outcome, kinds);
}

}  // namespace

void append_record(std::string& out, Lsn lsn, const wal::Record& record, const Kinds& kinds) {
  append_unsigned(out.append("{\"lsn\":"), lsn.value);
  append_quoted_time(out.append(",\"time\":"), record.time);
  append_string(out.append(",\"tenant\":"), record.tenant);
  out += ',';
  append_address_json(kinds, record.kind, record.entity, record.version, out);
  append_string(out.append(",\"code\":"), name_of(kinds, record.code));
  if (!record.key.empty()) append_string(out.append(",\"key\":"), record.key);
  if (!record.actor.empty()) append_string(out.append(",\"actor\":"), record.actor);
  if (!record.trace.is_none()) append_string(out.append(",\"traceparent\":"), traceparent_of(record.trace));
  append_facts_json(record.facts, out);
  append_changes_json(kinds, record, out);
  if (!record.answer.empty()) {
    out += ",\"answer\":";
    append_record_answer(kinds, lsn, record, out);
  }
  out += '}';
}

}  // namespace tote::http
