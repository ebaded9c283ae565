#include "adapters/http/openapi_parts.h"

namespace tote::http {

const std::string_view openapi_service = R"json({
"/v1/outcomes/{key}": {
  "get": {
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
  }
},
"/livez": {"get": {
  "operationId": "live", "tags": ["service"], "summary": "Does the process answer?", "x-kind": "page",
  "x-success": {"200": {"description": "It does", "schema": "Live", "example": {"status": "live"}}}
}},
"/readyz": {"get": {
  "operationId": "ready", "tags": ["service"], "summary": "Should requests be sent here?",
  "description": "Recovered, log writable, not draining. Databases behind the log being away doesn't fail it.", "x-kind": "page",
  "x-success": {"200": {"description": "Yes", "schema": "Ready", "example": {"ready": true}},
    "503": {"description": "No, `reason` says why", "schema": "Ready", "example":
      {"ready": false, "reason": "log_full", "detail": "The disk is nearly full: changes are refused until there is room, reads go on."}}}
}},
"/metrics": {"get": {
  "operationId": "metrics", "tags": ["service"], "summary": "Prometheus text format",
  "description": "Needs no token: keep it from the outside with the network or a proxy.", "x-kind": "page",
  "x-text": "text/plain"
}},
"/version": {"get": {
  "operationId": "version", "tags": ["service"], "summary": "What is running", "x-kind": "page",
  "x-success": {"200": {"description": "Name and version", "schema": "Version", "example":
    {"name": "tote", "version": "0.1.0", "instance": ""}}}
}},
"/openapi.json": {"get": {
  "operationId": "openapi", "tags": ["service"], "summary": "This document", "x-kind": "page",
  "x-success": {"200": {"description": "OpenAPI 3.1", "schema": "Document", "example":
    {"openapi": "3.1.0", "info": {"title": "Tote", "version": "1"}, "paths": {}}}}
}},
"/problems/{code}": {"get": {
  "operationId": "problem", "tags": ["service"], "summary": "What a problem means and what to do", "x-kind": "page",
  "parameters": [{"$ref": "#/components/parameters/code"}],
  "x-text": "text/html", "x-codes": ["not_found"],
  "x-provoke": [{"code": "not_found", "method": "GET", "path": "/problems/no_such_problem"}]
}},
"/": {"get": {
  "operationId": "home", "tags": ["service"], "summary": "Where to begin", "x-kind": "page", "x-text": "text/plain"
}}
})json";

}  // namespace tote::http
