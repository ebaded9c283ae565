#include "adapters/cli/record_lines.h"

#include "adapters/cli/kinds.h"
#include "adapters/cli/text.h"
#include "adapters/http/json_writer.h"
#include "adapters/http/record_json.h"
#include "engine/kernel/kinds.h"
#include "engine/world.h"

namespace tote::cli {
namespace {

using http::append_unsigned;

std::string address_and_version(const Kinds& kinds, KindId kind, std::string_view entity, Version version) {
  return address_of(kinds, kind, entity) + " v" + std::to_string(version.value) + " ";
}

void append_change(const Kinds& kinds, const wal::Change& change, std::string& out) {
  out += address_and_version(kinds, change.kind, change.entity, change.version);
  append_events(kinds, change, out);
}

}  // namespace

void append_text(const Kinds& kinds, Lsn lsn, const wal::Record& record, std::string& out) {
  append_unsigned(out, lsn.value);
  out.append(" ").append(time_text(record.time)).append(" ").append(record.tenant).append(" ");
  if (wal::says_nothing(record))
    out += "(an owner's epoch begins)";
  else if (record.changes.empty())
    out += address_and_version(kinds, record.kind, record.entity, record.version) + "-";
  for (const auto& change : record.changes) {
    if (&change != &record.changes.front()) out += "; ";
    append_change(kinds, change, out);
  }
  out.append(" ").append(name_of(kinds, record.code));
  for (const auto& fact : record.facts)
    out.append(" ").append(name_of(fact.name)).append("=").append(std::to_string(fact.value));
  if (!record.key.empty()) out.append(" key=").append(record.key);
  if (!record.actor.empty()) out.append(" actor=").append(record.actor);
  out += '\n';
}

void append_events(const Kinds& kinds, const wal::Change& change, std::string& out) {
  const auto* kind = find_kind(kinds, change.kind);
  EventText events(out);
  if (kind == nullptr || !kind->describe_events(change.events, events)) out += "(events that can't be read)";
}

void append_json(const Kinds& kinds, Lsn lsn, const wal::Record& record, std::string& out) {
  http::append_record(out, lsn, record, kinds);
  out += '\n';
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
