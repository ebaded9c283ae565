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

struct Answer {
  unsigned status = 200;
  const ProblemKind* problem = nullptr;  // null: a success
  std::int64_t retry_after_s = 0;
};

// Appends the body of `outcome`, as a route tells it. `asked`: what the path or the query said beside ids.
using Append = Answer (*)(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view asked);

// As every change and most reads do. A success whose bytes nobody can read is `internal_error`.
Answer append_answer(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view asked = {});

// An answer that is a saga's view; one that there isn't is named as clients do.
Answer append_saga(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view);
// A page of what is in an entity: its fields alone.
Answer append_page(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view);
// A player's booking; `not_booked` where there is none.
Answer append_booking(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view);
// The refunds of a queue with this status (empty: all). A queue that never had one is empty.
Answer append_refunds(std::string& out, const Outcome& outcome, const Kinds&, std::string_view status);
// An event of a payment provider, `event`; a page of them. Where there never was one, none.
Answer append_payment_event(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view event);
Answer append_payment_events(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view);
// Why nothing can be told of a key: the one that says it is `outcome_unknown`.
Answer append_no_outcome(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view key);

// What GET /v1/outcomes/{key} says about `outcome`, as Engine::find_outcome gave it: stored ones inside of an envelope.
Answer append_stored_outcome(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view key);

}  // namespace tote::http
