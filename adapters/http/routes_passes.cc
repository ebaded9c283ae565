// Passes (API.md, Matches).
#include "actors/pass/pass.h"
#include "adapters/http/asked.h"
#include "adapters/http/decoder.h"
#include "adapters/http/lists.h"
#include "adapters/http/resources.h"
#include "adapters/http/serving.h"

namespace tote::http {
namespace passes {
namespace {

bool read_passes(Decoder& decoder) { return read_list(decoder, "passes", {{Pass::kind_id}}, {"valid", "revoked"}); }

constexpr auto rows = table_of({
    {.method = Method::get, .pattern = "/v1/passes", .read = read_passes, .serving = &by_list, .document = R"json({
      "operationId": "listPasses", "tags": ["matches"], "summary": "Passes, page by page",
      "description": "In the order of their ids, complete as of `as_of_lsn`; each is shown as it is when the page is made. With a `status` a page may be short, or empty, and isn't the last while `next` isn't null. `next` is `after` of the next page; null: there is none.",
      "parameters": [{"$ref": "#/components/parameters/pass_status"}, {"$ref": "#/components/parameters/after_id"}, {"$ref": "#/components/parameters/prefix"},
        {"$ref": "#/components/parameters/limit"}],
      "x-kind": "lookup", "x-codes": ["invalid_id"],
      "x-success": {"200": {"description": "One page", "schema": "Passes", "example":
        {"passes": [], "next": null, "as_of_lsn": 17}}},
      "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/passes?limit=0"},
        {"code": "invalid_id", "method": "GET", "path": "/v1/passes?prefix=%20"}]
    })json"},
    {.method = Method::put,
     .pattern = "/v1/passes/{id}",
     .kind = Pass::kind_id,
     .command = read_command<Pass, Pass::Open>,
     .body_schema = body_schema<Pass::Open>,
     .document = R"json({
      "operationId": "openPass", "tags": ["matches"], "summary": "Issue a pass",
      "description": "Lets its player (without one: whoever names it) into matches without paying, until `valid_until`.",
      "parameters": [{"$ref": "#/components/parameters/pass"}],
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/NewPass"}, "example": {"player": "p1", "valid_until": "2030-01-01T00:00:00Z"}}}},
      "x-kind": "change", "x-codes": ["already_exists"],
      "x-success": {
        "201": {"description": "The pass is new", "schema": "Pass", "example":
          {"id": "season", "player": "p1", "valid_until": "2030-01-01T00:00:00.000Z", "status": "valid", "version": 1, "lsn": 1}},
        "200": {"description": "It exists with the same settings", "schema": "Pass", "example":
          {"id": "season", "status": "valid", "version": 1, "lsn": 1}}},
      "x-provoke": [{"code": "already_exists", "before": [{"method": "PUT", "path": "/v1/passes/season", "body": {}}],
        "method": "PUT", "path": "/v1/passes/season", "body": {"player": "p1"}}]
    })json"},
    {.method = Method::get, .pattern = "/v1/passes/{id}", .kind = Pass::kind_id, .document = R"json({
      "operationId": "readPass", "tags": ["matches"], "summary": "Read a pass",
      "parameters": [{"$ref": "#/components/parameters/pass"}],
      "x-kind": "read", "x-codes": ["not_found"],
      "x-success": {"200": {"description": "The pass", "schema": "Pass", "example":
        {"id": "season", "status": "valid", "version": 1, "lsn": 1}}},
      "x-before": [{"method": "PUT", "path": "/v1/passes/season", "body": {}}],
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/passes/none"}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/passes/{id}/revoke",
     .kind = Pass::kind_id,
     .command = read_command<Pass, Pass::Revoke>,
     .body_schema = body_schema<Pass::Revoke>,
     .body = Body::optional,
     .document = R"json({
      "operationId": "revokePass", "tags": ["matches"], "summary": "Take a pass back",
      "description": "Seats of matches that haven't started are free again, and are offered to those who wait.",
      "parameters": [{"$ref": "#/components/parameters/pass"}],
      "requestBody": {"required": false, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/NewRevocation"}, "example": {"reason": "left the club"}}}},
      "x-kind": "change", "x-codes": ["not_found"],
      "x-success": {"200": {"description": "It is revoked", "schema": "Pass", "example":
        {"id": "season", "status": "revoked", "version": 2, "lsn": 2}}},
      "x-before": [{"method": "PUT", "path": "/v1/passes/season", "body": {}}],
      "x-provoke": [{"code": "not_found", "method": "POST", "path": "/v1/passes/none/revoke", "body": {}}]
    })json"},
});

}  // namespace
}  // namespace passes

std::span<const Route> pass_routes() { return passes::rows; }

}  // namespace tote::http
