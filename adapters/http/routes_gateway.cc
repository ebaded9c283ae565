// The test gateway's own (API.md, Test gateway).
#include "adapters/http/decoder.h"
#include "adapters/http/door.h"
#include "adapters/http/resources.h"
#include "engine/kernel/limits.h"

namespace tote::http {
namespace gateway {
namespace {

constexpr Serving balance{
    .serve = &Door::serve_gateway_balance, .ready_type = json_type, .is_counted = false, .needs_engine = false};
constexpr Serving charges = by_door(&Door::serve_gateway_charges), refunds = by_door(&Door::serve_gateway_refunds);

bool read_nothing(Decoder& decoder) { return decoder.check_empty(); }

bool read_balance(Decoder& decoder) {
  if (!decoder.check_query() || !decoder.parse_body(Body::required)) return false;
  JsonObject body(decoder.json);
  decoder.out.amount = body.integer("amount", 0, limits::balance_max);
  return body.finish() || decoder.refuse_body();
}

constexpr auto rows = table_of({
    {.method = Method::put,
     .pattern = "/test-gateway/balance",
     .read = read_balance,
     .serving = &balance,
     .role = Role::operator_,
     .document = R"json({
      "operationId": "setGatewayBalance", "tags": ["test gateway"], "summary": "What the test gateway can refund from",
      "description": "Only with --gateway test. Each tenant has its own; charges add to it.",
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/GatewayBalance"}, "example": {"amount": 10000}}}},
      "x-kind": "gateway", "x-codes": ["invalid_request", "not_found"],
      "x-success": {"200": {"description": "It is set", "schema": "GatewayBalance", "example": {"amount": 10000}}},
      "x-provoke": [{"code": "invalid_request", "method": "PUT", "path": "/test-gateway/balance", "body": {"amount": -1}}]
    })json"},
    {.method = Method::get,
     .pattern = "/test-gateway/charges",
     .read = read_nothing,
     .serving = &charges,
     .document = R"json({
      "operationId": "readGatewayCharges", "tags": ["test gateway"], "summary": "What the test gateway has charged",
      "x-kind": "gateway", "x-codes": ["not_found"],
      "x-success": {"200": {"description": "Oldest first", "schema": "GatewayEntries", "example":
        [{"id": "ch_1", "key": "default/order:o1:17:charge", "amount": 700, "currency": "EUR", "status": "succeeded"}]}}
    })json"},
    {.method = Method::get,
     .pattern = "/test-gateway/refunds",
     .read = read_nothing,
     .serving = &refunds,
     .document = R"json({
      "operationId": "readGatewayRefunds", "tags": ["test gateway"], "summary": "What the test gateway has paid back",
      "x-kind": "gateway", "x-codes": ["not_found"],
      "x-success": {"200": {"description": "Oldest first", "schema": "GatewayEntries", "example": []}}
    })json"},
});

}  // namespace
}  // namespace gateway

std::span<const Route> gateway_routes() { return gateway::rows; }

}  // namespace tote::http
