#include "adapters/events/domain_events.h"

#include <xxhash.h>

#include <array>
#include <boost/json.hpp>
#include <cstdio>

#include "adapters/events/clean_text.h"
#include "adapters/events/utc_text.h"

namespace tote::events {
namespace {

namespace json = boost::json;

// An event's fields as a JSON object; lists are lists.
class Members final : public Fields {
 public:
  void integer(std::string_view name, std::int64_t value) override { put(name, value); }
  void text(std::string_view name, std::string_view value) override {
    put(name, json::string(clean_text(std::string(value))));
  }
  void time(std::string_view name, Time value) override { put(name, json::string(utc_text(value))); }
  void begin(std::string_view name) override { open_.push_back({std::string(name), json::object{}}); }
  void end() override { close(); }
  void begin_list(std::string_view name) override { open_.push_back({std::string(name), json::array{}}); }
  void end_list() override { close(); }

  // The events of a change, each with its name.
  std::vector<std::pair<std::string, json::object>> events;

 private:
  struct Open {
    std::string name;
    json::value value;
  };

  void put(std::string_view name, json::value value) {
    json::value& into = open_.back().value;
    if (into.is_array())
      into.as_array().push_back(std::move(value));
    else
      into.as_object()[name] = std::move(value);
  }
  void close() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    if (open_.empty())
      events.emplace_back(std::move(closed.name), std::move(closed.value.as_object()));
    else
      put(closed.name, std::move(closed.value));
  }

  std::vector<Open> open_;
};

// A UUID of version 8: whatever its maker likes (RFC 9562).
std::string uuid_of(std::string_view log_id, Lsn lsn, Time time, std::uint32_t ordinal) {
  const std::string name = std::string(log_id) + '/' + std::to_string(lsn.value) + '/' + std::to_string(time.ns) + '/' +
                           std::to_string(ordinal);
  const XXH128_hash_t hash = XXH3_128bits(name.data(), name.size());
  char text[40];
  std::snprintf(text, sizeof text, "%08llx-%04llx-8%03llx-%04llx-%012llx",
                static_cast<unsigned long long>(hash.high64 >> 32U),
                static_cast<unsigned long long>(hash.high64 >> 16U & 0xffffU),
                static_cast<unsigned long long>(hash.high64 & 0xfffU),
                static_cast<unsigned long long>((hash.low64 >> 48U & 0x3fffU) | 0x8000U),
                static_cast<unsigned long long>(hash.low64 & 0xffff'ffff'ffffU));
  return text;
}

}  // namespace

void append_events(std::string_view log_id, const Kinds& kinds, Lsn lsn, const wal::Record& record,
                   std::vector<DomainEvent>& out, const TypeFilter& is_wanted) {
  std::uint32_t ordinal = 0;
  for (const wal::Change& change : record.changes) {
    const Kind* kind = find_kind(kinds, change.kind);
    if (kind == nullptr) continue;
    Members members;
    kind->tell(change.entity, change.events, members);
    const std::string_view kind_name = kind->name();
    for (auto& [type, fields] : members.events) {
      const std::uint32_t number = ordinal++;
      if (is_wanted && !is_wanted(type)) continue;
      fields["version"] = change.version.value;
      if (!record.key.empty()) fields["key"] = json::string(record.key);
      if (!record.actor.empty()) fields["actor"] = json::string(clean_text(std::string(record.actor)));
      DomainEvent& event = out.emplace_back();
      event.id = uuid_of(log_id, lsn, record.time, number);
      event.tenant = record.tenant;
      event.aggregate = kind_name;
      event.entity = change.entity;
      event.lsn = lsn;
      event.time = record.time;
      event.ordinal = number;
      json::object cloud{{"specversion", "1.0"},
                         {"id", event.id},
                         {"source", "/tenants/" + event.tenant + "/" + event.aggregate},
                         {"type", "tote." + type + ".v1"},
                         {"subject", event.entity},
                         {"time", utc_text(record.time)},
                         {"datacontenttype", "application/json"},
                         {"lsn", std::to_string(lsn.value)},
                         {"partitionkey", event.tenant + "/" + event.aggregate + "/" + event.entity},
                         {"data", std::move(fields)}};
      if (!record.trace.is_none()) cloud["traceparent"] = traceparent_of(record.trace);
      event.cloud = json::serialize(cloud);
      event.type = std::move(type);
    }
  }
}

}  // namespace tote::events
