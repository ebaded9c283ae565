// What holds for every request that the door lets in, and for every problem that it tells.
#pragma once

#include <string>

#include "actors/transaction/results.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/problems.h"
#include "engine/kernel/name.h"
#include "engine/request.h"
#include "tests/fuzz/fuzz_target.h"

namespace tote::fuzz {

inline void check_request(const Request& request) {
  const bool has_entity = request.kind != transaction::kind_id;  // a transaction names its own
  TOTE_INVARIANT(has_entity ? is_valid_id(request.entity) : request.entity.empty());
  TOTE_INVARIANT(request.key.empty() || is_valid_idempotency_key(request.key) || is_own_idempotency_key(request.key));
  TOTE_INVARIANT(request.key.empty() || request.fingerprint != Fingerprint{});
  TOTE_INVARIANT(request.deadline_ms >= 0);
}

inline void check_problem(const http::Problem& problem) {
  TOTE_INVARIANT(problem.kind != nullptr && problem.kind->status >= 400);
  std::string body;
  http::append_problem(body, problem);
  http::JsonDocument json;
  TOTE_INVARIANT(json.parse(body));
}

}  // namespace tote::fuzz
