#include "adapters/http/openapi_parts.h"

namespace tote::http {

const std::string_view openapi_orders = R"json({
"/v1/transfers": {
  "post": {
    "operationId": "transfer", "tags": ["transactions"], "summary": "Move money between two wallets",
    "description": "Whole or not at all, one record.",
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/NewTransfer"}, "example": {"from": "alice", "to": "bob", "amount": 5}}}},
    "x-kind": "command", "x-codes": ["same_wallet", "not_found", "currency_mismatch", "insufficient_funds", "balance_limit"],
    "x-success": {"200": {"description": "Both wallets", "schema": "Transfer", "example":
      {"from": {"id": "alice", "currency": "EUR", "balance": 95, "held": 0, "available": 95, "version": 3, "lsn": 4},
       "to": {"id": "bob", "currency": "EUR", "balance": 5, "held": 0, "available": 5, "version": 2, "lsn": 4}, "lsn": 4}}},
    "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
      {"method": "PUT", "path": "/v1/wallets/bob", "body": {"currency": "EUR"}}],
    "x-provoke": [
      {"code": "same_wallet", "method": "POST", "path": "/v1/transfers", "body": {"from": "alice", "to": "alice", "amount": 5}},
      {"code": "not_found", "method": "POST", "path": "/v1/transfers", "body": {"from": "alice", "to": "bob", "amount": 5}},
      {"code": "currency_mismatch", "before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
        {"method": "PUT", "path": "/v1/wallets/bob", "body": {"currency": "JPY"}}],
       "method": "POST", "path": "/v1/transfers", "body": {"from": "alice", "to": "bob", "amount": 5}},
      {"code": "insufficient_funds", "before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
        {"method": "PUT", "path": "/v1/wallets/bob", "body": {"currency": "EUR"}}],
       "method": "POST", "path": "/v1/transfers", "body": {"from": "alice", "to": "bob", "amount": 5}}]
  }
},
"/v1/transactions": {
  "post": {
    "operationId": "transact", "tags": ["transactions"], "summary": "Several commands, all or nothing",
    "description": "1 to 64 commands, in order; entities may repeat. A refusal names the command's `index`. Each is one of: {wallet, credit | debit, reference?}, {wallet, hold, amount, expires_in_s?}, {item, pick | restock}, {item, reserve, reservation, expires_in_s?}, {match, book, pay?, reference?, metadata?} (paid from the player's wallet unless `pay` says otherwise).",
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/Commands"}, "example":
        {"commands": [{"wallet": "alice", "debit": 300}, {"item": "sku1", "pick": 2}, {"match": "thu", "book": "alice"}]}}}},
    "x-kind": "command",
    "x-codes": ["insufficient_funds", "payment_required", "not_found", "balance_limit", "hold_exists", "out_of_stock",
      "stock_limit", "reservation_exists", "match_full", "already_booked", "sales_closed", "currency_mismatch", "too_many_attempts"],
    "x-success": {"200": {"description": "What each command's entity is after all of them", "schema": "Transacted", "example":
      {"lsn": 7, "results": [{"id": "sku1", "on_hand": 8, "reserved": 0, "available": 8, "version": 2, "lsn": 7}]}}},
    "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 1000}},
      {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
      {"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 1, "price": {"amount": 500, "currency": "EUR"}}}],
    "x-provoke": [
      {"code": "out_of_stock", "before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 1000}},
        {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 1}}],
       "method": "POST", "path": "/v1/transactions", "body": {"commands": [{"wallet": "alice", "debit": 300}, {"item": "sku1", "pick": 2}]}},
      {"code": "invalid_request", "method": "POST", "path": "/v1/transactions", "body": {"commands": []}}]
  }
},
"/v1/orders": {
  "post": {
    "operationId": "placeOrder", "tags": ["orders"], "summary": "Buy items at once",
    "description": "A refusal because of an item names its `line` (from 0), the `pointer` to it and its `id`. From a wallet: 201, all of it one transaction; a refusal leaves the order as `failed`. By card: 202, the items are reserved while the card is charged; look at the order or at its saga. An order that failed may be placed again.",
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/NewOrder"}, "example":
        {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 3000}}}}},
    "x-kind": "command", "x-codes": ["insufficient_funds", "payment_declined", "not_found", "out_of_stock", "order_exists", "payments_paused"],
    "x-success": {
      "201": {"description": "The order is confirmed", "schema": "Order", "example":
        {"order": "o1", "status": "confirmed", "version": 1, "lsn": 5, "lines": [{"item": "sku1", "quantity": 2}],
         "pay": {"wallet": "alice", "amount": 3000}, "saga": "order:o1"}},
      "202": {"description": "The card is being charged", "schema": "Order", "example":
        {"order": "o1", "status": "pending", "version": 1, "lsn": 5, "lines": [{"item": "sku1", "quantity": 2}],
         "pay": {"method": "card", "amount": 3000, "currency": "EUR"}, "saga": "order:o1"}}},
    "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 5000}},
      {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}}],
    "x-provoke": [
      {"code": "order_exists", "before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 5000}},
        {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
        {"method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 30}}}],
       "method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 30}}},
      {"code": "out_of_stock", "before": [{"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 1}}],
       "method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 30}}}]
  }
},
"/v1/orders/{id}": {
  "get": {
    "operationId": "readOrder", "tags": ["orders"], "summary": "Read an order",
    "parameters": [{"$ref": "#/components/parameters/order"}],
    "x-kind": "read", "x-codes": ["not_found"],
    "x-success": {"200": {"description": "The order", "schema": "Order", "example":
      {"order": "o1", "status": "failed", "version": 1, "lsn": 5, "lines": [{"item": "sku1", "quantity": 2}],
       "pay": {"wallet": "alice", "amount": 3000}, "saga": "order:o1", "error": "insufficient_funds"}}},
    "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 5000}},
      {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
      {"method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 30}}}],
    "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/orders/none"}]
  }
},
"/v1/sagas/{saga}": {
  "get": {
    "operationId": "readSaga", "tags": ["orders"], "summary": "How far a saga has come",
    "description": "Ids are order:<order> and booking:<number>.",
    "parameters": [{"$ref": "#/components/parameters/saga"}],
    "x-kind": "read", "x-codes": ["not_found"],
    "x-success": {"200": {"description": "The saga and its steps", "schema": "Saga", "example":
      {"id": "order:o1", "kind": "order", "status": "completed", "version": 1, "lsn": 5,
       "steps": [{"name": "reserve", "status": "completed", "attempts": 0}, {"name": "charge", "status": "completed", "attempts": 2}]}}},
    "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 5000}},
      {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
      {"method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 30}}}],
    "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/sagas/order:none"}]
  }
},
"/v1/sagas/{saga}/retry": {
  "post": {
    "operationId": "retrySaga", "tags": ["orders"], "summary": "Try a stuck saga's step again",
    "parameters": [{"$ref": "#/components/parameters/saga"}],
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/Reason"}, "example": {"reason": "the provider is back"}}}},
    "x-kind": "change", "x-codes": ["not_found", "saga_not_stuck"], "x-example": "refused",
    "x-success": {"200": {"description": "The saga goes on", "schema": "Saga", "example":
      {"id": "order:o1", "kind": "order", "status": "running", "version": 9, "lsn": 5, "steps": []}}},
    "x-provoke": [{"code": "not_found", "method": "POST", "path": "/v1/sagas/order:none/retry", "body": {"reason": "x"}},
      {"code": "saga_not_stuck", "before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 5000}},
        {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
        {"method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 30}}}],
       "method": "POST", "path": "/v1/sagas/order:o1/retry", "body": {"reason": "x"}}]
  }
},
"/v1/sagas/{saga}/skip": {
  "post": {
    "operationId": "skipSaga", "tags": ["orders"], "summary": "Leave a stuck saga's step undone",
    "description": "Somebody has done by hand what the step can't: the reason is kept.",
    "parameters": [{"$ref": "#/components/parameters/saga"}],
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/Reason"}, "example": {"reason": "refunded by hand"}}}},
    "x-kind": "change", "x-codes": ["not_found", "saga_not_stuck"], "x-example": "refused",
    "x-success": {"200": {"description": "The saga goes on", "schema": "Saga", "example":
      {"id": "order:o1", "kind": "order", "status": "compensated", "version": 9, "lsn": 5, "steps": []}}},
    "x-provoke": [{"code": "not_found", "method": "POST", "path": "/v1/sagas/order:none/skip", "body": {"reason": "x"}}]
  }
},
"/v1/refunds": {
  "get": {
    "operationId": "readRefunds", "tags": ["payments"], "summary": "The refund queue",
    "description": "The newest 1000, newest first.",
    "parameters": [{"$ref": "#/components/parameters/refund_status"}],
    "x-kind": "lookup",
    "x-success": {"200": {"description": "The refunds", "schema": "Refunds", "example":
      {"card_payments": "running", "refunds": [{"id": "b-17", "amount": 500, "currency": "EUR", "status": "pending_funds",
        "attempts": 2, "last_error": "the balance is too low", "created_at": "2026-01-02T03:04:05.678Z"}]}}},
    "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/refunds?status=lost"}]
  }
},
"/v1/refunds/{id}/retry": {
  "post": {
    "operationId": "retryRefund", "tags": ["payments"], "summary": "Try a refund again",
    "description": "One that has failed, with a new key at the provider; one that waits for funds, without waiting any longer.",
    "parameters": [{"$ref": "#/components/parameters/refund"}],
    "requestBody": {"required": false, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/OptionalReason"}, "example": {"reason": "the player has a new card"}}}},
    "x-kind": "command", "x-codes": ["not_found", "refund_not_failed"], "x-example": "refused",
    "x-success": {"200": {"description": "It is queued", "schema": "Refund", "example":
      {"id": "b-17", "amount": 500, "currency": "EUR", "status": "sent", "attempts": 3,
       "created_at": "2026-01-02T03:04:05.678Z", "version": 5, "lsn": 9}}},
    "x-provoke": [{"code": "not_found", "method": "POST", "path": "/v1/refunds/none/retry", "body": {}}]
  }
},
"/v1/payments/resume": {
  "post": {
    "operationId": "resumePayments", "tags": ["payments"], "summary": "Accept cards again",
    "description": "Three refunds that wait for funds pause the tenant's card payments until this. Those that wait are tried again at once.",
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/Reason"}, "example": {"reason": "the account is filled"}}}},
    "x-kind": "command",
    "x-success": {"200": {"description": "Card payments run", "schema": "Refunds", "example":
      {"card_payments": "running", "refunds": []}}}
  }
},
"/test-gateway/balance": {
  "put": {
    "operationId": "setGatewayBalance", "tags": ["test gateway"], "summary": "What the test gateway can refund from",
    "description": "Only with --gateway test. Each tenant has its own; charges add to it.",
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/GatewayBalance"}, "example": {"amount": 10000}}}},
    "x-kind": "gateway", "x-codes": ["invalid_request", "not_found"],
    "x-success": {"200": {"description": "It is set", "schema": "GatewayBalance", "example": {"amount": 10000}}},
    "x-provoke": [{"code": "invalid_request", "method": "PUT", "path": "/test-gateway/balance", "body": {"amount": -1}}]
  }
},
"/test-gateway/charges": {
  "get": {
    "operationId": "readGatewayCharges", "tags": ["test gateway"], "summary": "What the test gateway has charged",
    "x-kind": "gateway", "x-codes": ["not_found"],
    "x-success": {"200": {"description": "Oldest first", "schema": "GatewayEntries", "example":
      [{"id": "ch_1", "key": "default/order:o1:17:charge", "amount": 700, "currency": "EUR", "status": "succeeded"}]}}
  }
},
"/test-gateway/refunds": {
  "get": {
    "operationId": "readGatewayRefunds", "tags": ["test gateway"], "summary": "What the test gateway has paid back",
    "x-kind": "gateway", "x-codes": ["not_found"],
    "x-success": {"200": {"description": "Oldest first", "schema": "GatewayEntries", "example": []}}
  }
}
})json";

}  // namespace tote::http
