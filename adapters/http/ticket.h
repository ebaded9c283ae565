// What the door keeps of a request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "adapters/http/decode.h"
#include "adapters/http/problems.h"
#include "adapters/http/quotas.h"
#include "adapters/http/request_headers.h"
#include "adapters/http/role.h"
#include "adapters/http/routes.h"
#include "adapters/server/handler.h"

namespace tote::http {

using server::Exchange, server::Owner;

// Until its answer is written.
struct Ticket final : Exchange {
  void reset() override;

  // Of its header; views into the message, as long as that is there.
  Target target{};
  RouteMatch match{};
  const Route* route = nullptr;      // null: none
  std::size_t tenant = 0;            // index into the tenants given, without tokens 0
  bool is_of_server = false;         // an operator of the whole server asks …
  bool is_of_all = false;            // … about all tenants
  Role role = Role::reader;          // of the token
  std::string actor;                 // who has it; empty: it has no name
  Trace trace{};                     // that the caller named, with a span of this request's own
  std::uint64_t parent_span = 0;     // the caller's
  std::unique_ptr<Problem> denial;   // why it wasn't admitted
  std::string if_none_match;         // of a read
  std::string argument;              // of the path or the query (Decoded)
  std::string line;                  // "GET /v1/…" for the log, when it wants that
  bool is_keyed = false;             // came with an idempotency key
  bool is_admin = false;             // came over the operators' listener, as all of its connection; never reset
  std::uint64_t requests_taken = 0;  // of Shared::requests
  std::optional<Shared> place{};     // what else was taken, one of it
};

// "GET /v1/wallets/alice", for the log: never a query, a key, a header or a body.
std::string line_for_log(const Message& message);

}  // namespace tote::http
