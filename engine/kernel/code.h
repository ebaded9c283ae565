// Every answer the engine can give, by the name that clients are told. On disk by number: add, never renumber.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tote {

enum class Code : std::uint16_t {
  ok = 0,
  created = 1,
  accepted = 2,

  // Of the door and the engine: nothing was executed and nothing is stored; the same key may be tried again.
  invalid_request = 100,
  invalid_id = 101,
  idempotency_key_invalid = 102,
  idempotency_key_missing = 103,
  unauthorized = 104,
  forbidden = 105,
  body_too_large = 106,
  idempotency_key_reused = 107,
  too_many_attempts = 108,
  overloaded = 109,
  log_full = 110,
  draining = 111,
  deadline_exceeded = 112,
  internal_error = 113,  // a defect: of a script, of a decision
  log_damaged = 114,     // what was asked for can't be read from the log

  // Of the domain: a decision like any other, frozen under its idempotency key.
  not_found = 200,
  version_mismatch = 201,
  already_exists = 202,
  insufficient_funds = 203,
  currency_mismatch = 204,
  balance_limit = 205,
  hold_exists = 206,
  hold_not_found = 207,
  hold_closed = 208,
  capture_exceeds_hold = 209,
  outcome_unknown = 210,
  too_many_holds = 211,
  same_wallet = 212,
  out_of_stock = 213,
  reservation_exists = 214,
  reservation_not_found = 215,
  reservation_closed = 216,
  too_many_reservations = 217,
  match_full = 218,
  already_booked = 219,
  not_booked = 220,
  sales_closed = 221,
  waitlist_full = 222,
  payment_required = 223,
  payment_declined = 224,
  payments_paused = 225,
  order_exists = 226,
  saga_not_stuck = 227,
  refund_not_failed = 228,
  stock_limit = 229,

  // From here on: refusals of users' kinds, each kind with its own (CodeText below).
  first_of_users = 40'000,
};

// A refusal of a users' kind, frozen like those of the domain. Registered by the kind (`codes`, entity.h).
struct CodeText {
  Code code{};
  std::string_view name;      // "seat_taken": small letters, digits and _, none of ours
  std::string_view sentence;  // what a person is told
};
constexpr Code user_code(std::uint16_t number) { return static_cast<Code>(number); }
constexpr bool is_of_users(Code code) { return code >= Code::first_of_users; }

constexpr bool is_success(Code code) { return static_cast<std::uint16_t>(code) < 100; }

// Stored under the idempotency key: successes and the domain's refusals, never transport failures.
constexpr bool is_stored(Code code) { return is_success(code) || static_cast<std::uint16_t>(code) >= 200; }

// "insufficient_funds"; an empty view for a number that no version has given out. Codes of users have their names with
// their kinds (kinds.h).
std::string_view name_of(Code code);

// A code of ours, or one in the range of users, which only its kind knows more of.
std::optional<Code> code_of(std::uint16_t number);

}  // namespace tote
