// actors/wallet/capture.h: held money that goes to somebody (payee.h), instead of out of the books.
#pragma once

#include <string>

#include "actors/wallet/payee.h"
#include "actors/wallet/wallet.h"

namespace tote {

// What Wallet::Capture says, and of the payee: not_found, currency_mismatch, wallet_closed, balance_limit; a fee beyond
// what is captured is capture_exceeds_hold. Addressed to the wallet, whose answer it has.
Command capture_for(std::string wallet, Wallet::Capture capture, Payee payee);

}  // namespace tote
