// Outcomes of the engine as status and JSON body: pure, so that a replay is the same bytes, also after a restart.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/problems.h"
#include "engine/kernel/any_entity.h"
#include "engine/request.h"

namespace tote::http {

using Kinds = std::vector<std::shared_ptr<const Kind>>;

struct Answer {
  unsigned status = 200;
  const ProblemKind* problem = nullptr;  // null: a success
  std::int64_t retry_after_s = 0;
};

// Appends the body of `outcome`. A success whose bytes nobody can read is `internal_error`.
Answer append_answer(std::string& out, const Outcome& outcome, const Kinds& kinds);

// What GET /v1/outcomes/{key} says about `outcome`, as Engine::find_outcome gave it: stored ones inside of an envelope.
Answer append_stored_outcome(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view key);

}  // namespace tote::http
