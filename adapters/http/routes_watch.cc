// What is watched: which entities are hot, and what the server did, moment by moment.
#include <limits>

#include "adapters/http/decoder.h"
#include "adapters/http/door.h"
#include "adapters/http/resources.h"
#include "adapters/http/watch.h"

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

constexpr Serving by_followers = by_door(&Door::serve_followers);
constexpr Serving by_token = by_door(&Door::serve_token);

constexpr auto rows = table_of({
    {.method = Method::get, .pattern = "/v1/hot", .read = read_hot, .serving = &by_radar, .document = R"json({
      "operationId": "readHot", "tags": ["watching"], "summary": "The entities with most requests, hottest first",
      "description": "Of the caller's tenant, in the last ten seconds, estimated from samples: `rate` is requests a second, reads among them; `queue` how many of them waited for their answer at a time, on average; `p99_ms` how long that took 99 of 100, from the engine's door to the durable answer; `refused` how many were, with the commonest codes in `refusals`. Answers that were given before aren't counted again.",
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
      "description": "`open`: the server asks for none, and everybody may do everything.",
      "x-kind": "gateway",
      "x-success": {"200": {"description": "The caller", "schema": "Token", "example":
        {"tenant": "shop", "role": "operator", "name": "cleo", "open": false}}}
    })json"},
});

}  // namespace
}  // namespace watching

std::span<const Route> watch_routes() { return watching::rows; }

}  // namespace tote::http
