// Items (API.md, Items).
#include "actors/item/item.h"
#include "adapters/http/asked.h"
#include "adapters/http/decoder.h"
#include "adapters/http/lists.h"
#include "adapters/http/resources.h"
#include "adapters/http/serving.h"

namespace tote::http {
namespace items {
namespace {

bool read_items(Decoder& decoder) { return read_list(decoder, "items", {{Item::kind_id}}, {}); }

constexpr auto rows = table_of({
    {.method = Method::get, .pattern = "/v1/items", .read = read_items, .serving = &by_list, .document = R"json({
      "operationId": "listItems", "tags": ["items"], "summary": "Items, page by page",
      "description": "In the order of their ids, complete as of `as_of_lsn`; each is shown as it is when the page is made. `next` is `after` of the next page; null: there is none.",
      "parameters": [{"$ref": "#/components/parameters/after_id"}, {"$ref": "#/components/parameters/prefix"},
        {"$ref": "#/components/parameters/limit"}],
      "x-kind": "lookup", "x-codes": ["invalid_id"],
      "x-success": {"200": {"description": "One page", "schema": "Items", "example":
        {"items": [], "next": null, "as_of_lsn": 17}}},
      "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/items?limit=0"},
        {"code": "invalid_id", "method": "GET", "path": "/v1/items?prefix=%20"}]
    })json"},
    {.method = Method::put,
     .pattern = "/v1/items/{id}",
     .kind = Item::kind_id,
     .command = read_command<Item, Item::Open>,
     .body_schema = body_schema<Item::Open>,
     .document = R"json({
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
    })json"},
    {.method = Method::get, .pattern = "/v1/items/{id}", .kind = Item::kind_id, .document = R"json({
      "operationId": "readItem", "tags": ["items"], "summary": "Read an item",
      "parameters": [{"$ref": "#/components/parameters/item"}],
      "x-kind": "read", "x-codes": ["not_found"],
      "x-success": {"200": {"description": "The item", "schema": "Item", "example":
        {"id": "sku1", "on_hand": 10, "reserved": 2, "available": 8, "version": 4, "lsn": 21}}},
      "x-before": [{"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 5}}],
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/items/nothing"}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/items/{id}/restocks",
     .kind = Item::kind_id,
     .command = read_command<Item, Item::Restock>,
     .body_schema = body_schema<Item::Restock>,
     .document = R"json({
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
    })json"},
    {.method = Method::post,
     .pattern = "/v1/items/{id}/picks",
     .kind = Item::kind_id,
     .command = read_command<Item, Item::Pick>,
     .body_schema = body_schema<Item::Pick>,
     .document = R"json({
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
    })json"},
    {.method = Method::post,
     .pattern = "/v1/items/{id}/reservations",
     .kind = Item::kind_id,
     .command = read_command<Item, Item::Reserve>,
     .body_schema = body_schema<Item::Reserve>,
     .document = R"json({
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
    })json"},
    {.method = Method::post,
     .pattern = "/v1/items/{id}/reservations/{reservation}/commit",
     .kind = Item::kind_id,
     .command = read_command<Item, Item::Commit, &Item::Commit::reservation>,
     .body = Body::optional,
     .document = R"json({
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
    })json"},
    {.method = Method::post,
     .pattern = "/v1/items/{id}/reservations/{reservation}/release",
     .kind = Item::kind_id,
     .command = read_command<Item, Item::Release, &Item::Release::reservation>,
     .body = Body::optional,
     .document = R"json({
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
    })json"},
    {.method = Method::get,
     .pattern = "/v1/items/{id}/history",
     .kind = Item::kind_id,
     .read = read_history,
     .serving = &by_history,
     .document = R"json({
      "operationId": "readItemHistory", "tags": ["items"], "summary": "How the item came to be",
      "parameters": [{"$ref": "#/components/parameters/item"}, {"$ref": "#/components/parameters/after_version"},
        {"$ref": "#/components/parameters/limit"}],
      "x-kind": "lookup", "x-codes": ["not_found", "invalid_id"],
      "x-success": {"200": {"description": "Its events, oldest first", "schema": "History", "example":
        {"entries": [{"version": 1, "lsn": 1, "time": "2026-01-02T03:04:05.678Z", "event": "opened", "quantity": 5,
          "on_hand": 5, "reserved": 0, "available": 5}], "next": null}}},
      "x-before": [{"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 5}}],
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/items/nothing/history"}]
    })json"},
});

}  // namespace
}  // namespace items

std::span<const Route> item_routes() { return items::rows; }

}  // namespace tote::http
