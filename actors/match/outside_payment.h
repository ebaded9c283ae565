// A seat that was paid for outside, on the provider's own page, which knows nothing of seats. It is given by the one
// rule that gives seats, to who comes first; who comes too late has paid for nothing, and gets the money back.
#pragma once

#include <string>

#include "actors/wallet/currency.h"
#include "engine/kernel/money.h"
#include "engine/kernel/script.h"

namespace tote {

struct PaidSeat {
  std::string match, player;  // as the provider was told: any text
  std::string payment;        // the provider's id
  std::string charge;         // another one of the same; may be empty
  Money amount{};
  Currency currency{};
};

// Code::ok, Code::created: the player is in with this payment. Code::accepted: a card of the player's is being charged
// here, perhaps it is this very payment: to be asked again when that is decided. Refused, and nothing is staged that
// the caller's mark wouldn't undo: not_found, invalid_id, wrong_amount, currency_mismatch, sales_closed,
// already_booked, match_full.
Verdict seat_paid(Transaction& on, const PaidSeat& paid);

}  // namespace tote
