// What pays for a seat, seen from the match.
#pragma once

#include <string_view>

#include "actors/wallet/currency.h"
#include "engine/kernel/money.h"
#include "engine/kernel/script.h"

namespace tote {

// Stages the debit. not_found, currency_mismatch, insufficient_funds: then nothing is staged.
Verdict pay_from_wallet(Transaction& on, std::string_view wallet, Money price, Currency currency,
                        std::string_view reference);
bool is_pass_valid(Transaction& on, std::string_view pass, std::string_view player);
bool are_card_payments_paused(Transaction& on);

}  // namespace tote
