// What pays for a seat, seen from the match.
#pragma once

#include <string_view>

#include "actors/match/match.h"
#include "actors/wallet/currency.h"
#include "actors/wallet/wallet.h"
#include "engine/kernel/money.h"
#include "engine/kernel/script.h"

namespace tote {

// Code::ok: this wallet can pay that much now. Else what it says to a debit.
Refusal why_no_money(const Wallet::State& wallet, Money price, Currency currency, Time now);
// Stages the debit. not_found, currency_mismatch, insufficient_funds: then nothing is staged.
Verdict pay_from_wallet(Transaction& on, std::string_view wallet, Money price, Currency currency,
                        std::string_view reference);
// Valid now, for this player, and not at its end before `starts_at` (0: not known).
bool is_pass_valid(Transaction& on, std::string_view pass, std::string_view player, Time starts_at);
bool are_card_payments_paused(Transaction& on);
// Stages that what was paid for a seat goes back, and is taken back from who got it: wallet_closed, overloaded …
Verdict pay_back(Transaction& on, std::string_view match, const Match::Player& player, Currency currency,
                 const Payee& payee);

}  // namespace tote
