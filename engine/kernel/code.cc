#include "engine/kernel/code.h"

namespace tote {

std::string_view name_of(Code code) {
  switch (code) {
    case Code::ok: return "ok";
    case Code::created: return "created";
    case Code::accepted: return "accepted";
    case Code::invalid_request: return "invalid_request";
    case Code::invalid_id: return "invalid_id";
    case Code::idempotency_key_invalid: return "idempotency_key_invalid";
    case Code::idempotency_key_missing: return "idempotency_key_missing";
    case Code::unauthorized: return "unauthorized";
    case Code::forbidden: return "forbidden";
    case Code::body_too_large: return "body_too_large";
    case Code::idempotency_key_reused: return "idempotency_key_reused";
    case Code::too_many_attempts: return "too_many_attempts";
    case Code::overloaded: return "overloaded";
    case Code::log_full: return "log_full";
    case Code::draining: return "draining";
    case Code::deadline_exceeded: return "deadline_exceeded";
    case Code::not_found: return "not_found";
    case Code::version_mismatch: return "version_mismatch";
    case Code::already_exists: return "already_exists";
    case Code::insufficient_funds: return "insufficient_funds";
    case Code::currency_mismatch: return "currency_mismatch";
    case Code::balance_limit: return "balance_limit";
    case Code::hold_exists: return "hold_exists";
    case Code::hold_not_found: return "hold_not_found";
    case Code::hold_closed: return "hold_closed";
    case Code::capture_exceeds_hold: return "capture_exceeds_hold";
    case Code::outcome_unknown: return "outcome_unknown";
    case Code::too_many_holds: return "too_many_holds";
  }
  return {};
}

std::optional<Code> code_of(std::uint16_t number) {
  const auto code = static_cast<Code>(number);
  if (name_of(code).empty()) return std::nullopt;
  return code;
}

}  // namespace tote
