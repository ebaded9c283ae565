// Orders, and the sagas of orders and of bookings by card (API.md, Transactions and orders).
#include <algorithm>

#include "actors/match/card_booking.h"
#include "actors/order/give_back.h"
#include "actors/order/place.h"
#include "adapters/http/amounts.h"
#include "adapters/http/decoder.h"
#include "adapters/http/labels.h"
#include "adapters/http/lists.h"
#include "adapters/http/payee.h"
#include "adapters/http/resources.h"
#include "adapters/http/serving.h"
#include "engine/kernel/name.h"

namespace tote::http {
namespace {

constexpr std::size_t card_token_bytes_max = 255;
constexpr std::size_t reason_bytes_max = 256;

void read_pay(Reading& reading, OrderPlan::Input& order) {
  JsonObject& body = reading.body;
  JsonObject pay = body.object("pay");
  if (pay.has("wallet")) {
    order.wallet = pay.id("wallet");
  } else if (pay.has("card")) {
    JsonObject card = pay.object("card");
    order.card_token = card.words("token", card_token_bytes_max);
    card.finish();
    if (!reading.accepts_cards) pay.refuse("card", "can't be charged: this server has no payment gateway");
    order.currency = read_currency(pay, "currency");
  } else if (pay.has("webhook")) {
    order.webhook = pay.id("webhook");
    if (!order.webhook.empty() && !reading.is_told_by(order.webhook))
      pay.refuse("webhook", "isn't the name of a card webhook of this server");
    order.currency = read_currency(pay, "currency");
  } else {
    body.refuse("pay", "must name a wallet, a card or a webhook");
  }
  order.amount = read_amount(pay);
  pay.finish();
}

// "order:o1", "booking:17". `view`: what asks for it as a saga.
bool read_saga_name(Decoder& decoder, std::string& public_id, saga::View& view) {
  if (!percent_decode(decoder.match.raw[0], public_id) || public_id.empty() ||
      !std::all_of(public_id.begin(), public_id.end(), is_id_char))
    return decoder.refuse(Problem(Code::invalid_id));
  view = saga::view_public<Order, CardBooking>(public_id);
  if (!view.question || !is_valid_id(view.id)) {
    Problem problem(problem::not_found, "There is no such saga.");
    problem.id = public_id;
    return decoder.refuse(std::move(problem));
  }
  if (!decoder.check_query()) return false;
  decoder.out.request.kind = view.kind;
  decoder.out.request.entity = view.id;
  return true;
}

bool read_saga(Decoder& decoder) {
  std::string public_id;
  saga::View view;
  if (!read_saga_name(decoder, public_id, view)) return false;
  decoder.ask(std::move(view.question));
  return decoder.read_state();
}

template <saga::Remedy remedy>
bool read_remedy(Decoder& decoder) {
  std::string public_id;
  saga::View view;
  if (!read_saga_name(decoder, public_id, view) || !decoder.parse_body(Body::required)) return false;
  JsonObject body(decoder.json);
  const std::string reason(body.words("reason", reason_bytes_max));
  auto operation = saga::operate_public<Order, CardBooking>(public_id, remedy, reason);
  Request& request = decoder.out.request;
  request.kind = operation.kind;
  request.entity = operation.id;
  request.command = Command(std::move(operation.script));
  return body.finish() || decoder.refuse_body();
}

}  // namespace

void read_order_place(Reading& reading) {
  std::string id(reading.body.id("order"));
  OrderPlan::Input order;
  for (JsonObject& line : reading.body.objects("lines", order_lines_max)) {
    std::string item(line.id("item"));
    order.lines.push_back({std::move(item), read_quantity(line, "quantity")});
    line.finish();
  }
  read_pay(reading, order);
  order.payee = read_payee(reading.body, order.amount);
  order.labels = share(read_labels(reading.body));
  reading.request.entity = id;
  reading.request.command = place_order(std::move(id), std::move(order));
}

namespace {

void read_refund(Reading& reading) {
  OrderReturns::Command refund;
  refund.refund = reading.body.id("refund");
  if (reading.body.has("amount")) refund.amount = read_amount(reading.body);
  if (reading.body.has("lines"))
    for (JsonObject& line : reading.body.objects("lines", order_lines_max)) {
      std::string item(line.id("item"));
      refund.lines.push_back({std::move(item), read_quantity(line, "quantity")});
      line.finish();
    }
  refund.reason = reading.body.words("reason", OrderReturns::reason_bytes_max);
  reading.request.command = refund_order(reading.first, std::move(refund));
}

void read_order_cancel(Reading& reading) {
  std::string reason;
  if (reading.body.has("reason")) reason = reading.body.words("reason", OrderReturns::reason_bytes_max);
  reading.request.command = cancel_order(reading.first, std::move(reason));
}

bool read_orders(Decoder& decoder) {
  return read_list(decoder, "orders", {{Order::kind_id}}, {"pending", "confirmed", "failed", "cancelled"});
}

// In the order of their public ids.
bool read_sagas(Decoder& decoder) {
  return read_list(decoder, "sagas",
                   {{CardBooking::kind_id, "booking:", [] { return Command(CardBooking::Question{}); }, "stuck"},
                    {Order::kind_id, "order:", [] { return Command(Order::Question{}); }, "stuck"}},
                   {"running", "completed", "compensated", "stuck"});
}

constexpr auto order_rows = table_of({
    {.method = Method::get, .pattern = "/v1/orders", .read = read_orders, .serving = &by_list, .document = R"json({
      "operationId": "listOrders", "tags": ["orders"], "summary": "Orders, page by page",
      "description": "In the order of their ids, complete as of `as_of_lsn`; each is shown as it is when the page is made. With a `status` a page may be short, or empty, and isn't the last while `next` isn't null. `next` is `after` of the next page; null: there is none.",
      "parameters": [{"$ref": "#/components/parameters/order_status"}, {"$ref": "#/components/parameters/after_id"}, {"$ref": "#/components/parameters/prefix"},
        {"$ref": "#/components/parameters/limit"}],
      "x-kind": "lookup", "x-codes": ["invalid_id"],
      "x-success": {"200": {"description": "One page", "schema": "Orders", "example":
        {"orders": [], "next": null, "as_of_lsn": 17}}},
      "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/orders?limit=0"},
        {"code": "invalid_id", "method": "GET", "path": "/v1/orders?prefix=%20"}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/orders",
     .kind = Order::kind_id,
     .command = read_order_place,
     .document = R"json({
      "operationId": "placeOrder", "tags": ["orders"], "summary": "Buy items at once",
      "description": "A refusal because of an item names its `line` (from 0), the `pointer` to it and its `id`. From a wallet: 201, all of it one transaction; a refusal leaves the order as `failed`. By card: 202, the items are reserved while the card is charged; by webhook: 202, they are reserved until the provider says that the customer has paid, or won't, 25 hours at most; look at the order or at its saga. An order that failed may be placed again.",
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/NewOrder"}, "example":
          {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 3000}}}}},
      "x-kind": "command", "x-version": "answered", "x-codes": ["insufficient_funds", "payment_declined", "not_found", "out_of_stock", "order_exists", "payments_paused",
        "currency_mismatch", "wallet_frozen", "wallet_closed", "balance_limit"],
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
        {"code": "currency_mismatch", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 5000}},
          {"method": "PUT", "path": "/v1/wallets/club", "body": {"currency": "JPY"}},
          {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}}],
         "method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}],
           "pay": {"wallet": "alice", "amount": 30}, "payee": {"wallet": "club"}}},
        {"code": "order_exists", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 5000}},
          {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
          {"method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 30}}}],
         "method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 30}}},
        {"code": "out_of_stock", "before": [{"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 1}}],
         "method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 30}}}]
    })json"},
    {.method = Method::get, .pattern = "/v1/orders/{id}", .kind = Order::kind_id, .document = R"json({
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
    })json"},
    {.method = Method::post,
     .pattern = "/v1/orders/{id}/refunds",
     .kind = Order::kind_id,
     .command = read_refund,
     .role = Role::operator_,
     .document = R"json({
      "operationId": "refundOrder", "tags": ["orders"], "summary": "Give back a part of an order",
      "description": "`amount` is the money, all that is left unless it says otherwise: to the wallet at once, to a card through the refund queue. `lines` is what goes back into stock. What a payee got is taken back, the fee last.",
      "parameters": [{"$ref": "#/components/parameters/order"}],
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/NewRefund"}, "example":
          {"refund": "r1", "amount": 10, "lines": [{"item": "sku1", "quantity": 1}], "reason": "one was broken"}}}},
      "x-kind": "change", "x-codes": ["not_found", "refund_exceeds_order", "refund_exists", "order_not_confirmed", "too_many_refunds",
        "wallet_closed", "balance_limit", "stock_limit"],
      "x-success": {"201": {"description": "The order with what went back", "schema": "Order", "example":
        {"order": "o1", "status": "confirmed", "version": 2, "lsn": 6, "lines": [{"item": "sku1", "quantity": 2}],
         "pay": {"wallet": "alice", "amount": 30}, "saga": "order:o1", "refunded": 10,
         "refunds": [{"refund": "r1", "amount": 10, "lines": [{"item": "sku1", "quantity": 1}], "reason": "one was broken"}]}}},
      "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 5000}},
        {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
        {"method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 30}}}],
      "x-provoke": [
        {"code": "not_found", "method": "POST", "path": "/v1/orders/none/refunds", "body": {"refund": "r1", "reason": "x"}},
        {"code": "refund_exceeds_order", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 5000}},
          {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
          {"method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 30}}}],
         "method": "POST", "path": "/v1/orders/o1/refunds", "body": {"refund": "r1", "amount": 31, "reason": "x"}},
        {"code": "refund_exists", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 5000}},
          {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
          {"method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 30}}},
          {"method": "POST", "path": "/v1/orders/o1/refunds", "body": {"refund": "r1", "amount": 3, "reason": "x"}}],
         "method": "POST", "path": "/v1/orders/o1/refunds", "body": {"refund": "r1", "amount": 4, "reason": "x"}},
        {"code": "order_not_confirmed", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 5000}},
          {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
          {"method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 30}}},
          {"method": "POST", "path": "/v1/orders/o1/cancel", "body": {"reason": "x"}}],
         "method": "POST", "path": "/v1/orders/o1/refunds", "body": {"refund": "r1", "reason": "x"}}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/orders/{id}/cancel",
     .kind = Order::kind_id,
     .command = read_order_cancel,
     .body = Body::optional,
     .role = Role::operator_,
     .document = R"json({
      "operationId": "cancelOrder", "tags": ["orders"], "summary": "Cancel an order",
      "description": "All that is left of it goes back, money and goods. One that waits for a payment by webhook fails; while a card is charged: 202, it is undone once that is decided.",
      "parameters": [{"$ref": "#/components/parameters/order"}],
      "requestBody": {"required": false, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/OptionalReason"}, "example": {"reason": "asked by the customer"}}}},
      "x-kind": "change", "x-codes": ["not_found", "order_not_confirmed", "wallet_closed", "balance_limit", "stock_limit"],
      "x-success": {"200": {"description": "It is cancelled", "schema": "Order", "example":
        {"order": "o1", "status": "cancelled", "version": 2, "lsn": 6, "lines": [{"item": "sku1", "quantity": 2}],
         "pay": {"wallet": "alice", "amount": 30}, "saga": "order:o1", "reason": "asked by the customer", "refunded": 30,
         "refunds": [{"amount": 30, "lines": [{"item": "sku1", "quantity": 2}], "reason": "asked by the customer"}]}},
        "202": {"description": "Its card is being charged: it is cancelled once that is decided", "schema": "Order", "example":
        {"order": "o1", "status": "pending", "version": 2, "lsn": 6, "lines": [{"item": "sku1", "quantity": 2}],
         "pay": {"method": "card", "amount": 30, "currency": "EUR"}, "saga": "order:o1", "wish": "cancel"}}},
      "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 5000}},
        {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
        {"method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 30}}}],
      "x-provoke": [
        {"code": "not_found", "method": "POST", "path": "/v1/orders/none/cancel", "body": {}}]
    })json"},
    {.method = Method::get,
     .pattern = "/v1/orders/{id}/history",
     .kind = Order::kind_id,
     .read = read_history,
     .serving = &by_history,
     .document = R"json({
      "operationId": "readOrderHistory", "tags": ["orders"], "summary": "How the order came to be",
      "parameters": [{"$ref": "#/components/parameters/order"}, {"$ref": "#/components/parameters/after_version"},
        {"$ref": "#/components/parameters/limit"}],
      "x-kind": "lookup", "x-codes": ["not_found", "invalid_id"],
      "x-success": {"200": {"description": "Its events, oldest first", "schema": "History", "example":
        {"entries": [{"version": 2, "lsn": 6, "time": "2026-01-02T03:04:05.678Z", "event": "refunded", "refund": "r1",
          "amount": 10, "reason": "one was broken", "actor": "cleo"}], "next": null}}},
      "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 5000}},
        {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
        {"method": "POST", "path": "/v1/orders", "body": {"order": "o1", "lines": [{"item": "sku1", "quantity": 2}], "pay": {"wallet": "alice", "amount": 30}}}],
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/orders/none/history"}]
    })json"},
    {.method = Method::get, .pattern = "/v1/sagas", .read = read_sagas, .serving = &by_list, .document = R"json({
      "operationId": "listSagas", "tags": ["orders"], "summary": "Sagas, page by page; with status=stuck those that wait for an operator",
      "description": "In the order of their ids, complete as of `as_of_lsn`; each is shown as it is when the page is made. With a `status` a page may be short, or empty, and isn't the last while `next` isn't null; with `stuck` it has as many as there are, up to `limit`. `next` is `after` of the next page; null: there is none.",
      "parameters": [{"$ref": "#/components/parameters/saga_status"}, {"$ref": "#/components/parameters/after_id"}, {"$ref": "#/components/parameters/prefix"},
        {"$ref": "#/components/parameters/limit"}],
      "x-kind": "lookup", "x-codes": ["invalid_id"],
      "x-success": {"200": {"description": "One page", "schema": "Sagas", "example":
        {"sagas": [], "next": null, "as_of_lsn": 17}}},
      "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/sagas?limit=0"},
        {"code": "invalid_id", "method": "GET", "path": "/v1/sagas?prefix=%20"}]
    })json"},
    {.method = Method::get,
     .pattern = "/v1/sagas/{saga}",
     .read = read_saga,
     .append = append_saga,
     .document = R"json({
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
    })json"},
    {.method = Method::post,
     .pattern = "/v1/sagas/{saga}/retry",
     .read = read_remedy<saga::Remedy::retry>,
     .role = Role::operator_,
     .document = R"json({
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
    })json"},
    {.method = Method::post,
     .pattern = "/v1/sagas/{saga}/skip",
     .read = read_remedy<saga::Remedy::skip>,
     .role = Role::operator_,
     .document = R"json({
      "operationId": "skipSaga", "tags": ["orders"], "summary": "Leave a stuck saga's step undone",
      "description": "Somebody has done by hand what the step can't: the reason is kept.",
      "parameters": [{"$ref": "#/components/parameters/saga"}],
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/Reason"}, "example": {"reason": "refunded by hand"}}}},
      "x-kind": "change", "x-codes": ["not_found", "saga_not_stuck"], "x-example": "refused",
      "x-success": {"200": {"description": "The saga goes on", "schema": "Saga", "example":
        {"id": "order:o1", "kind": "order", "status": "compensated", "version": 9, "lsn": 5, "steps": []}}},
      "x-provoke": [{"code": "not_found", "method": "POST", "path": "/v1/sagas/order:none/skip", "body": {"reason": "x"}}]
    })json"},
});

}  // namespace

std::span<const Route> order_routes() { return order_rows; }

}  // namespace tote::http
