// An order that is paid for outside, on the provider's own page: it has reserved its stock, and waits.
#pragma once

#include <string>
#include <string_view>

#include "actors/wallet/currency.h"
#include "engine/kernel/money.h"
#include "engine/kernel/script.h"

namespace tote {

struct PaidOrder {
  std::string order;    // as the provider was told: any text
  std::string payment;  // the provider's id
  std::string charge;   // another one of the same; may be empty
  Money amount{};
  Currency currency{};
};

// Code::ok: the order is confirmed with this payment. Code::accepted: a card is being charged for it here, perhaps it
// is this very payment: to be asked again when that is decided. Refused, the payment is to go back: not_found,
// not_awaited, wrong_amount, currency_mismatch; or why the order could not be confirmed: then it has failed, and what
// is staged must stay.
Verdict pay_order(Transaction& on, const PaidOrder& paid);

// The payment won't come: the order fails, its stock is free. not_found, not_awaited: nothing is staged.
Verdict fail_order(Transaction& on, std::string_view order, std::string_view why);

}  // namespace tote
