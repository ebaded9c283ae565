// actors/wallet/payee.h: who gets what is paid. With a payee no money is made or destroyed: what leaves the payer's
// wallet comes into the payee's, less the fee, which comes into another's. What was paid outside (by card) comes into
// the books there. Without a payee what is paid leaves the books.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "actors/wallet/currency.h"
#include "engine/kernel/limits.h"
#include "engine/kernel/money.h"
#include "engine/kernel/name.h"
#include "engine/kernel/script.h"

namespace tote {

struct Payee {
  std::string wallet{};  // empty: there is none
  std::string fee_wallet{};
  Money fee{};  // a part of what is paid; 0: there is none, and nobody gets it

  bool exists() const { return !wallet.empty(); }
  Money fee_of(Money paid) const { return std::min(fee, paid); }
  bool operator==(const Payee&) const = default;
  static constexpr void members(auto&& is) {
    is("payee", &Payee::wallet, {.may_lack = true});
    is("fee_wallet", &Payee::fee_wallet, {.may_lack = true});
    is("fee", &Payee::fee, {.may_lack = true});
  }
};

// Whether a payment of so much may name it.
inline bool is_valid(const Payee& payee, Money paid) {
  if (!payee.exists()) return payee == Payee{};
  const bool has_fee = payee.fee.minor != 0;
  return is_valid_id(payee.wallet) && has_fee == !payee.fee_wallet.empty() &&
         (!has_fee || (is_valid_id(payee.fee_wallet) && payee.fee.minor > 0 && payee.fee <= paid));
}

// The wallets that it names.
void add_entities(const Payee& payee, std::vector<EntityRef>& out);

// Code::ok: they are there, in this currency. not_found, currency_mismatch.
Verdict why_no_payee(Transaction& on, const Payee& payee, Currency currency);
// Stages what the payee gets of `paid`: as above, wallet_closed, balance_limit.
Verdict pay_out(Transaction& on, const Payee& payee, Money paid, Currency currency, std::string_view reference);
// Stages that `back` of `paid` is taken back, `before` of it was before. The payee gives first, the fee is the last
// part of it. They may come below zero by it: what was to go back goes back.
Verdict take_back(Transaction& on, const Payee& payee, Money paid, Money before, Money back,
                  std::string_view reference);

void describe(const Payee& payee, Fields& fields);  // "payee" and "fee" as they are asked for

}  // namespace tote
