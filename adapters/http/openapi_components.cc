#include "adapters/http/openapi_parts.h"

namespace tote::http {

// A schema that is empty here is made of its command (Route::body_schema); here is its place among the others.
const std::string_view openapi_components = R"json({
"securitySchemes": {"token": {"type": "http", "scheme": "bearer",
  "description": "Names the tenant, or an operator of the whole server, who names one by Tote-Tenant. A server without configured tokens listens on loopback only and needs none."}},
"parameters": {
  "wallet": {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "example": "alice"},
  "hold": {"name": "hold", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "example": "h1"},
  "item": {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "example": "sku1"},
  "reservation": {"name": "reservation", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "example": "r1"},
  "match": {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "example": "thu"},
  "player": {"name": "player", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "example": "p1"},
  "pass": {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "example": "season"},
  "order": {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "example": "o1"},
  "saga": {"name": "saga", "in": "path", "required": true, "schema": {"type": "string", "minLength": 1, "maxLength": 140}, "example": "order:o1"},
  "refund": {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "example": "b-17"},
  "refund_status": {"name": "status", "in": "query", "required": false, "description": "Only refunds with this status",
    "schema": {"type": "string", "enum": ["queued", "sent", "pending_funds", "succeeded", "failed"]}},
  "after_version": {"name": "after_version", "in": "query", "required": false, "description": "What came later; `next` of the page before",
    "schema": {"type": "integer", "minimum": 0, "default": 0}},
  "after": {"name": "after", "in": "query", "required": false, "description": "An LSN: what came later",
    "schema": {"type": "integer", "minimum": 0, "default": 0}},
  "from_time": {"name": "from", "in": "query", "required": false, "description": "A time in UTC: the records that aren't older; instead of after",
    "schema": {"type": "string", "format": "date-time"}, "example": "2026-01-02T03:04:05Z"},
  "log_limit": {"name": "limit", "in": "query", "required": false, "description": "Records of one answer; not of a live feed",
    "schema": {"type": "integer", "minimum": 1, "maximum": 10000, "default": 1000}},
  "last_event_id": {"name": "Last-Event-ID", "in": "header", "required": false,
    "description": "Of a live feed: resumes after this LSN, whatever after= says", "schema": {"type": "integer"}},
  "after_player": {"name": "after", "in": "query", "required": false, "description": "A player: `next` of the page before",
    "schema": {"$ref": "#/components/schemas/Id"}, "example": "p100"},
  "payment_event": {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "example": "evt_1"},
  "payment_event_status": {"name": "status", "in": "query", "required": false, "description": "Only events with this status",
    "schema": {"type": "string", "enum": ["received", "processed", "ignored", "failed"]}, "example": "failed"},
  "after_payment_event": {"name": "after", "in": "query", "required": false, "description": "An event: `next` of the page before",
    "schema": {"$ref": "#/components/schemas/Id"}, "example": "evt_1"},
  "bet": {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "example": "acme:12345"},
  "bet_player": {"name": "player", "in": "query", "required": false, "description": "Only bets of this player",
    "schema": {"$ref": "#/components/schemas/Id"}, "example": "p1"},
  "bet_status": {"name": "status", "in": "query", "required": false, "description": "Only bets with this status",
    "schema": {"type": "string", "enum": ["open", "committed", "won", "lost", "refunded", "cashed_out", "discarded", "tombstoned"]}},
  "after_id": {"name": "after", "in": "query", "required": false, "description": "An id: `next` of the page before",
    "schema": {"$ref": "#/components/schemas/Id"}},
  "reference_type": {"name": "type", "in": "path", "required": true,
    "schema": {"type": "string", "enum": ["sport", "category", "tournament", "event", "competitor"]}, "example": "sport"},
  "reference": {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "example": "1"},
  "session": {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "example": "s1"},
  "prefix": {"name": "prefix", "in": "query", "required": false, "description": "Only ids that begin like this",
    "schema": {"$ref": "#/components/schemas/Id"}},
  "wallet_status": {"name": "status", "in": "query", "required": false, "description": "Only wallets with this status",
    "schema": {"type": "string", "enum": ["open", "frozen", "closed"]}},
  "match_status": {"name": "status", "in": "query", "required": false, "description": "Only matches with this status",
    "schema": {"type": "string", "enum": ["open", "cancelled"]}},
  "pass_status": {"name": "status", "in": "query", "required": false, "description": "Only passes with this status",
    "schema": {"type": "string", "enum": ["valid", "revoked"]}},
  "order_status": {"name": "status", "in": "query", "required": false, "description": "Only orders with this status",
    "schema": {"type": "string", "enum": ["pending", "confirmed", "failed", "cancelled"]}},
  "saga_status": {"name": "status", "in": "query", "required": false, "description": "Only sagas with this status",
    "schema": {"type": "string", "enum": ["running", "completed", "compensated", "stuck"]}},
  "hold_status": {"name": "status", "in": "query", "required": false, "description": "Only holds with this status",
    "schema": {"type": "string", "enum": ["open", "captured", "released", "expired"]}},
  "limit": {"name": "limit", "in": "query", "required": false,
    "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}},
  "hot_limit": {"name": "limit", "in": "query", "required": false,
    "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}},
  "overview_step": {"name": "step_s", "in": "query", "required": false, "description": "Seconds from one point to the next",
    "schema": {"type": "integer", "enum": [1, 10], "default": 1}},
  "after_alert": {"name": "after", "in": "query", "required": false, "description": "A number: `next` of the page before",
    "schema": {"type": "integer", "minimum": 0, "default": 0}},
  "after_time": {"name": "after", "in": "query", "required": false, "description": "Seconds since 1970: what came later",
    "schema": {"type": "integer", "minimum": 0, "default": 0}},
  "overview_limit": {"name": "limit", "in": "query", "required": false, "description": "Points, the newest ones",
    "schema": {"type": "integer", "minimum": 1, "maximum": 8640, "default": 900}},
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
  "tenant": {"name": "Tote-Tenant", "in": "header", "required": false,
    "description": "The tenant that this is about: of an operator of the whole server; whoever else says another than their own is 403",
    "schema": {"$ref": "#/components/schemas/Id"}},
  "deadline": {"name": "Tote-Deadline-Ms", "in": "header", "required": false,
    "description": "From the request's arrival: not decided by then means 504, definitely not executed",
    "schema": {"type": "integer", "minimum": 1, "maximum": 86400000}},
  "min_lsn": {"name": "Tote-Min-Lsn", "in": "header", "required": false,
    "description": "Waits until the state is at least this new, 30 s at most",
    "schema": {"type": "integer", "minimum": 0}},
  "read": {"name": "Tote-Read", "in": "header", "required": false,
    "description": "stale: a node of a cluster that hasn't the log answers from its own state, and says by Age how old that may be",
    "schema": {"type": "string", "enum": ["stale"]}},
  "traceparent": {"name": "traceparent", "in": "header", "required": false,
    "description": "W3C Trace Context: the answer, its record and the events that come of it have it, with a span of their own",
    "schema": {"type": "string"}}
},
"headers": {
  "ETag": {"description": "The version, \"v7\"", "schema": {"type": "string"}},
  "Tote-Lsn": {"description": "Position in the log", "schema": {"type": "integer"}},
  "Idempotent-Replayed": {"description": "true: this answer was given before",
    "schema": {"type": "string", "enum": ["true"]}},
  "X-Idempotent-Replayed": {"description": "The same as Idempotent-Replayed",
    "schema": {"type": "string", "enum": ["true"]}},
  "Age": {"description": "Of a stale answer: whole seconds, it is no older", "schema": {"type": "integer", "minimum": 0}},
  "traceparent": {"description": "Where the request had one: the same trace, and the request's own span",
    "schema": {"type": "string"}},
  "WWW-Authenticate": {"description": "Bearer", "schema": {"type": "string"}},
  "Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}
},
"schemas": {
  "Id": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[A-Za-z0-9._:-]+$"},
  "Amount": {"type": "integer", "minimum": 1, "maximum": 1000000000000000, "description": "Minor units: cents of EUR, yen of JPY"},
  "OpenWallet": {},
  "NewStatus": {"type": "object", "additionalProperties": false, "required": ["status"], "properties": {
    "status": {"type": "string", "enum": ["open", "frozen", "closed"]},
    "reason": {"type": "string", "minLength": 1, "maxLength": 256}}},
  "Change": {},
  "NewHold": {},
  "WalletChange": {},
  "Capture": {},
  "Payee": {"type": "object", "additionalProperties": false, "required": ["wallet"], "description": "The wallet that gets what is paid",
    "properties": {"wallet": {"$ref": "#/components/schemas/Id"}}},
  "Fee": {"type": "object", "additionalProperties": false, "required": ["wallet", "amount"],
    "description": "A part of what is paid, for another wallet; needs a payee", "properties": {
    "wallet": {"$ref": "#/components/schemas/Id"}, "amount": {"$ref": "#/components/schemas/Amount"}}},
  "Nothing": {"type": "object", "additionalProperties": false},
  "Wallet": {"type": "object", "additionalProperties": false,
    "required": ["id", "currency", "balance", "held", "available", "version", "lsn"], "properties": {
    "id": {"$ref": "#/components/schemas/Id"}, "currency": {"type": "string"}, "balance": {"type": "integer"},
    "held": {"type": "integer"}, "available": {"type": "integer"},
    "overdraft_limit": {"type": "integer", "description": "When it isn't 0"},
    "status": {"type": "string", "enum": ["open", "frozen", "closed"], "description": "Once it was set; else it is open"},
    "reason": {"type": "string", "description": "Of the status"},
    "debt": {"type": "integer", "description": "What reversals couldn't take, when it isn't 0: the next credits pay it"},
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
    "status": {"type": "string", "enum": ["open", "frozen", "closed"]}, "reason": {"type": "string"}, "debt": {"type": "integer"},
    "version": {"type": "integer"}, "lsn": {"type": "integer"}, "hold": {"$ref": "#/components/schemas/Hold"}}},
  "Quantity": {},
  "NewReservation": {},
  "Item": {"type": "object", "additionalProperties": false,
    "required": ["id", "on_hand", "reserved", "available", "version", "lsn"], "properties": {
    "id": {"$ref": "#/components/schemas/Id"}, "on_hand": {"type": "integer"}, "reserved": {"type": "integer"},
    "available": {"type": "integer"}, "version": {"type": "integer"}, "lsn": {"type": "integer"}}},
  "Reservation": {"type": "object", "additionalProperties": false, "required": ["id", "quantity", "expires_at", "status"], "properties": {
    "id": {"$ref": "#/components/schemas/Id"}, "quantity": {"type": "integer"},
    "expires_at": {"type": "string", "format": "date-time"},
    "status": {"type": "string", "enum": ["open", "committed", "released", "expired"]}}},
  "ItemWithReservation": {"type": "object", "additionalProperties": false,
    "required": ["id", "on_hand", "reserved", "available", "version", "lsn", "reservation"], "properties": {
    "id": {"$ref": "#/components/schemas/Id"}, "on_hand": {"type": "integer"}, "reserved": {"type": "integer"},
    "available": {"type": "integer"}, "version": {"type": "integer"}, "lsn": {"type": "integer"},
    "reservation": {"$ref": "#/components/schemas/Reservation"}}},
  "Price": {"type": "object", "additionalProperties": false, "required": ["amount", "currency"], "properties": {
    "amount": {"$ref": "#/components/schemas/Amount"}, "currency": {"type": "string", "minLength": 3, "maxLength": 3}}},
  "NewMatch": {"type": "object", "additionalProperties": false, "required": ["seats"], "properties": {
    "payee": {"$ref": "#/components/schemas/Payee"}, "fee": {"$ref": "#/components/schemas/Fee"},
    "seats": {"type": "integer", "minimum": 1, "maximum": 100000}, "price": {"$ref": "#/components/schemas/Price"},
    "starts_at": {"type": "string", "format": "date-time", "description": "UTC, with Z"},
    "attempts_max": {"type": "integer", "minimum": 1, "maximum": 100, "default": 5},
    "attempts_window_s": {"type": "integer", "minimum": 1, "maximum": 86400, "default": 900}}},
  "MatchChange": {"type": "object", "additionalProperties": false, "description": "At least one of the four", "properties": {
    "seats": {"type": "integer", "minimum": 1, "maximum": 100000},
    "price": {"oneOf": [{"$ref": "#/components/schemas/Price"}, {"type": "null"}], "description": "null: it is free"},
    "starts_at": {"type": ["string", "null"], "format": "date-time", "description": "UTC, with Z; null: not known"},
    "sales": {"type": "string", "enum": ["open", "closed"]},
    "reason": {"type": "string", "minLength": 1, "maxLength": 256}}},
  "Player": {"type": "object", "additionalProperties": false, "required": ["player", "status", "paid_by"], "properties": {
    "player": {"$ref": "#/components/schemas/Id"}, "status": {"type": "string", "enum": ["in", "pending", "cancelling"]},
    "paid_by": {"type": "string", "enum": ["wallet", "pass", "card", "free"]}}},
  "Match": {"type": "object", "additionalProperties": false,
    "required": ["id", "seats", "taken", "free", "waitlist", "version", "lsn", "players"], "properties": {
    "payee": {"$ref": "#/components/schemas/Payee"}, "fee": {"$ref": "#/components/schemas/Fee"},
    "status": {"type": "string", "enum": ["cancelled"], "description": "Once it is"},
    "sales": {"type": "string", "enum": ["closed"], "description": "While an operator has closed them"},
    "reason": {"type": "string", "description": "Of the operator who changed it last"},
    "id": {"$ref": "#/components/schemas/Id"}, "seats": {"type": "integer"}, "taken": {"type": "integer"},
    "free": {"type": "integer"}, "waitlist": {"type": "integer"}, "starts_at": {"type": "string", "format": "date-time"},
    "price": {"$ref": "#/components/schemas/Price"}, "version": {"type": "integer"}, "lsn": {"type": "integer"},
    "players": {"type": "array", "maxItems": 100, "items": {"$ref": "#/components/schemas/Player"}}}},
  "Players": {"type": "object", "additionalProperties": false, "required": ["players", "next"], "properties": {
    "players": {"type": "array", "maxItems": 1000, "items": {"$ref": "#/components/schemas/Player"}},
    "next": {"type": ["string", "null"], "description": "after of the next page; null: there is none"}}},
  "Card": {"type": "object", "additionalProperties": false, "required": ["token"], "properties": {
    "token": {"type": "string", "minLength": 1, "maxLength": 255}}},
  "Pay": {"type": "object", "additionalProperties": false, "description": "One of the three; a free match needs none", "properties": {
    "wallet": {"$ref": "#/components/schemas/Id"}, "pass": {"$ref": "#/components/schemas/Id"},
    "card": {"$ref": "#/components/schemas/Card"}}},
  "NewBooking": {"type": "object", "additionalProperties": false, "required": ["player"], "properties": {
    "player": {"$ref": "#/components/schemas/Id"}, "pay": {"$ref": "#/components/schemas/Pay"},
    "or_waitlist": {"type": "boolean", "default": false},
    "reference": {"$ref": "#/components/schemas/Reference"}, "metadata": {"$ref": "#/components/schemas/Metadata"}}},
  "NewWaiter": {"type": "object", "additionalProperties": false, "required": ["player"], "properties": {
    "player": {"$ref": "#/components/schemas/Id"}, "pay": {"$ref": "#/components/schemas/Pay"},
    "reference": {"$ref": "#/components/schemas/Reference"}, "metadata": {"$ref": "#/components/schemas/Metadata"}}},
  "Payment": {"type": "object", "additionalProperties": false, "required": ["method"], "properties": {
    "method": {"type": "string", "enum": ["wallet", "pass", "card", "free"]}, "wallet": {"type": "string"}, "pass": {"type": "string"},
    "charge": {"type": "string"}, "amount": {"type": "integer"}, "currency": {"type": "string"}}},
  "Booking": {"type": "object", "additionalProperties": false, "required": ["match", "player", "status", "version", "lsn"], "properties": {
    "match": {"$ref": "#/components/schemas/Id"}, "player": {"$ref": "#/components/schemas/Id"},
    "status": {"type": "string", "enum": ["in", "pending", "waitlisted", "cancelled", "cancelling"]},
    "position": {"type": "integer"}, "saga": {"type": "string"}, "payment": {"$ref": "#/components/schemas/Payment"},
    "reference": {"type": "string"}, "metadata": {"$ref": "#/components/schemas/Metadata"},
    "version": {"type": "integer"}, "lsn": {"type": "integer"}}},
  "NewPass": {},
  "NewRevocation": {},
  "Pass": {"type": "object", "additionalProperties": false, "required": ["id", "status", "version", "lsn"], "properties": {
    "id": {"$ref": "#/components/schemas/Id"}, "player": {"type": "string"}, "valid_until": {"type": "string", "format": "date-time"},
    "status": {"type": "string", "enum": ["valid", "revoked"]}, "version": {"type": "integer"}, "lsn": {"type": "integer"}}},
  "NewTransfer": {"type": "object", "additionalProperties": false, "required": ["from", "to", "amount"], "properties": {
    "from": {"$ref": "#/components/schemas/Id"}, "to": {"$ref": "#/components/schemas/Id"},
    "amount": {"$ref": "#/components/schemas/Amount"}}},
  "Transfer": {"type": "object", "additionalProperties": false, "required": ["from", "to", "lsn"], "properties": {
    "from": {"$ref": "#/components/schemas/Wallet"}, "to": {"$ref": "#/components/schemas/Wallet"}, "lsn": {"type": "integer"}}},
  "Commands": {"type": "object", "additionalProperties": false, "required": ["commands"], "properties": {
    "commands": {"type": "array", "items": {"$ref": "#/components/schemas/Command"}, "minItems": 1, "maxItems": 64}}},
  "Command": {"description": "To one entity; paid from the player's own wallet unless `pay` says otherwise", "oneOf": [
    {"type": "object", "additionalProperties": false, "required": ["wallet", "credit"], "properties": {
      "wallet": {"$ref": "#/components/schemas/Id"}, "credit": {"$ref": "#/components/schemas/Amount"},
      "reference": {"$ref": "#/components/schemas/Id"}}},
    {"type": "object", "additionalProperties": false, "required": ["wallet", "debit"], "properties": {
      "wallet": {"$ref": "#/components/schemas/Id"}, "debit": {"$ref": "#/components/schemas/Amount"},
      "reference": {"$ref": "#/components/schemas/Id"}}},
    {"type": "object", "additionalProperties": false, "required": ["wallet", "hold", "amount"], "properties": {
      "wallet": {"$ref": "#/components/schemas/Id"}, "hold": {"$ref": "#/components/schemas/Id"},
      "amount": {"$ref": "#/components/schemas/Amount"},
      "expires_in_s": {"type": "integer", "minimum": 1, "maximum": 31622400}}},
    {"type": "object", "additionalProperties": false, "required": ["item", "pick"], "properties": {
      "item": {"$ref": "#/components/schemas/Id"}, "pick": {"$ref": "#/components/schemas/Amount"}}},
    {"type": "object", "additionalProperties": false, "required": ["item", "restock"], "properties": {
      "item": {"$ref": "#/components/schemas/Id"}, "restock": {"$ref": "#/components/schemas/Amount"}}},
    {"type": "object", "additionalProperties": false, "required": ["item", "reserve", "reservation"], "properties": {
      "item": {"$ref": "#/components/schemas/Id"}, "reserve": {"$ref": "#/components/schemas/Amount"},
      "reservation": {"$ref": "#/components/schemas/Id"},
      "expires_in_s": {"type": "integer", "minimum": 1, "maximum": 31622400}}},
    {"type": "object", "additionalProperties": false, "required": ["match", "book"], "properties": {
      "match": {"$ref": "#/components/schemas/Id"}, "book": {"$ref": "#/components/schemas/Id"},
      "pay": {"$ref": "#/components/schemas/Pay"}, "reference": {"$ref": "#/components/schemas/Reference"},
      "metadata": {"$ref": "#/components/schemas/Metadata"}}}]},
  "Transacted": {"type": "object", "additionalProperties": false, "required": ["lsn", "results"], "properties": {
    "lsn": {"type": "integer"}, "results": {"type": "array", "items": {"anyOf": [{"$ref": "#/components/schemas/Wallet"},
      {"$ref": "#/components/schemas/WalletWithHold"}, {"$ref": "#/components/schemas/Item"},
      {"$ref": "#/components/schemas/ItemWithReservation"}, {"$ref": "#/components/schemas/Booking"}]}}}},
  "Line": {"type": "object", "additionalProperties": false, "required": ["item", "quantity"], "properties": {
    "item": {"$ref": "#/components/schemas/Id"}, "quantity": {"type": "integer", "minimum": 1, "maximum": 1000000000000000}}},
  "OrderPay": {"type": "object", "additionalProperties": false, "required": ["amount"], "properties": {
    "wallet": {"$ref": "#/components/schemas/Id"}, "card": {"$ref": "#/components/schemas/Card"},
    "webhook": {"$ref": "#/components/schemas/Id", "description": "The card webhook that tells when the customer has paid"},
    "method": {"type": "string", "enum": ["card"]},
    "amount": {"$ref": "#/components/schemas/Amount"}, "currency": {"type": "string", "description": "Of a card, or a webhook"}}},
  "NewOrder": {"type": "object", "additionalProperties": false, "required": ["order", "lines", "pay"], "properties": {
    "order": {"$ref": "#/components/schemas/Id"},
    "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}, "minItems": 1, "maxItems": 64},
    "pay": {"$ref": "#/components/schemas/OrderPay"},
    "payee": {"$ref": "#/components/schemas/Payee"}, "fee": {"$ref": "#/components/schemas/Fee"},
    "reference": {"$ref": "#/components/schemas/Reference"},
    "metadata": {"$ref": "#/components/schemas/Metadata"}}},
  "Reference": {"type": "string", "maxLength": 1024, "description": "The client's own; told with the events"},
  "Metadata": {"type": "object", "additionalProperties": {"type": "string"},
    "description": "The client's own; names, values and `reference` are 1024 bytes at most, without control characters"},
  "Order": {"type": "object", "additionalProperties": false,
    "required": ["order", "status", "lines", "pay", "saga", "version", "lsn"], "properties": {
    "order": {"$ref": "#/components/schemas/Id"}, "status": {"type": "string", "enum": ["confirmed", "pending", "failed", "cancelled"]},
    "payee": {"$ref": "#/components/schemas/Payee"}, "fee": {"$ref": "#/components/schemas/Fee"},
    "refunded": {"type": "integer", "description": "Of the amount, once something was"},
    "refunds": {"type": "array", "items": {"$ref": "#/components/schemas/OrderRefund"}},
    "reason": {"type": "string", "description": "Of who cancelled it"},
    "wish": {"type": "string", "enum": ["cancel"], "description": "It is cancelled once its payment is decided"},
    "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}}, "pay": {"$ref": "#/components/schemas/OrderPay"},
    "reference": {"type": "string"}, "metadata": {"$ref": "#/components/schemas/Metadata"},
    "saga": {"type": "string"}, "error": {"type": "string"}, "version": {"type": "integer"}, "lsn": {"type": "integer"}}},
  "Wallets": {"type": "object", "required": ["wallets", "next", "as_of_lsn"], "properties": {
    "wallets": {"type": "array", "maxItems": 1000, "items": {"$ref": "#/components/schemas/Wallet"}},
    "next": {"type": ["string", "null"]}, "as_of_lsn": {"type": "integer"}}},
  "Items": {"type": "object", "required": ["items", "next", "as_of_lsn"], "properties": {
    "items": {"type": "array", "maxItems": 1000, "items": {"$ref": "#/components/schemas/Item"}},
    "next": {"type": ["string", "null"]}, "as_of_lsn": {"type": "integer"}}},
  "Matches": {"type": "object", "required": ["matches", "next", "as_of_lsn"], "properties": {
    "matches": {"type": "array", "maxItems": 1000, "items": {"$ref": "#/components/schemas/Match"}},
    "next": {"type": ["string", "null"]}, "as_of_lsn": {"type": "integer"}}},
  "Passes": {"type": "object", "required": ["passes", "next", "as_of_lsn"], "properties": {
    "passes": {"type": "array", "maxItems": 1000, "items": {"$ref": "#/components/schemas/Pass"}},
    "next": {"type": ["string", "null"]}, "as_of_lsn": {"type": "integer"}}},
  "Orders": {"type": "object", "required": ["orders", "next", "as_of_lsn"], "properties": {
    "orders": {"type": "array", "maxItems": 1000, "items": {"$ref": "#/components/schemas/Order"}},
    "next": {"type": ["string", "null"]}, "as_of_lsn": {"type": "integer"}}},
  "Sagas": {"type": "object", "required": ["sagas", "next", "as_of_lsn"], "properties": {
    "sagas": {"type": "array", "maxItems": 1000, "items": {"$ref": "#/components/schemas/Saga"}},
    "next": {"type": ["string", "null"]}, "as_of_lsn": {"type": "integer"}}},
  "Books": {"type": "object", "required": ["books", "as_of_lsn"], "properties": {
    "books": {"type": "array", "items": {"type": "object", "required": ["currency", "issued", "destroyed", "balances", "held"],
      "properties": {"currency": {"type": "string"}, "issued": {"type": "integer"}, "destroyed": {"type": "integer"},
        "balances": {"type": "integer", "description": "With what is held"}, "held": {"type": "integer"}}}},
    "as_of_lsn": {"type": "integer"}}},
  "Holds": {"type": "object", "required": ["holds", "next"], "properties": {
    "holds": {"type": "array", "maxItems": 1000, "items": {"$ref": "#/components/schemas/Hold"}},
    "next": {"type": ["string", "null"]}}},
  "OrderRefund": {"type": "object", "additionalProperties": false, "properties": {
    "refund": {"type": "string", "description": "Its id; absent: the cancellation"}, "amount": {"type": "integer"},
    "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}}, "reason": {"type": "string"}}},
  "NewRefund": {"type": "object", "additionalProperties": false, "required": ["refund", "reason"], "properties": {
    "refund": {"$ref": "#/components/schemas/Id"},
    "amount": {"$ref": "#/components/schemas/Amount", "description": "All that is left, unless it says otherwise"},
    "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}, "minItems": 1, "maxItems": 64},
    "reason": {"type": "string", "minLength": 1, "maxLength": 256}}},
  "SagaStep": {"type": "object", "additionalProperties": false, "required": ["name", "status", "attempts"], "properties": {
    "name": {"type": "string"}, "status": {"type": "string", "enum": ["pending", "completed", "failed", "compensated"]},
    "attempts": {"type": "integer", "description": "Calls made to the outside"}, "error": {"type": "string"}}},
  "Saga": {"type": "object", "additionalProperties": false, "required": ["id", "kind", "status", "steps"], "properties": {
    "id": {"type": "string"}, "kind": {"type": "string", "enum": ["order", "booking"]},
    "status": {"type": "string", "enum": ["running", "completed", "compensated", "stuck"]},
    "steps": {"type": "array", "items": {"$ref": "#/components/schemas/SagaStep"}},
    "version": {"type": "integer"}, "lsn": {"type": "integer"}}},
  "NewSession": {"type": "object", "additionalProperties": false, "required": ["session", "player"], "properties": {
    "session": {"$ref": "#/components/schemas/Id"}, "player": {"$ref": "#/components/schemas/Id"},
    "wallet": {"$ref": "#/components/schemas/Id"},
    "expires_in_s": {"type": "integer", "minimum": 1, "maximum": 31622400, "description": "3600 when it isn't said"}}},
  "Session": {"type": "object", "additionalProperties": false,
    "required": ["id", "status", "player", "expires_at", "version", "lsn"], "properties": {
    "id": {"$ref": "#/components/schemas/Id"}, "status": {"type": "string", "enum": ["open", "ended", "expired"]},
    "player": {"type": "string"}, "wallet": {"type": "string", "description": "Empty: whichever the provider's settings say"},
    "expires_at": {"type": "string", "format": "date-time"}, "version": {"type": "integer"}, "lsn": {"type": "integer"}}},
  "BetOperation": {"type": "object", "additionalProperties": false,
    "required": ["id", "transaction", "operation", "amount", "lsn", "time"], "properties": {
    "id": {"type": "string"}, "transaction": {"type": ["string", "null"], "description": "The provider's id"},
    "operation": {"type": "string", "enum": ["bet", "win", "lost", "refund", "rollback", "settlement"]},
    "amount": {"type": "integer"}, "parent": {"type": "string", "description": "Of a rollback: what it takes back"},
    "lsn": {"type": "integer"}, "time": {"type": "string", "format": "date-time"}}},
  "Bet": {"type": "object", "additionalProperties": false,
    "required": ["id", "provider", "player", "wallet", "status", "stake", "payout", "currency", "selections", "operations", "version", "lsn"],
    "properties": {
    "id": {"$ref": "#/components/schemas/Id"}, "provider": {"type": "string"}, "player": {"type": ["string", "null"]},
    "wallet": {"type": ["string", "null"]},
    "status": {"type": "string", "enum": ["open", "committed", "won", "lost", "refunded", "cashed_out", "discarded", "tombstoned"]},
    "stake": {"type": "integer"}, "payout": {"type": "integer"}, "currency": {"type": ["string", "null"]},
    "selections": {"type": "array", "items": {"type": "object"}},
    "operations": {"type": "array", "items": {"$ref": "#/components/schemas/BetOperation"}},
    "version": {"type": "integer"}, "lsn": {"type": "integer"}}},
  "Bets": {"type": "object", "required": ["bets", "next", "as_of_lsn"], "properties": {
    "bets": {"type": "array", "maxItems": 1000, "items": {"$ref": "#/components/schemas/Bet"}},
    "next": {"type": ["string", "null"], "description": "after of the next page; null: there is none"}, "as_of_lsn": {"type": "integer"}}},
  "NamedReference": {"type": "object", "additionalProperties": false,
    "required": ["type", "id", "name", "first_seen", "version"], "properties": {
    "type": {"type": "string"}, "id": {"type": "string"}, "name": {"type": ["string", "null"]},
    "first_seen": {"type": "string", "format": "date-time"}, "version": {"type": "integer"}}},
  "References": {"type": "object", "additionalProperties": false, "required": ["references", "next"], "properties": {
    "references": {"type": "array", "items": {"$ref": "#/components/schemas/NamedReference"}},
    "next": {"type": ["string", "null"], "description": "after of the next page; null: there is none"}}},
  "Reason": {"type": "object", "additionalProperties": false, "required": ["reason"], "properties": {
    "reason": {"type": "string", "minLength": 1, "maxLength": 256}}},
  "OptionalReason": {"type": "object", "additionalProperties": false, "properties": {
    "reason": {"type": "string", "minLength": 1, "maxLength": 256}}},
  "Refund": {"type": "object", "additionalProperties": false, "required": ["id", "amount", "currency", "status", "attempts", "created_at"], "properties": {
    "id": {"type": "string"}, "amount": {"type": "integer"}, "currency": {"type": "string"},
    "status": {"type": "string", "enum": ["queued", "sent", "pending_funds", "succeeded", "failed"]},
    "attempts": {"type": "integer"}, "last_error": {"type": "string"}, "created_at": {"type": "string", "format": "date-time"},
    "version": {"type": "integer"}, "lsn": {"type": "integer"}}},
  "PaymentEvent": {"type": "object", "additionalProperties": false,
    "required": ["id", "type", "status", "attempts", "created_at", "result"], "properties": {
    "id": {"$ref": "#/components/schemas/Id"}, "type": {"type": "string"},
    "status": {"type": "string", "enum": ["received", "processed", "ignored", "failed"]},
    "attempts": {"type": "integer"}, "last_error": {"type": "string"},
    "created_at": {"type": "string", "format": "date-time"},
    "result": {"type": "object", "additionalProperties": false, "description": "Empty until it is processed or ignored", "properties": {
      "outcome": {"type": "string", "enum": ["booked", "confirmed", "refunded", "known", "waiting", "released", "woken", "returned",
        "bounced", "frozen", "nothing", "not_ours", "repeated"]},
      "reason": {"type": "string", "description": "Of a refund: the code of what was against a seat or the order"},
      "match": {"type": "string"}, "player": {"type": "string"}, "order": {"type": "string"},
      "payment": {"type": "string"}, "amount": {"type": "integer"}, "currency": {"type": "string"}}},
    "version": {"type": "integer"}, "lsn": {"type": "integer"}}},
  "PaymentEvents": {"type": "object", "additionalProperties": false, "required": ["payment_events", "next"], "properties": {
    "payment_events": {"type": "array", "items": {"$ref": "#/components/schemas/PaymentEvent"}},
    "next": {"type": ["string", "null"]}}},
  "Refunds": {"type": "object", "additionalProperties": false, "required": ["card_payments", "refunds"], "properties": {
    "card_payments": {"type": "string", "enum": ["running", "paused"]},
    "refunds": {"type": "array", "items": {"$ref": "#/components/schemas/Refund"}},
    "version": {"type": "integer"}, "lsn": {"type": "integer"}}},
  "History": {"type": "object", "additionalProperties": false, "required": ["entries", "next"], "properties": {
    "entries": {"type": "array", "items": {"type": "object", "required": ["version", "lsn", "time", "event"]}},
    "next": {"type": ["integer", "null"], "description": "after_version of the next page; null: there is none"}}},
  "Projection": {"type": "object", "additionalProperties": false, "required": ["lsn", "connected", "lag_ms"], "properties": {
    "lsn": {"type": "integer"}, "connected": {"type": "boolean"}, "lag_ms": {"type": "integer", "description": "Since it had everything"},
    "problem": {"type": "string", "description": "Why it stands still"}}},
  "Hot": {"type": "object", "additionalProperties": false, "required": ["window_s", "entities"], "properties": {
    "window_s": {"type": "integer"}, "entities": {"type": "array", "items": {
      "type": "object", "additionalProperties": false, "required": ["kind", "id", "rate", "queue", "p99_ms", "refused", "refusals"],
      "properties": {"tenant": {"$ref": "#/components/schemas/Id"}, "kind": {"type": "string"}, "id": {"$ref": "#/components/schemas/Id"}, "rate": {"type": "number"},
        "queue": {"type": "number"}, "p99_ms": {"type": "number"}, "refused": {"type": "integer"},
        "refusals": {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["code", "count"],
          "properties": {"code": {"type": "string"}, "count": {"type": "integer"}}}}}}}}},
  "Followers": {"type": "object", "additionalProperties": false, "required": ["followers"], "properties": {
    "followers": {"type": "array", "items": {
      "type": "object", "additionalProperties": false,
      "required": ["name", "role", "lsn", "lag_records", "lag_ms", "connected", "told", "failures", "put_aside"], "properties": {
      "name": {"type": "string"}, "role": {"type": "string", "enum": ["projection", "destination"]},
      "lsn": {"type": "integer"}, "lag_records": {"type": "integer"}, "lag_ms": {"type": "integer"}, "connected": {"type": "boolean"},
      "told": {"type": "integer"}, "failures": {"type": "integer"}, "put_aside": {"type": "integer"}, "problem": {"type": "string"}}}}}},
  "Token": {"type": "object", "additionalProperties": false, "required": ["tenant", "role", "name", "open", "server"], "properties": {
    "tenant": {"type": ["string", "null"]}, "server": {"type": "boolean"}, "role": {"type": "string", "enum": ["reader", "writer", "operator", "issuer"]},
    "name": {"type": "string"}, "open": {"type": "boolean"}}},
  "Alerts": {"type": "object", "additionalProperties": false, "required": ["alerts", "total", "next"], "properties": {
    "alerts": {"type": "array", "items": {"type": "object", "additionalProperties": false,
      "required": ["number", "kind", "text", "lasts", "since", "last", "times", "what_to_do"], "properties": {
      "number": {"type": "integer"}, "tenant": {"$ref": "#/components/schemas/Id"}, "kind": {"type": "string"}, "entity": {"type": "string"},
      "text": {"type": "string"}, "lasts": {"type": "boolean"}, "since": {"type": "string", "format": "date-time"},
      "last": {"type": "string", "format": "date-time"}, "times": {"type": "integer"}, "what_to_do": {"type": "string"}}}},
    "total": {"type": "integer"}, "next": {"type": ["integer", "null"]}}},
  "Backup": {"type": "object", "additionalProperties": false, "required": ["status", "age_s"], "properties": {
    "status": {"type": "string", "enum": ["none", "running", "done", "failed"]},
    "name": {"type": "string", "description": "Of its directory"}, "lsn": {"type": "integer", "description": "It has at least everything up to here"},
    "began_at": {"type": "string", "format": "date-time"}, "ended_at": {"type": "string", "format": "date-time"},
    "copied_bytes": {"type": "integer"}, "linked_bytes": {"type": "integer", "description": "From the backup before"},
    "reason": {"type": "string", "description": "Why it failed"}, "age_s": {"type": ["integer", "null"]}}},
  "Tenants": {"type": "object", "additionalProperties": false, "required": ["tenants", "next"], "properties": {
    "tenants": {"type": "array", "items": {"type": "object", "additionalProperties": false,
      "required": ["id", "connections", "requests_in_flight", "streams", "requests", "refused"], "properties": {
      "id": {"$ref": "#/components/schemas/Id"}, "connections": {"type": "integer"}, "requests_in_flight": {"type": "integer"},
      "streams": {"type": "integer"}, "requests": {"type": "integer"}, "refused": {"type": "integer"}}}},
    "next": {"type": ["string", "null"]}}},
  "Cluster": {"type": "object", "additionalProperties": false, "required": ["node", "state", "epoch", "owner", "isr", "nodes"], "properties": {
    "node": {"type": "string"}, "state": {"type": "string", "enum": ["starting", "standing_by", "taking_over", "owner", "stopped"]},
    "epoch": {"type": "integer"}, "owner": {"type": "string", "description": "Empty: nobody yet"},
    "isr": {"type": "array", "items": {"type": "string"}}, "problem": {"type": "string"},
    "nodes": {"type": "array", "items": {"type": "object", "additionalProperties": false,
      "required": ["node", "http", "state", "lsn", "lag_records"], "properties": {
      "node": {"type": "string"}, "http": {"type": "string"},
      "state": {"type": "string", "enum": ["owner", "in_sync", "learner", "away", "removed"]},
      "lsn": {"type": ["integer", "null"]}, "lag_records": {"type": ["integer", "null"]},
      "filled_bytes": {"type": "integer"}, "fill_bytes": {"type": "integer"}}}}}},
  "ClusterNode": {"type": "object", "additionalProperties": false, "required": ["node"], "properties": {
    "node": {"$ref": "#/components/schemas/Id"}}},
  "Overview": {"type": "object", "additionalProperties": false, "required": ["step_s", "columns", "points"], "properties": {
    "step_s": {"type": "integer"}, "columns": {"type": "array", "items": {"type": "string"}},
    "points": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}}},
  "GatewayBalance": {"type": "object", "additionalProperties": false, "required": ["amount"], "properties": {
    "amount": {"type": "integer", "minimum": 0, "maximum": 9000000000000000}}},
  "GatewayEntries": {"type": "array", "items": {"type": "object", "additionalProperties": false,
    "required": ["id", "key", "amount", "currency", "status"], "properties": {
    "id": {"type": "string"}, "key": {"type": "string"}, "amount": {"type": "integer"}, "currency": {"type": "string"},
    "status": {"type": "string", "enum": ["succeeded"]}}}},
  "StoredOutcome": {"type": "object", "additionalProperties": false, "required": ["status", "body", "key", "lsn"], "properties": {
    "status": {"type": "integer"}, "body": {"description": "Exactly the bytes that were answered; of a batch: the list of its lines"},
    "key": {"type": "string"}, "lsn": {"type": "integer"}}},
  "Live": {"type": "object", "additionalProperties": false, "required": ["status"], "properties": {
    "status": {"type": "string", "enum": ["live"]}}},
  "Ready": {"type": "object", "additionalProperties": false, "required": ["ready"], "properties": {
    "ready": {"type": "boolean"}, "reason": {"type": "string", "enum": ["recovering", "log_full", "draining"]},
    "detail": {"type": "string"}}},
  "Version": {"type": "object", "additionalProperties": false, "required": ["name", "version", "instance"], "properties": {
    "name": {"type": "string"}, "version": {"type": "string"}, "instance": {"type": "string"}}},
  "Document": {"type": "object", "required": ["openapi", "info", "paths"]},
  "Problem": {"type": "object", "additionalProperties": false,
    "required": ["type", "title", "status", "detail", "code", "outcome"], "properties": {
    "type": {"type": "string", "description": "/problems/<code>, a page of this server"},
    "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}, "code": {"type": "string"},
    "outcome": {"type": "string", "enum": ["not_executed", "executed", "unknown"]},
    "pointer": {"type": "string", "description": "The member of the body that is wrong, or that names what isn't there (RFC 6901)"},
    "id": {"type": "string", "description": "Of what isn't there, or not enough of"},
    "role": {"type": "string", "enum": ["reader", "writer", "operator", "issuer"], "description": "That the token lacks"},
    "line": {"type": "integer", "description": "Of an order, from 0"},
    "available": {"type": "integer"}, "requested": {"type": "integer"}, "current_version": {"type": "integer"},
    "limit": {"type": "integer"}, "index": {"type": "integer"},
    "lsn": {"type": "integer", "description": "Where the log is damaged"},
    "retention_s": {"type": "integer", "description": "How long keys are remembered"}, "retry_after_s": {"type": "integer"}}}
}
})json";

}  // namespace tote::http
