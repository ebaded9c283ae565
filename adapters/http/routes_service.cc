// What the door tells by itself, to whoever asks: health, figures, documents for people and for machines.
#include "adapters/http/decoder.h"
#include "adapters/http/door.h"
#include "adapters/http/resources.h"

namespace tote::http {
namespace service {
namespace {

constexpr Serving live = by_node(&Door::serve_live);
constexpr Serving ready = by_node(&Door::serve_ready);
constexpr Serving metrics{.serve = &Door::serve_metrics,
                          .ready_type = "text/plain; version=0.0.4; charset=utf-8",
                          .is_counted = false,
                          .needs_engine = false,
                          .is_of_this_node = true,
                          .tells_lsn = false,
                          .takes_all_tenants = true};
constexpr Serving version = by_node(&Door::serve_version);
constexpr Serving openapi = by_node(&Door::serve_openapi);
constexpr Serving problem_page = by_node(&Door::serve_problem);
constexpr Serving home = by_node(&Door::serve_home);

bool read_page(Decoder& decoder) {
  if (!percent_decode(decoder.match.raw[0], decoder.out.argument)) return decoder.refuse(Problem(problem::not_found));
  return decoder.check_empty();
}

constexpr auto rows = table_of({
    {.method = Method::get,
     .pattern = "/livez",
     .read = read_page,
     .serving = &live,
     .needs_token = false,
     .document = R"json({
      "operationId": "live", "tags": ["service"], "summary": "Does the process answer?", "x-kind": "page",
      "x-success": {"200": {"description": "It does", "schema": "Live", "example": {"status": "live"}}}
    })json"},
    {.method = Method::get,
     .pattern = "/readyz",
     .read = read_page,
     .serving = &ready,
     .needs_token = false,
     .document = R"json({
      "operationId": "ready", "tags": ["service"], "summary": "Should requests be sent here?",
      "description": "Recovered, log writable, not draining. Databases behind the log being away doesn't fail it.", "x-kind": "page",
      "x-success": {"200": {"description": "Yes", "schema": "Ready", "example": {"ready": true}},
        "503": {"description": "No, `reason` says why", "schema": "Ready", "example":
          {"ready": false, "reason": "log_full", "detail": "The disk is nearly full: changes are refused until there is room, reads go on."}}}
    })json"},
    {.method = Method::get,
     .pattern = "/metrics",
     .read = read_page,
     .serving = &metrics,
     .needs_token = false,
     .document = R"json({
      "operationId": "metrics", "tags": ["service"], "summary": "Prometheus text format",
      "description": "Needs no token: keep it from the outside with the network or a proxy. What is of a tenant (`tote_tenant_…`) is shown to that tenant's tokens only.", "x-kind": "page",
      "x-text": "text/plain"
    })json"},
    {.method = Method::get,
     .pattern = "/version",
     .read = read_page,
     .serving = &version,
     .needs_token = false,
     .document = R"json({
      "operationId": "version", "tags": ["service"], "summary": "What is running", "x-kind": "page",
      "x-success": {"200": {"description": "Name and version", "schema": "Version", "example":
        {"name": "tote", "version": "0.1.0", "instance": ""}}}
    })json"},
    {.method = Method::get,
     .pattern = "/openapi.json",
     .read = read_page,
     .serving = &openapi,
     .needs_token = false,
     .document = R"json({
      "operationId": "openapi", "tags": ["service"], "summary": "This document", "x-kind": "page",
      "x-success": {"200": {"description": "OpenAPI 3.1", "schema": "Document", "example":
        {"openapi": "3.1.0", "info": {"title": "Tote", "version": "1"}, "paths": {}}}}
    })json"},
    {.method = Method::get,
     .pattern = "/problems/{code}",
     .read = read_page,
     .serving = &problem_page,
     .needs_token = false,
     .document = R"json({
      "operationId": "problem", "tags": ["service"], "summary": "What a problem means and what to do", "x-kind": "page",
      "parameters": [{"$ref": "#/components/parameters/code"}],
      "x-text": "text/html", "x-codes": ["not_found"],
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/problems/no_such_problem"}]
    })json"},
    {.method = Method::get,
     .pattern = "/",
     .read = read_page,
     .serving = &home,
     .needs_token = false,
     .document = R"json({
      "operationId": "home", "tags": ["service"], "summary": "Where to begin", "x-kind": "page", "x-text": "text/plain"
    })json"},
});

}  // namespace
}  // namespace service

std::span<const Route> service_routes() { return service::rows; }

}  // namespace tote::http
