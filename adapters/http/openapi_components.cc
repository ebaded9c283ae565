#include "adapters/http/openapi_parts.h"

namespace tote::http {

const std::string_view openapi_components = R"json({
"securitySchemes": {"token": {"type": "http", "scheme": "bearer",
  "description": "Names the tenant. A server without configured tokens listens on loopback only and needs none."}},
"parameters": {
  "wallet": {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "example": "alice"},
  "hold": {"name": "hold", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "example": "h1"},
  "key": {"name": "key", "in": "path", "required": true, "description": "The key itself, unquoted, percent-encoded",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255}, "example": "topup-1"},
  "code": {"name": "code", "in": "path", "required": true, "schema": {"type": "string"}, "example": "insufficient_funds"},
  "idempotency_key": {"name": "Idempotency-Key", "in": "header", "required": false,
    "description": "One per intention, repeated with every retry: quoted (RFC 8941) or bare, 1 to 255 visible ASCII characters. A repeat gets the first answer, byte for byte.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 512}, "example": "topup-1"},
  "if_match": {"name": "If-Match", "in": "header", "required": false,
    "description": "Only when it has this version: one strong entity tag such as \"v7\". * is allowed where nothing is created.",
    "schema": {"type": "string"}},
  "if_none_match": {"name": "If-None-Match", "in": "header", "required": false,
    "description": "304 when it has one of these versions", "schema": {"type": "string"}},
  "deadline": {"name": "Tote-Deadline-Ms", "in": "header", "required": false,
    "description": "From the request's arrival: not decided by then means 504, definitely not executed",
    "schema": {"type": "integer", "minimum": 1, "maximum": 86400000}},
  "min_lsn": {"name": "Tote-Min-Lsn", "in": "header", "required": false,
    "description": "Waits until the state is at least this new; 10 s when there is no Tote-Deadline-Ms",
    "schema": {"type": "integer", "minimum": 0}}
},
"headers": {
  "ETag": {"description": "The version, \"v7\"", "schema": {"type": "string"}},
  "Tote-Lsn": {"description": "Position in the log", "schema": {"type": "integer"}},
  "Idempotent-Replayed": {"description": "true: this answer was given before. Also as X-Idempotent-Replayed",
    "schema": {"type": "string", "enum": ["true"]}},
  "Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}
},
"schemas": {
  "Id": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[A-Za-z0-9._:-]+$"},
  "Amount": {"type": "integer", "minimum": 1, "maximum": 1000000000000000, "description": "Minor units: cents of EUR, yen of JPY"},
  "OpenWallet": {"type": "object", "additionalProperties": false, "required": ["currency"], "properties": {
    "currency": {"type": "string", "minLength": 3, "maxLength": 3, "description": "ISO 4217"},
    "overdraft_limit": {"type": "integer", "minimum": 0, "maximum": 1000000000000000, "default": 0}}},
  "Change": {"type": "object", "additionalProperties": false, "required": ["amount"], "properties": {
    "amount": {"$ref": "#/components/schemas/Amount"}, "reference": {"$ref": "#/components/schemas/Id"}}},
  "NewHold": {"type": "object", "additionalProperties": false, "required": ["hold", "amount"], "properties": {
    "hold": {"$ref": "#/components/schemas/Id"}, "amount": {"$ref": "#/components/schemas/Amount"},
    "expires_in_s": {"type": "integer", "minimum": 1, "maximum": 31622400, "default": 900}}},
  "Capture": {"type": "object", "additionalProperties": false, "properties": {"amount": {"$ref": "#/components/schemas/Amount"}}},
  "Nothing": {"type": "object", "additionalProperties": false},
  "Wallet": {"type": "object", "additionalProperties": false,
    "required": ["id", "currency", "balance", "held", "available", "version", "lsn"], "properties": {
    "id": {"$ref": "#/components/schemas/Id"}, "currency": {"type": "string"}, "balance": {"type": "integer"},
    "held": {"type": "integer"}, "available": {"type": "integer"},
    "overdraft_limit": {"type": "integer", "description": "When it isn't 0"},
    "version": {"type": "integer"}, "lsn": {"type": "integer"}}},
  "Hold": {"type": "object", "additionalProperties": false, "required": ["id", "amount", "expires_at", "status"], "properties": {
    "id": {"$ref": "#/components/schemas/Id"}, "amount": {"type": "integer"},
    "captured": {"type": "integer", "description": "Of a captured hold"},
    "expires_at": {"type": "string", "format": "date-time"},
    "status": {"type": "string", "enum": ["open", "captured", "released", "expired"]}}},
  "WalletWithHold": {"type": "object", "additionalProperties": false,
    "required": ["id", "currency", "balance", "held", "available", "version", "lsn", "hold"], "properties": {
    "id": {"$ref": "#/components/schemas/Id"}, "currency": {"type": "string"}, "balance": {"type": "integer"},
    "held": {"type": "integer"}, "available": {"type": "integer"}, "overdraft_limit": {"type": "integer"},
    "version": {"type": "integer"}, "lsn": {"type": "integer"}, "hold": {"$ref": "#/components/schemas/Hold"}}},
  "StoredOutcome": {"type": "object", "additionalProperties": false, "required": ["status", "body", "key", "lsn"], "properties": {
    "status": {"type": "integer"}, "body": {"type": "object", "description": "Exactly the bytes that were answered"},
    "key": {"type": "string"}, "lsn": {"type": "integer"}}},
  "Live": {"type": "object", "additionalProperties": false, "required": ["status"], "properties": {
    "status": {"type": "string", "enum": ["live"]}}},
  "Ready": {"type": "object", "additionalProperties": false, "required": ["status"], "properties": {
    "status": {"type": "string", "enum": ["ready", "not_ready"]},
    "check": {"type": "string", "enum": ["recovering", "log_full", "draining"]}}},
  "Version": {"type": "object", "additionalProperties": false, "required": ["name", "version", "instance"], "properties": {
    "name": {"type": "string"}, "version": {"type": "string"}, "instance": {"type": "string"}}},
  "Document": {"type": "object", "required": ["openapi", "info", "paths"]},
  "Problem": {"type": "object", "additionalProperties": false,
    "required": ["type", "title", "status", "detail", "code", "outcome"], "properties": {
    "type": {"type": "string", "description": "/problems/<code>, a page of this server"},
    "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}, "code": {"type": "string"},
    "outcome": {"type": "string", "enum": ["not_executed", "executed", "unknown"]},
    "pointer": {"type": "string", "description": "The member of the body that is wrong (RFC 6901)"},
    "available": {"type": "integer"}, "requested": {"type": "integer"}, "current_version": {"type": "integer"},
    "limit": {"type": "integer"}, "index": {"type": "integer"}, "retry_after_s": {"type": "integer"}}}
}
})json";

}  // namespace tote::http
