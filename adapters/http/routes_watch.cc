// What is watched: which entities are hot, and what the server did, moment by moment.
#include <limits>

#include "adapters/http/decoder.h"
#include "adapters/http/door.h"
#include "adapters/http/lists.h"
#include "adapters/http/resources.h"
#include "adapters/http/watch.h"
#include "engine/kernel/name.h"

namespace tote::http {
namespace watching {
namespace {

bool read_hot(Decoder& decoder) {
  std::int64_t limit = hot_limit;
  const bool good = decoder.each_parameter([&](std::string_view name, std::string_view value) {
    return name == "limit" ? decoder.read_number(name, value, 1, hot_limit_max, limit) : decoder.refuse_parameter(name);
  });
  decoder.out.limit = static_cast<std::size_t>(limit);
  return good && decoder.check_no_body();
}

bool read_overview(Decoder& decoder) {
  Decoded& out = decoder.out;
  std::int64_t limit = Overview::recent_max;
  constexpr auto time_s_max = std::numeric_limits<std::int64_t>::max();
  out.step_s = Overview::recent_step_s;
  const bool good = decoder.each_parameter([&](std::string_view name, std::string_view value) {
    if (name == "after") return decoder.read_number(name, value, 0, time_s_max, out.after_s);
    if (name == "limit") return decoder.read_number(name, value, 1, Overview::day_max, limit);
    if (name != "step_s") return decoder.refuse_parameter(name);
    return decoder.read_number(name, value, Overview::recent_step_s, Overview::day_step_s, out.step_s) &&
           (out.step_s == Overview::recent_step_s || out.step_s == Overview::day_step_s ||
            decoder.refuse(Problem(Code::invalid_request, "The query parameter step_s must be 1 or 10.")));
  });
  out.limit = static_cast<std::size_t>(limit);
  return good && decoder.check_no_body();
}

bool read_nothing(Decoder& decoder) { return decoder.check_empty(); }

bool read_tenants(Decoder& decoder) {
  std::int64_t limit = list_limit;
  const bool good = decoder.each_parameter([&](std::string_view name, std::string_view value) {
    if (name == "limit") return decoder.read_number(name, value, 1, list_limit_max, limit);
    if (name != "after") return decoder.refuse_parameter(name);
    return (percent_decode(value, decoder.out.argument) && is_valid_id(decoder.out.argument)) ||
           decoder.refuse(Problem(Code::invalid_id, "The query parameter after must be an id."));
  });
  decoder.out.limit = static_cast<std::size_t>(limit);
  return good && decoder.check_no_body();
}

bool read_alerts(Decoder& decoder) {
  std::int64_t limit = list_limit;
  const bool good = decoder.each_parameter([&](std::string_view name, std::string_view value) {
    constexpr auto number_max = std::numeric_limits<std::int64_t>::max();
    if (name == "after") return decoder.read_number(name, value, 0, number_max, decoder.out.after_number);
    return name == "limit" ? decoder.read_number(name, value, 1, list_limit_max, limit)
                           : decoder.refuse_parameter(name);
  });
  decoder.out.limit = static_cast<std::size_t>(limit);
  return good && decoder.check_no_body();
}

constexpr Serving by_alerts{.serve = &Door::serve_alerts,
                            .ready_type = json_type,
                            .place = Shared::pages,
                            .is_large = true,
                            .needs_engine = false,
                            .takes_all_tenants = true};
constexpr Serving by_followers = by_door(&Door::serve_followers, true);
constexpr Serving by_token = by_door(&Door::serve_token, true);
constexpr Serving by_tenants = by_door(&Door::serve_tenants, true);

constexpr auto rows = table_of({
    {.method = Method::get, .pattern = "/v1/hot", .read = read_hot, .serving = &by_radar, .document = R"json({
      "operationId": "readHot", "tags": ["watching"], "summary": "The entities with most requests, hottest first",
      "description": "Of the caller's tenant (of all, with `tenant`, for an operator of the whole server who names none), in the last ten seconds, estimated from samples: `rate` is requests a second, reads among them; `queue` how many of them waited for their answer at a time, on average; `p99_ms` how long that took 99 of 100, from the engine's door to the durable answer; `refused` how many were, with the commonest codes in `refusals`. Answers that were given before aren't counted again.",
      "parameters": [{"$ref": "#/components/parameters/hot_limit"}],
      "x-kind": "lookup",
      "x-success": {"200": {"description": "As of now", "schema": "Hot", "example":
        {"window_s": 10, "entities": [{"kind": "wallet", "id": "alice", "rate": 1204.5, "queue": 3.25, "p99_ms": 4.608, "refused": 17,
          "refusals": [{"code": "insufficient_funds", "count": 17}]}]}}},
      "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
      "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/hot?limit=101"}]
    })json"},
    {.method = Method::get,
     .pattern = "/v1/overview",
     .read = read_overview,
     .serving = &by_overview,
     .document = R"json({
      "operationId": "readOverview", "tags": ["watching"], "summary": "What the server did, moment by moment",
      "description": "Of the whole server, as /metrics is: each second of the last 15 minutes (`step_s=1`), or the last 24 hours in steps of ten (`step_s=10`); kept in memory, since the start. A point has a number for each of `columns`: counts are of the `seconds` before `time_s`, the others as of then; `lag:NAME` is how many records that follower hasn't had. With after= the newest `time_s` that is known only what came since.",
      "parameters": [{"$ref": "#/components/parameters/overview_step"}, {"$ref": "#/components/parameters/after_time"},
                     {"$ref": "#/components/parameters/overview_limit"}],
      "x-kind": "lookup",
      "x-success": {"200": {"description": "Oldest first", "schema": "Overview", "example":
        {"step_s": 10, "columns": ["time_s", "seconds", "executed"], "points": [[1700000000, 10, 51234]]}}},
      "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/overview?step_s=5"}]
    })json"},
    {.method = Method::get,
     .pattern = "/v1/followers",
     .read = read_nothing,
     .serving = &by_followers,
     .document = R"json({
      "operationId": "readFollowers", "tags": ["watching"], "summary": "Who follows the log, and how far each is",
      "description": "Of the whole server, as /metrics is: the projection, NATS, webhooks. `told` and `failures` are since the start, `put_aside` is what was given up and lies in a file; `problem` says in a word why one stands still.",
      "x-kind": "gateway",
      "x-success": {"200": {"description": "As of now", "schema": "Followers", "example":
        {"followers": [{"name": "webhook-shop", "role": "destination", "lsn": 17, "lag_records": 3, "lag_ms": 1200, "connected": false,
          "told": 12, "failures": 4, "put_aside": 1, "problem": "disconnected"}]}}}
    })json"},
    {.method = Method::get, .pattern = "/v1/token", .read = read_nothing, .serving = &by_token, .document = R"json({
      "operationId": "readToken", "tags": ["watching"], "summary": "Whose the token is, and what it may do",
      "description": "`open`: the server asks for none, and everybody may do everything. `server`: of an operator of the whole server, whose requests say by the header Tote-Tenant which tenant they are about; `tenant` is null where none is named.",
      "x-kind": "gateway",
      "x-success": {"200": {"description": "The caller", "schema": "Token", "example":
        {"tenant": "shop", "role": "operator", "name": "cleo", "open": false, "server": false}}}
    })json"},
    {.method = Method::get, .pattern = "/v1/alerts", .read = read_alerts, .serving = &by_alerts, .document = R"json({
      "operationId": "readAlerts", "tags": ["watching"], "summary": "What can't go on without a person, and what to do about it",
      "description": "The lines `alert:` of the program's log, newest first: those that last (`lasts`) until they are over, those that have happened for a day, 1000 at most. Of the caller's tenant; an operator of the whole server who names none is told of all tenants and of the server itself (without `tenant`). `since` is at the earliest the server's start, `last` and `times` are of one that was told again within a day. `total` counts also those for which there is no room: beyond 1000 of a tenant that last.",
      "parameters": [{"$ref": "#/components/parameters/after_alert"}, {"$ref": "#/components/parameters/limit"}],
      "x-kind": "lookup",
      "x-success": {"200": {"description": "As of now", "schema": "Alerts", "example":
        {"alerts": [{"number": 3, "tenant": "shop", "kind": "order", "entity": "o1", "text": "stuck: step 'charge' can't be undone: declined; retry it, or skip it with a reason",
          "lasts": true, "since": "2026-01-02T03:04:05.678Z", "last": "2026-01-02T03:04:05.678Z", "times": 1,
          "what_to_do": "`POST /v1/sagas/{id}/retry` or `/skip`, with a reason"}], "total": 1, "next": null}}},
      "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/alerts?limit=1001"}]
    })json"},
    {.method = Method::get, .pattern = "/v1/tenants", .read = read_tenants, .serving = &by_tenants, .document = R"json({
      "operationId": "readTenants", "tags": ["watching"], "summary": "The tenants, and what each has of the server now",
      "description": "By name. An operator of the whole server is told of all, everybody else of their own. `requests` and `refused` (429) are since the start.",
      "parameters": [{"$ref": "#/components/parameters/after_id"}, {"$ref": "#/components/parameters/limit"}],
      "x-kind": "gateway", "x-codes": ["invalid_request", "invalid_id"],
      "x-success": {"200": {"description": "As of now", "schema": "Tenants", "example":
        {"tenants": [{"id": "shop", "connections": 2, "requests_in_flight": 0, "streams": 1, "requests": 5120, "refused": 0}], "next": null}}},
      "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/tenants?limit=0"},
        {"code": "invalid_id", "method": "GET", "path": "/v1/tenants?after=%20"}]
    })json"},
});

}  // namespace
}  // namespace watching

std::span<const Route> watch_routes() { return watching::rows; }

}  // namespace tote::http
