// What serves a request once it is read: a row a way, named by the rows of the routes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/http/quotas.h"
#include "adapters/http/words.h"
#include "engine/request.h"

namespace tote::http {

struct Decoded;  // decode.h
struct Ticket;   // ticket.h
class Door;

// One request that was let in. Later means: by sink.done(tag, outcome).
struct Asked {
  Decoded& decoded;
  Message& message;  // whose body may be taken away
  Ticket& ticket;
  Sink& sink;
  std::uint64_t tag = 0;
  std::string& out;
};

struct Serving {
  bool (Door::*serve)(Asked& asked) = nullptr;  // true: the answer is in asked.out; false: it comes later
  std::string_view ready_type{};  // a success brings the whole body, of this media type: it is made beside the loop
  std::optional<Shared> place{};  // what a tenant has a share of, beside the requests themselves
  bool has_lines = false;         // each is a request; the place is taken before the body is read
  bool is_large = false;          // the answer may be
  bool is_counted = true;         // as requests of the tenant
  bool needs_engine = true;
  bool is_of_this_node = false;    // of a cluster's, each answers for itself
  bool tells_of_another = false;   // request: that it was answered before means nothing of this one
  bool tells_lsn = true;           // of a ready answer
  bool takes_all_tenants = false;  // an operator of the whole server needn't name a tenant
  bool is_of_server = false;       // it is for them alone
};

// And by_engine (routes.h).
extern const Serving by_history, by_list, by_batch, by_log, by_outcomes, by_projection, by_radar, by_overview;

// What each node of a cluster tells of itself.
constexpr Serving by_node(bool (Door::*serve)(Asked&)) {
  return {
      .serve = serve, .is_counted = false, .needs_engine = false, .is_of_this_node = true, .takes_all_tenants = true};
}
// A page that the door has ready, with an engine or without.
constexpr Serving by_door(bool (Door::*serve)(Asked&), bool takes_all_tenants = false) {
  return {.serve = serve, .is_counted = false, .needs_engine = false, .takes_all_tenants = takes_all_tenants};
}

}  // namespace tote::http
