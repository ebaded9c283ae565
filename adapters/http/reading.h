// What a request says about entities, on its way to a command.
#pragma once

#include <string>

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
  Role needs = Role::reader;  // because of what the body says; raised by a reader
};

// The readers that batches have in common with routes.
void read_transfer(Reading& reading);
void read_transaction(Reading& reading);
void read_order_place(Reading& reading);
void read_batch_command(Reading& reading);  // one line of POST /v1/batch

}  // namespace tote::http
