#include "adapters/http/histories.h"

#include "adapters/http/json_writer.h"

namespace tote::http {
namespace {

// The event's fields as members of the entry, its name as "event".
class EventMembers final : public Fields {
 public:
  explicit EventMembers(std::string& out) : fields_(out, "") {}

  void integer(std::string_view name, std::int64_t value) override { fields_.integer(name, value); }
  void text(std::string_view name, std::string_view value) override { fields_.text(name, value); }
  void time(std::string_view name, Time value) override { fields_.time(name, value); }
  void begin(std::string_view name) override {
    if (depth_++ > 0) return fields_.begin(name);
    fields_.text("event", name);
  }
  void end() override {
    if (--depth_ > 0) fields_.end();
  }
  void begin_list(std::string_view name) override { ++depth_, fields_.begin_list(name); }
  void end_list() override { --depth_, fields_.end_list(); }

 private:
  JsonFields fields_;
  int depth_ = 0;
};

void append_others(std::string& out, const HistoryEntry& entry, const Kinds& kinds) {
  if (entry.others.empty()) return;
  out += ",\"with\":[";
  for (const auto& other : entry.others) {
    if (&other != &entry.others.front()) out += ',';
    const Kind* kind = find_kind(kinds, other.kind);
    append_string(out, std::string(kind == nullptr ? "?" : kind->name()) + '/' + other.id);
  }
  out += ']';
}

void append_entry(std::string& out, const HistoryEntry& entry, const Kind& kind, const Kinds& kinds) {
  append_unsigned(out += "{\"version\":", entry.version.value);
  append_unsigned(out += ",\"lsn\":", entry.lsn.value);
  out += ",\"time\":\"";
  append_time(out, entry.time);
  out += '"';
  EventMembers event(out);
  kind.describe_events(entry.events, event);
  JsonFields figures(out, "");
  kind.describe_figures(entry.answer, figures);
  if (!entry.key.empty()) append_string(out += ",\"key\":", entry.key);
  if (!entry.actor.empty()) append_string(out += ",\"actor\":", entry.actor);
  append_others(out, entry, kinds);
  out += '}';
}

}  // namespace

void append_history(std::string& out, const History& history, const Kind& kind, const Kinds& kinds) {
  out += "{\"entries\":[";
  Version next = history.next, last{};
  for (const auto& entry : history.entries) {
    if (out.size() > history_bytes_max && entry.version != last) {
      next = last;
      break;
    }
    if (last != Version{}) out += ',';
    append_entry(out, entry, kind, kinds);
    last = entry.version;
  }
  out += "],\"next\":";
  next == Version{} ? static_cast<void>(out += "null") : append_unsigned(out, next.value);
  out += '}';
}

}  // namespace tote::http
