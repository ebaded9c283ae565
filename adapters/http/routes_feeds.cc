// Many requests in one, and what is read from the log: batches, the log itself, how far the projection is, outcomes.
#include <charconv>
#include <limits>

#include "adapters/http/decoder.h"
#include "adapters/http/json_time.h"
#include "adapters/http/log_feed.h"
#include "adapters/http/resources.h"
#include "engine/kernel/name.h"

namespace tote::http {
namespace feeds {
namespace {

// Its lines are read with the tenant known (batch.h).
bool read_batch(Decoder& decoder) { return decoder.check_query(); }

bool read_projection(Decoder& decoder) { return decoder.check_empty(); }

// A client that comes back says where it was.
bool read_last_event_id(Decoder& decoder, std::int64_t& after) {
  const std::string_view last = decoder.message.headers.value(Header::last_event_id);
  if (last.empty()) return true;
  const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), after);
  return (error == std::errc() && end == last.data() + last.size() && after >= 0) ||
         decoder.refuse(Problem(Code::invalid_request, "The header Last-Event-ID must be an LSN."));
}

bool read_from(Decoder& decoder, std::string_view value) {
  std::string text;
  if (percent_decode(value, text)) decoder.out.from_time = read_time(text);
  return decoder.out.from_time ||
         decoder.refuse(Problem(Code::invalid_request,
                                "The query parameter from must be a time in UTC, such as 2026-01-02T03:04:05Z."));
}

bool read_log(Decoder& decoder) {
  std::int64_t after = 0, limit = log_limit;
  Decoded& out = decoder.out;
  out.is_stream = decoder.message.method == Method::get &&
                  decoder.message.headers.value(Header::accept).find("text/event-stream") != std::string_view::npos;
  constexpr std::int64_t lsn_max = std::numeric_limits<std::int64_t>::max();
  bool has_after = false;
  const bool good = decoder.each_parameter([&](std::string_view name, std::string_view value) {
    has_after = has_after || name == "after";
    if (name == "after") return decoder.read_number(name, value, 0, lsn_max, after);
    if (name == "from") return read_from(decoder, value);
    return name == "limit" ? decoder.read_number(name, value, 1, log_limit_max, limit) : decoder.refuse_parameter(name);
  });
  if (!good || !decoder.check_no_body()) return false;
  if (out.from_time && (has_after || out.is_stream))
    return decoder.refuse(Problem(Code::invalid_request,
                                  "The query parameter from is of a page, and instead of after: go on with after=."));
  if (out.is_stream && !read_last_event_id(decoder, after)) return false;
  out.after_lsn = {static_cast<std::uint64_t>(after)};
  out.limit = static_cast<std::size_t>(limit);
  return true;
}

bool read_outcome(Decoder& decoder) {
  std::string& key = decoder.out.argument;
  if (!percent_decode(decoder.match.raw[0], key) || !is_valid_idempotency_key(key))
    return decoder.refuse(Problem(Code::idempotency_key_invalid));
  return decoder.check_empty();
}

constexpr auto rows = table_of({
    {.method = Method::post, .pattern = "/v1/batch", .read = read_batch, .serving = &by_batch, .document = R"json({
      "operationId": "batch", "tags": ["feeds"], "summary": "Many commands in one request",
      "description": "A line each (NDJSON, at most 10 000 lines of 64 KiB, 1 MiB): any change of this document by its method and path, {\"put\":\"/v1/wallets/w1\",\"body\":{…}}; or a command as in a transaction, or a whole transfer, {\"commands\":[…]} or {\"order\":…}; with \"key\" as its idempotency key if wanted. The answer has a line for each, in the same order: {\"status\":200,\"body\":{…}}, with \"replayed\":true where it was answered before; beyond 4 MiB {\"status\":200,\"left_out\":true}. Lines are independent of each other; those about one entity are executed in the order given. With an Idempotency-Key header the whole batch replays byte for byte, and a line without a key of its own has one made of it and its number, which is nobody else's. When a line was refused for the moment (429, 5xx), or the server died in the middle, the same batch sent again executes what is missing and answers the rest as it did.",
      "requestBody": {"required": true, "content": {"application/x-ndjson": {
        "schema": {"type": "string"},
        "example": "{\"wallet\":\"alice\",\"credit\":300,\"key\":\"topup-17\"}\n{\"from\":\"alice\",\"to\":\"bob\",\"amount\":5}\n{\"put\":\"/v1/wallets/carol\",\"body\":{\"currency\":\"EUR\"}}\n"}}},
      "x-kind": "command", "x-text": "application/x-ndjson",
      "x-before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
        {"method": "PUT", "path": "/v1/wallets/bob", "body": {"currency": "EUR"}}]
    })json"},
    {.method = Method::get,
     .pattern = "/v1/projection",
     .read = read_projection,
     .serving = &by_projection,
     .document = R"json({
      "operationId": "readProjection", "tags": ["feeds"], "summary": "How far PostgreSQL has come",
      "description": "Everything up to `lsn` is in the tables. With Tote-Min-Lsn it waits until that is: then what you have written can be read there.",
      "x-kind": "lookup", "x-codes": ["not_found", "deadline_exceeded"], "x-example": "refused",
      "x-success": {"200": {"description": "As of now", "schema": "Projection", "example":
        {"lsn": 17, "connected": true, "lag_ms": 0}}},
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/projection"}]
    })json"},
    {.method = Method::get, .pattern = "/v1/log", .read = read_log, .serving = &by_log, .document = R"json({
      "operationId": "readLog", "tags": ["feeds"], "summary": "The durable records, oldest first",
      "description": "Those of the caller's tenant. NDJSON: one record a line; Tote-Lsn says up to where has been looked, go on with after= that. With Accept: text/event-stream: a live feed of events `record` whose id is the LSN; Last-Event-ID resumes. It ends with an event `draining` when the server goes down, `cut_off` for a client that reads nothing for 30 s, `damaged` when the log can't be read further, or `trimmed` when what comes next has left it meanwhile. With from= it begins with the first record that isn't older than that time. A position before the log's first record is 410 `trimmed` with `first_lsn`, a resumed feed's too, before any event; where the time is of a record that is in the archive only, with its `lsn`, for `tote log --from`.",
      "parameters": [{"$ref": "#/components/parameters/after"}, {"$ref": "#/components/parameters/from_time"}, {"$ref": "#/components/parameters/log_limit"},
                     {"$ref": "#/components/parameters/last_event_id"}],
      "x-kind": "lookup", "x-text": "application/x-ndjson", "x-codes": ["log_damaged", "trimmed"],
      "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/log?after=x"},
        {"code": "invalid_request", "method": "GET", "path": "/v1/log?from=yesterday"}]
    })json"},
    {.method = Method::get,
     .pattern = "/v1/outcomes/{key}",
     .read = read_outcome,
     .serving = &by_outcomes,
     .append = append_no_outcome,
     .document = R"json({
      "operationId": "readOutcome", "tags": ["outcomes"], "summary": "What an idempotency key came to",
      "description": "For a client that lost the answer. A key in flight is waited for. Of a batch, under its header key: the list of its lines' answers. 404: nothing is known of the key; `outcome` is not_executed only where keys are kept for ever, else unknown: nothing was executed under it within `retention_s`, or a batch began and wasn't finished.",
      "parameters": [{"$ref": "#/components/parameters/key"}],
      "x-kind": "lookup", "x-codes": ["outcome_unknown", "idempotency_key_invalid", "log_damaged"],
      "x-success": {"200": {"description": "The stored status and body", "schema": "StoredOutcome", "example":
        {"status": 200, "body": {"id": "alice", "currency": "EUR", "balance": 5, "held": 0, "available": 5, "version": 2, "lsn": 2},
         "key": "topup-1", "lsn": 2}}},
      "x-before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
        {"method": "POST", "path": "/v1/wallets/alice/credits", "headers": {"Idempotency-Key": "topup-1"}, "body": {"amount": 5}}],
      "x-provoke": [{"code": "outcome_unknown", "method": "GET", "path": "/v1/outcomes/never"},
                    {"code": "idempotency_key_invalid", "method": "GET", "path": "/v1/outcomes/two%20words"}]
    })json"},
});

}  // namespace
}  // namespace feeds

std::span<const Route> feed_routes() { return feeds::rows; }

}  // namespace tote::http
