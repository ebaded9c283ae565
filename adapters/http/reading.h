// What a request says about entities, on its way to a command.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "adapters/http/json_reader.h"
#include "adapters/http/role.h"
#include "engine/request.h"

namespace tote::http {

// Ids in the path are valid, the body is parsed. A reader sets command, and kind and entity where they aren't those of
// its route. On an error the document has failed, and what was set means nothing.
struct Reading {
  std::string& first;  // ids in the path
  std::string& second;
  JsonObject body;
  Request& request;
  bool accepts_cards = false;
  std::span<const std::string> card_webhooks{};  // by which payments are told that are made outside
  Role needs = Role::reader;                     // because of what the body says; raised by a reader

  bool is_told_by(std::string_view webhook) const {
    return std::find(card_webhooks.begin(), card_webhooks.end(), webhook) != card_webhooks.end();
  }
};

// The readers that batches have in common with routes.
void read_transfer(Reading& reading);
void read_transaction(Reading& reading);
void read_order_place(Reading& reading);
void read_batch_command(Reading& reading);  // one line of POST /v1/batch

}  // namespace tote::http
