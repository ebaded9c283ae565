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
    case Code::internal_error: return "internal_error";
    case Code::log_damaged: return "log_damaged";
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
    case Code::same_wallet: return "same_wallet";
    case Code::out_of_stock: return "out_of_stock";
    case Code::reservation_exists: return "reservation_exists";
    case Code::reservation_not_found: return "reservation_not_found";
    case Code::reservation_closed: return "reservation_closed";
    case Code::too_many_reservations: return "too_many_reservations";
    case Code::match_full: return "match_full";
    case Code::already_booked: return "already_booked";
    case Code::not_booked: return "not_booked";
    case Code::sales_closed: return "sales_closed";
    case Code::waitlist_full: return "waitlist_full";
    case Code::payment_required: return "payment_required";
    case Code::payment_declined: return "payment_declined";
    case Code::payments_paused: return "payments_paused";
    case Code::order_exists: return "order_exists";
    case Code::saga_not_stuck: return "saga_not_stuck";
    case Code::refund_not_failed: return "refund_not_failed";
    case Code::stock_limit: return "stock_limit";
    case Code::first_of_users: break;
  }
  return {};
}

std::optional<Code> code_of(std::uint16_t number) {
  const auto code = static_cast<Code>(number);
  if (name_of(code).empty() && !is_of_users(code)) return std::nullopt;
  return code;
}

}  // namespace tote
