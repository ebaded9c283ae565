// How requests about entities are read: one row an endpoint, and one file of bodies (…_bodies.cc) a resource.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/http/json_reader.h"
#include "adapters/http/routes.h"
#include "engine/request.h"

namespace tote::http {

// One request on its way: ids in the path are valid, the body is parsed. A reader sets command, and kind and entity
// where they aren't those of its row. On an error the document has failed, and what was set means nothing.
struct Reading {
  std::string& first;  // ids in the path
  std::string& second;
  JsonObject body;
  Request& request;
  bool accepts_cards = false;
};
using Reader = void (*)(Reading& reading);

enum class Body : std::uint8_t {
  none,
  required,
  optional,  // an empty one means {}
};

struct Resource {
  Endpoint endpoint{};
  KindId kind = 0;
  std::uint8_t ids = 0;  // in the path
  Body body = Body::none;
  Reader reader = nullptr;  // null: a read
};

// Null: the endpoint isn't about entities.
const Resource* resource_of(Endpoint endpoint);

// -- readers, by resource
void read_wallet_open(Reading& reading);
void read_wallet_credit(Reading& reading);
void read_wallet_debit(Reading& reading);
void read_wallet_hold(Reading& reading);
void read_wallet_capture(Reading& reading);
void read_wallet_release(Reading& reading);

void read_item_open(Reading& reading);
void read_item_restock(Reading& reading);
void read_item_pick(Reading& reading);
void read_item_reserve(Reading& reading);
void read_item_commit(Reading& reading);
void read_item_release(Reading& reading);

void read_match_open(Reading& reading);
void read_match_book(Reading& reading);
void read_match_cancel(Reading& reading);
void read_match_join(Reading& reading);
void read_match_leave(Reading& reading);

void read_pass_open(Reading& reading);
void read_pass_revoke(Reading& reading);

void read_transfer(Reading& reading);
void read_transaction(Reading& reading);
void read_batch_command(Reading& reading);  // one line of POST /v1/batch

void read_order_place(Reading& reading);
void read_refund_retry(Reading& reading);
void read_payments_resume(Reading& reading);

// "order:o1", "booking:17": false when it names no saga. An entity is valid for as long as `public_id`.
bool read_saga_id(std::string_view public_id, KindId& kind, std::string_view& id);
void read_saga_retry(std::string_view public_id, Reading& reading);
void read_saga_skip(std::string_view public_id, Reading& reading);

}  // namespace tote::http
