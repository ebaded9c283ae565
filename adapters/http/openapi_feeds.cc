#include "adapters/http/openapi_parts.h"

namespace tote::http {

const std::string_view openapi_feeds = R"json({
"/v1/batch": {
  "post": {
    "operationId": "batch", "tags": ["feeds"], "summary": "Many commands in one request",
    "description": "A line each (NDJSON, at most 10 000 lines of 64 KiB, 1 MiB): any change of this document by its method and path, {\"put\":\"/v1/wallets/w1\",\"body\":{…}}; or a command as in a transaction, or a whole transfer, {\"commands\":[…]} or {\"order\":…}; with \"key\" as its idempotency key if wanted. The answer has a line for each, in the same order: {\"status\":200,\"body\":{…}}, with \"replayed\":true where it was answered before; beyond 4 MiB {\"status\":200,\"left_out\":true}. Lines are independent of each other; those about one entity are executed in the order given. With an Idempotency-Key header the whole batch replays byte for byte, and a line without a key of its own has one made of it and its number, which is nobody else's. When a line was refused for the moment (429, 5xx), or the server died in the middle, the same batch sent again executes what is missing and answers the rest as it did.",
    "requestBody": {"required": true, "content": {"application/x-ndjson": {
      "schema": {"type": "string"},
      "example": "{\"wallet\":\"alice\",\"credit\":300,\"key\":\"topup-17\"}\n{\"from\":\"alice\",\"to\":\"bob\",\"amount\":5}\n{\"put\":\"/v1/wallets/carol\",\"body\":{\"currency\":\"EUR\"}}\n"}}},
    "x-kind": "command", "x-text": "application/x-ndjson",
    "x-before": [
      {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
      {"method": "PUT", "path": "/v1/wallets/bob", "body": {"currency": "EUR"}}]
  }
},
"/v1/projection": {
  "get": {
    "operationId": "readProjection", "tags": ["feeds"], "summary": "How far PostgreSQL has come",
    "description": "Everything up to `lsn` is in the tables. With Tote-Min-Lsn it waits until that is: then what you have written can be read there.",
    "parameters": [{"$ref": "#/components/parameters/min_lsn"}, {"$ref": "#/components/parameters/deadline"}],
    "x-kind": "lookup", "x-codes": ["not_found", "deadline_exceeded"], "x-example": "refused",
    "x-success": {"200": {"description": "As of now", "schema": "Projection", "example":
      {"lsn": 17, "connected": true, "lag_ms": 0}}},
    "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/projection"}]
  }
},
"/v1/log": {
  "get": {
    "operationId": "readLog", "tags": ["feeds"], "summary": "The durable records, oldest first",
    "description": "Those of the caller's tenant. NDJSON: one record a line; Tote-Lsn says up to where has been looked, go on with after= that. With Accept: text/event-stream: a live feed of events `record` whose id is the LSN; Last-Event-ID resumes. It ends with an event `draining` when the server goes down, `cut_off` for a client that reads nothing for 30 s, or `damaged` when the log can't be read further.",
    "parameters": [{"$ref": "#/components/parameters/after"}, {"$ref": "#/components/parameters/log_limit"},
                   {"$ref": "#/components/parameters/last_event_id"}],
    "x-kind": "lookup", "x-text": "application/x-ndjson", "x-codes": ["log_damaged"],
    "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/log?after=x"}]
  }
}
})json";

}  // namespace tote::http
