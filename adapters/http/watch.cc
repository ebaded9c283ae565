#include "adapters/http/watch.h"

#include <algorithm>

#include "adapters/http/json_writer.h"
#include "engine/kernel/kinds.h"

namespace tote::http {
namespace {

// `value` with its last digits behind a point: 1234 with 2 is 12.34.
void append_decimal(std::string& out, std::uint64_t value, unsigned digits) {
  std::uint64_t whole = 1;
  for (unsigned i = 0; i < digits; ++i) whole *= 10;
  append_unsigned(out, value / whole);
  out += '.';
  for (std::uint64_t part = whole / 10; part > 0; part /= 10)
    out += static_cast<char>('0' + static_cast<char>(value / part % 10));
}

void append_entity(std::string& out, const HotEntity& entity, std::uint64_t window_us, const Kinds& kinds,
                   const TenantOf& tenant_of) {
  const Kind* kind = find_kind(kinds, entity.kind);
  out += '{';
  if (tenant_of) append_string(out += "\"tenant\":", tenant_of(entity.tenant)), out += ',';
  append_string(out += "\"kind\":", kind == nullptr ? "?" : kind->name());
  append_string(out += ",\"id\":", entity.id);
  append_decimal(out += ",\"rate\":", entity.requests * 10'000'000 / window_us, 1);
  // Little's law: as many wait at a time as wait a second for each second that passes.
  append_decimal(out += ",\"queue\":", entity.waited_us * 100 / window_us, 2);
  append_decimal(out += ",\"p99_ms\":", static_cast<std::uint64_t>(entity.p99_ns) / 1'000, 3);
  append_unsigned(out += ",\"refused\":", entity.refused);
  out += ",\"refusals\":[";
  for (const auto& [code, count] : entity.refusals) {
    if (out.back() != '[') out += ',';
    append_string(out += "{\"code\":", name_of(kinds, code));
    append_unsigned(out += ",\"count\":", count);
    out += '}';
  }
  out += "]}";
}

}  // namespace

void append_hot(std::string& out, const HotEntities& hot, const Kinds& kinds, const TenantOf& tenant_of) {
  append_integer(out += "{\"window_s\":", HotEntities::window_s);
  out += ",\"entities\":[";
  const auto window_us = static_cast<std::uint64_t>(std::max<std::int64_t>(hot.window_us, 1));
  for (const HotEntity& entity : hot.entities) {
    if (&entity != &hot.entities.front()) out += ',';
    append_entity(out, entity, window_us, kinds, tenant_of);
  }
  out += "]}";
}

void append_tenants(std::string& out, std::vector<TenantView> tenants, std::string_view after, std::size_t limit) {
  std::erase_if(tenants, [after](const TenantView& tenant) { return tenant.name <= after; });
  const bool has_more = tenants.size() > limit;
  const auto end = tenants.begin() + static_cast<std::ptrdiff_t>(std::min(limit, tenants.size()));
  std::ranges::partial_sort(tenants, end, {}, &TenantView::name);
  if (has_more) tenants.resize(limit);
  out += "{\"tenants\":[";
  for (const TenantView& tenant : tenants) {
    if (&tenant != &tenants.front()) out += ',';
    append_string(out += "{\"id\":", tenant.name);
    append_unsigned(out += ",\"connections\":", tenant.connections);
    append_unsigned(out += ",\"requests_in_flight\":", tenant.requests_in_flight);
    append_unsigned(out += ",\"streams\":", tenant.streams);
    append_unsigned(out += ",\"requests\":", tenant.requests);
    append_unsigned(out += ",\"refused\":", tenant.refused);
    out += '}';
  }
  out += "],\"next\":";
  has_more ? append_string(out, tenants.back().name) : static_cast<void>(out += "null");
  out += '}';
}

void append_overview(std::string& out, const Overview::Page& page) {
  append_integer(out += "{\"step_s\":", page.step_s);
  out += ",\"columns\":[";
  for (const auto& column : Moment::columns) {
    if (&column != Moment::columns.data()) out += ',';
    append_string(out, column.name);
  }
  for (const std::string& follower : page.followers) append_string(out += ',', "lag:" + follower);
  out += "],\"points\":[";
  for (const auto& moment : page.moments) {
    if (&moment != &page.moments.front()) out += ',';
    char before = '[';
    for (const auto& column : Moment::columns) append_unsigned(out += std::exchange(before, ','), (*moment).*column.of);
    for (std::size_t i = 0; i < page.followers.size(); ++i)
      append_unsigned(out += ',', i < moment->lags.size() ? moment->lags[i] : 0);
    out += ']';
  }
  out += "]}";
}

void append_followers(std::string& out, const std::vector<events::FollowerStatus>& followers, Lsn durable) {
  out += "{\"followers\":[";
  for (const events::FollowerStatus& follower : followers) {
    if (&follower != &followers.front()) out += ',';
    append_string(out += "{\"name\":", follower.name);
    append_string(out += ",\"role\":", follower.role == events::Role::projection ? "projection" : "destination");
    append_unsigned(out += ",\"lsn\":", follower.cursor.value);
    append_unsigned(out += ",\"lag_records\":", durable.value - std::min(durable.value, follower.cursor.value));
    append_integer(out += ",\"lag_ms\":", follower.lag_ms());
    out += follower.connected ? ",\"connected\":true" : ",\"connected\":false";
    append_unsigned(out += ",\"told\":", follower.told);
    append_unsigned(out += ",\"failures\":", follower.failures);
    append_unsigned(out += ",\"put_aside\":", follower.put_aside);
    if (!follower.reason.empty()) append_string(out += ",\"problem\":", follower.reason);
    out += '}';
  }
  out += "]}";
}

}  // namespace tote::http
