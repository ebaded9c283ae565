#include "adapters/http/openapi_parts.h"

namespace tote::http {

const std::string_view openapi_wallets = R"json({
"/v1/wallets/{id}": {
  "put": {
    "operationId": "openWallet", "tags": ["wallets"], "summary": "Open a wallet",
    "description": "201 when it is new; 200 when it exists with the same settings; else 409 already_exists.",
    "parameters": [{"$ref": "#/components/parameters/wallet"}],
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/OpenWallet"}, "example": {"currency": "EUR"}}}},
    "x-kind": "change", "x-codes": ["already_exists"],
    "x-success": {
      "201": {"description": "The wallet is new", "schema": "Wallet", "example":
        {"id": "alice", "currency": "EUR", "balance": 0, "held": 0, "available": 0, "version": 1, "lsn": 1}},
      "200": {"description": "It exists with the same settings", "schema": "Wallet", "example":
        {"id": "alice", "currency": "EUR", "balance": 800, "held": 0, "available": 800, "version": 2, "lsn": 17}}},
    "x-provoke": [
      {"code": "already_exists", "before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
       "method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "USD"}},
      {"code": "invalid_request", "method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "euro"}},
      {"code": "invalid_id", "method": "PUT", "path": "/v1/wallets/al%20ice", "body": {"currency": "EUR"}}]
  },
  "get": {
    "operationId": "readWallet", "tags": ["wallets"], "summary": "Read a wallet",
    "description": "Never shows a state that a crash could still undo.",
    "parameters": [{"$ref": "#/components/parameters/wallet"}],
    "x-kind": "read", "x-codes": ["not_found"],
    "x-success": {"200": {"description": "The wallet", "schema": "Wallet", "example":
      {"id": "alice", "currency": "EUR", "balance": 1000, "held": 200, "available": 800, "version": 3, "lsn": 17}}},
    "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
    "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/wallets/nobody"},
      {"code": "deadline_exceeded", "method": "GET", "path": "/v1/wallets/alice",
       "headers": {"Tote-Min-Lsn": "1000000", "Tote-Deadline-Ms": "50"}}]
  }
},
"/v1/wallets/{id}/credits": {
  "post": {
    "operationId": "creditWallet", "tags": ["wallets"], "summary": "Add money",
    "parameters": [{"$ref": "#/components/parameters/wallet"}],
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/Change"}, "example": {"amount": 1000, "reference": "topup-1"}}}},
    "x-kind": "change", "x-codes": ["not_found", "balance_limit"],
    "x-success": {"200": {"description": "The wallet with the money", "schema": "Wallet", "example":
      {"id": "alice", "currency": "EUR", "balance": 1000, "held": 0, "available": 1000, "version": 2, "lsn": 2}}},
    "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
    "x-provoke": [
      {"code": "not_found", "method": "POST", "path": "/v1/wallets/nobody/credits", "body": {"amount": 1}},
      {"code": "balance_limit", "before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
        {"method": "POST", "path": "/v1/wallets/alice/credits", "body": {"amount": 1000000000000000}, "repeat": 9}],
       "method": "POST", "path": "/v1/wallets/alice/credits", "body": {"amount": 1}},
      {"code": "idempotency_key_reused", "before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
        {"method": "POST", "path": "/v1/wallets/alice/credits", "headers": {"Idempotency-Key": "k1"}, "body": {"amount": 1}}],
       "method": "POST", "path": "/v1/wallets/alice/credits", "headers": {"Idempotency-Key": "k1"}, "body": {"amount": 2}},
      {"code": "version_mismatch", "before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
       "method": "POST", "path": "/v1/wallets/alice/credits", "headers": {"If-Match": "\"v7\""}, "body": {"amount": 1}},
      {"code": "idempotency_key_invalid", "method": "POST", "path": "/v1/wallets/alice/credits",
       "headers": {"Idempotency-Key": "two words"}, "body": {"amount": 1}}]
  }
},
"/v1/wallets/{id}/debits": {
  "post": {
    "operationId": "debitWallet", "tags": ["wallets"], "summary": "Take money",
    "description": "Never more than is available: balance plus overdraft limit minus what is held.",
    "parameters": [{"$ref": "#/components/parameters/wallet"}],
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/Change"}, "example": {"amount": 300, "reference": "order-17"}}}},
    "x-kind": "change", "x-codes": ["insufficient_funds", "not_found"],
    "x-success": {"200": {"description": "The wallet without the money", "schema": "Wallet", "example":
      {"id": "alice", "currency": "EUR", "balance": 700, "held": 0, "available": 700, "version": 3, "lsn": 3}}},
    "x-before": [
      {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
      {"method": "POST", "path": "/v1/wallets/alice/credits", "body": {"amount": 1000}}],
    "x-provoke": [
      {"code": "insufficient_funds", "before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
       "method": "POST", "path": "/v1/wallets/alice/debits", "body": {"amount": 5}},
      {"code": "not_found", "method": "POST", "path": "/v1/wallets/nobody/debits", "body": {"amount": 5}}]
  }
}
})json";

}  // namespace tote::http
