#include "adapters/http/openapi_parts.h"

namespace tote::http {

const std::string_view openapi_holds = R"json({
"/v1/wallets/{id}/holds": {
  "post": {
    "operationId": "holdMoney", "tags": ["wallets"], "summary": "Hold money for later",
    "description": "Held money isn't available to anybody else until it is captured, released, or the hold expires.",
    "parameters": [{"$ref": "#/components/parameters/wallet"}],
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/NewHold"}, "example": {"hold": "h1", "amount": 500, "expires_in_s": 900}}}},
    "x-kind": "change", "x-codes": ["insufficient_funds", "not_found", "hold_exists", "too_many_holds"],
    "x-success": {"201": {"description": "The wallet and its new hold", "schema": "WalletWithHold", "example":
      {"id": "alice", "currency": "EUR", "balance": 1000, "held": 500, "available": 500, "version": 3, "lsn": 3,
       "hold": {"id": "h1", "amount": 500, "expires_at": "2026-01-02T03:04:05.123Z", "status": "open"}}}},
    "x-before": [
      {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
      {"method": "POST", "path": "/v1/wallets/alice/credits", "body": {"amount": 1000}}],
    "x-provoke": [
      {"code": "insufficient_funds", "before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
       "method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 5}},
      {"code": "hold_exists", "before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
        {"method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 5}}],
       "method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 5}},
      {"code": "not_found", "method": "POST", "path": "/v1/wallets/nobody/holds", "body": {"hold": "h1", "amount": 5}},
      {"code": "invalid_id", "method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h 1", "amount": 5}}]
  }
},
"/v1/wallets/{id}/holds/{hold}/capture": {
  "post": {
    "operationId": "captureHold", "tags": ["wallets"], "summary": "Take held money",
    "description": "All of it, or `amount` of it; the rest is released. An empty body means {}.",
    "parameters": [{"$ref": "#/components/parameters/wallet"}, {"$ref": "#/components/parameters/hold"}],
    "requestBody": {"required": false, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/Capture"}, "example": {"amount": 300}}}},
    "x-kind": "change", "x-codes": ["not_found", "hold_not_found", "hold_closed", "capture_exceeds_hold"],
    "x-success": {"200": {"description": "The wallet and the closed hold", "schema": "WalletWithHold", "example":
      {"id": "alice", "currency": "EUR", "balance": 700, "held": 0, "available": 700, "version": 4, "lsn": 4,
       "hold": {"id": "h1", "amount": 500, "captured": 300, "expires_at": "2026-01-02T03:04:05.123Z", "status": "captured"}}}},
    "x-before": [
      {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
      {"method": "POST", "path": "/v1/wallets/alice/credits", "body": {"amount": 1000}},
      {"method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 500}}],
    "x-provoke": [
      {"code": "not_found", "method": "POST", "path": "/v1/wallets/nobody/holds/h1/capture", "body": {}},
      {"code": "hold_not_found", "before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
       "method": "POST", "path": "/v1/wallets/alice/holds/h9/capture", "body": {}},
      {"code": "hold_closed", "before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
        {"method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 5}},
        {"method": "POST", "path": "/v1/wallets/alice/holds/h1/release", "body": {}}],
       "method": "POST", "path": "/v1/wallets/alice/holds/h1/capture", "body": {}},
      {"code": "capture_exceeds_hold", "before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
        {"method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 5}}],
       "method": "POST", "path": "/v1/wallets/alice/holds/h1/capture", "body": {"amount": 6}}]
  }
},
"/v1/wallets/{id}/holds/{hold}/release": {
  "post": {
    "operationId": "releaseHold", "tags": ["wallets"], "summary": "Give held money back",
    "description": "An empty body means {}.",
    "parameters": [{"$ref": "#/components/parameters/wallet"}, {"$ref": "#/components/parameters/hold"}],
    "requestBody": {"required": false, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/Nothing"}, "example": {}}}},
    "x-kind": "change", "x-codes": ["not_found", "hold_not_found", "hold_closed"],
    "x-success": {"200": {"description": "The wallet and the closed hold", "schema": "WalletWithHold", "example":
      {"id": "alice", "currency": "EUR", "balance": 1000, "held": 0, "available": 1000, "version": 4, "lsn": 4,
       "hold": {"id": "h1", "amount": 500, "expires_at": "2026-01-02T03:04:05.123Z", "status": "released"}}}},
    "x-before": [
      {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
      {"method": "POST", "path": "/v1/wallets/alice/credits", "body": {"amount": 1000}},
      {"method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 500}}],
    "x-provoke": [
      {"code": "not_found", "method": "POST", "path": "/v1/wallets/nobody/holds/h1/release", "body": {}},
      {"code": "hold_not_found", "before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
       "method": "POST", "path": "/v1/wallets/alice/holds/h9/release", "body": {}},
      {"code": "hold_closed", "before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
        {"method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 5}},
        {"method": "POST", "path": "/v1/wallets/alice/holds/h1/release", "body": {}}],
       "method": "POST", "path": "/v1/wallets/alice/holds/h1/release", "body": {}}]
  }
}
})json";

}  // namespace tote::http
