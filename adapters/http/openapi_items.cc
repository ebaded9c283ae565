#include "adapters/http/openapi_parts.h"

namespace tote::http {

const std::string_view openapi_items = R"json({
"/v1/items/{id}": {
  "put": {
    "operationId": "openItem", "tags": ["items"], "summary": "Put an item on the shelf",
    "description": "201 when it is new; 200 when it was made with the same quantity; else 409 already_exists.",
    "parameters": [{"$ref": "#/components/parameters/item"}],
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/Quantity"}, "example": {"quantity": 100}}}},
    "x-kind": "change", "x-codes": ["already_exists"],
    "x-success": {
      "201": {"description": "The item is new", "schema": "Item", "example":
        {"id": "sku1", "on_hand": 100, "reserved": 0, "available": 100, "version": 1, "lsn": 1}},
      "200": {"description": "It was made with the same quantity", "schema": "Item", "example":
        {"id": "sku1", "on_hand": 98, "reserved": 0, "available": 98, "version": 2, "lsn": 9}}},
    "x-provoke": [{"code": "already_exists", "before": [{"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 5}}],
      "method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 6}}]
  },
  "get": {
    "operationId": "readItem", "tags": ["items"], "summary": "Read an item",
    "parameters": [{"$ref": "#/components/parameters/item"}],
    "x-kind": "read", "x-codes": ["not_found"],
    "x-success": {"200": {"description": "The item", "schema": "Item", "example":
      {"id": "sku1", "on_hand": 10, "reserved": 2, "available": 8, "version": 4, "lsn": 21}}},
    "x-before": [{"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 5}}],
    "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/items/nothing"}]
  }
},
"/v1/items/{id}/restocks": {
  "post": {
    "operationId": "restockItem", "tags": ["items"], "summary": "Add stock",
    "parameters": [{"$ref": "#/components/parameters/item"}],
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/Quantity"}, "example": {"quantity": 5}}}},
    "x-kind": "change", "x-codes": ["not_found", "stock_limit"],
    "x-success": {"200": {"description": "The item with the stock", "schema": "Item", "example":
      {"id": "sku1", "on_hand": 15, "reserved": 0, "available": 15, "version": 2, "lsn": 2}}},
    "x-before": [{"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}}],
    "x-provoke": [{"code": "not_found", "method": "POST", "path": "/v1/items/nothing/restocks", "body": {"quantity": 1}},
      {"code": "stock_limit", "before": [
        {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 1000000000000000}},
        {"method": "POST", "path": "/v1/items/sku1/restocks", "body": {"quantity": 1000000000000000}, "repeat": 8}],
       "method": "POST", "path": "/v1/items/sku1/restocks", "body": {"quantity": 1}}]
  }
},
"/v1/items/{id}/picks": {
  "post": {
    "operationId": "pickItem", "tags": ["items"], "summary": "Take stock at once",
    "parameters": [{"$ref": "#/components/parameters/item"}],
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/Quantity"}, "example": {"quantity": 1}}}},
    "x-kind": "change", "x-codes": ["not_found", "out_of_stock"],
    "x-success": {"200": {"description": "The item without it", "schema": "Item", "example":
      {"id": "sku1", "on_hand": 9, "reserved": 0, "available": 9, "version": 2, "lsn": 2}}},
    "x-before": [{"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}}],
    "x-provoke": [{"code": "out_of_stock", "before": [{"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 1}}],
      "method": "POST", "path": "/v1/items/sku1/picks", "body": {"quantity": 2}},
      {"code": "not_found", "method": "POST", "path": "/v1/items/nothing/picks", "body": {"quantity": 2}}]
  }
},
"/v1/items/{id}/reservations": {
  "post": {
    "operationId": "reserveItem", "tags": ["items"], "summary": "Set stock aside for a while",
    "description": "What is reserved is nobody else's until it is committed, released, or the reservation expires.",
    "parameters": [{"$ref": "#/components/parameters/item"}],
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/NewReservation"}, "example": {"reservation": "r1", "quantity": 2, "expires_in_s": 900}}}},
    "x-kind": "change", "x-codes": ["not_found", "out_of_stock", "reservation_exists", "too_many_reservations"],
    "x-success": {"201": {"description": "It is reserved", "schema": "ItemWithReservation", "example":
      {"id": "sku1", "on_hand": 10, "reserved": 2, "available": 8, "version": 2, "lsn": 2,
       "reservation": {"id": "r1", "quantity": 2, "expires_at": "2026-01-02T03:04:05.678Z", "status": "open"}}}},
    "x-before": [{"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}}],
    "x-provoke": [{"code": "reservation_exists", "before": [
        {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
        {"method": "POST", "path": "/v1/items/sku1/reservations", "body": {"reservation": "r1", "quantity": 2}}],
      "method": "POST", "path": "/v1/items/sku1/reservations", "body": {"reservation": "r1", "quantity": 1}}]
  }
},
"/v1/items/{id}/reservations/{reservation}/commit": {
  "post": {
    "operationId": "commitReservation", "tags": ["items"], "summary": "Take what is reserved",
    "parameters": [{"$ref": "#/components/parameters/item"}, {"$ref": "#/components/parameters/reservation"}],
    "requestBody": {"required": false, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/Nothing"}, "example": {}}}},
    "x-kind": "change", "x-codes": ["not_found", "reservation_not_found", "reservation_closed"],
    "x-success": {"200": {"description": "It is taken", "schema": "ItemWithReservation", "example":
      {"id": "sku1", "on_hand": 8, "reserved": 0, "available": 8, "version": 3, "lsn": 3,
       "reservation": {"id": "r1", "quantity": 2, "expires_at": "2026-01-02T03:04:05.678Z", "status": "committed"}}}},
    "x-before": [{"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
      {"method": "POST", "path": "/v1/items/sku1/reservations", "body": {"reservation": "r1", "quantity": 2}}],
    "x-provoke": [
      {"code": "reservation_not_found", "before": [{"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}}],
       "method": "POST", "path": "/v1/items/sku1/reservations/r9/commit", "body": {}}]
  }
},
"/v1/items/{id}/reservations/{reservation}/release": {
  "post": {
    "operationId": "releaseReservation", "tags": ["items"], "summary": "Give back what is reserved",
    "parameters": [{"$ref": "#/components/parameters/item"}, {"$ref": "#/components/parameters/reservation"}],
    "requestBody": {"required": false, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/Nothing"}, "example": {}}}},
    "x-kind": "change", "x-codes": ["not_found", "reservation_not_found", "reservation_closed"],
    "x-success": {"200": {"description": "It is available again", "schema": "ItemWithReservation", "example":
      {"id": "sku1", "on_hand": 10, "reserved": 0, "available": 10, "version": 3, "lsn": 3,
       "reservation": {"id": "r1", "quantity": 2, "expires_at": "2026-01-02T03:04:05.678Z", "status": "released"}}}},
    "x-before": [{"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
      {"method": "POST", "path": "/v1/items/sku1/reservations", "body": {"reservation": "r1", "quantity": 2}}],
    "x-provoke": [{"code": "reservation_closed", "before": [
        {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
        {"method": "POST", "path": "/v1/items/sku1/reservations", "body": {"reservation": "r1", "quantity": 2}},
        {"method": "POST", "path": "/v1/items/sku1/reservations/r1/commit", "body": {}}],
      "method": "POST", "path": "/v1/items/sku1/reservations/r1/release", "body": {}}]
  }
},
"/v1/items/{id}/history": {
  "get": {
    "operationId": "readItemHistory", "tags": ["items"], "summary": "How the item came to be",
    "parameters": [{"$ref": "#/components/parameters/item"}, {"$ref": "#/components/parameters/after_version"},
      {"$ref": "#/components/parameters/limit"}],
    "x-kind": "lookup", "x-codes": ["not_found", "invalid_id"],
    "x-success": {"200": {"description": "Its events, oldest first", "schema": "History", "example":
      {"entries": [{"version": 1, "lsn": 1, "time": "2026-01-02T03:04:05.678Z", "event": "opened", "quantity": 5,
        "on_hand": 5, "reserved": 0, "available": 5}]}}},
    "x-before": [{"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 5}}],
    "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/items/nothing/history"}]
  }
},
"/v1/wallets/{id}/history": {
  "get": {
    "operationId": "readWalletHistory", "tags": ["wallets"], "summary": "How the wallet came to be",
    "description": "Each event with the balance after it, the key of the request that caused it, and what else the same transaction changed (`with`).",
    "parameters": [{"$ref": "#/components/parameters/wallet"}, {"$ref": "#/components/parameters/after_version"},
      {"$ref": "#/components/parameters/limit"}],
    "x-kind": "lookup", "x-codes": ["not_found", "invalid_id"],
    "x-success": {"200": {"description": "Its events, oldest first", "schema": "History", "example":
      {"entries": [{"version": 2, "lsn": 2, "time": "2026-01-02T03:04:05.678Z", "event": "credited", "amount": 5,
        "balance": 5, "held": 0, "available": 5, "key": "topup-1"}], "next": 2}}},
    "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
    "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/wallets/nobody/history"},
      {"code": "invalid_request", "method": "GET", "path": "/v1/wallets/alice/history?limit=0"}]
  }
},
"/v1/matches/{id}/history": {
  "get": {
    "operationId": "readMatchHistory", "tags": ["matches"], "summary": "How the match came to be",
    "parameters": [{"$ref": "#/components/parameters/match"}, {"$ref": "#/components/parameters/after_version"},
      {"$ref": "#/components/parameters/limit"}],
    "x-kind": "lookup", "x-codes": ["not_found", "invalid_id"],
    "x-success": {"200": {"description": "Its events, oldest first", "schema": "History", "example":
      {"entries": [{"version": 1, "lsn": 1, "time": "2026-01-02T03:04:05.678Z", "event": "opened", "seats": 17,
        "taken": 0, "free": 17, "waitlist": 0}]}}},
    "x-before": [{"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}}],
    "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/matches/nothing/history"}]
  }
}
})json";

}  // namespace tote::http
