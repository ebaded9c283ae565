#include "actors/match/pay.h"

#include "actors/match/card_booking.h"
#include "actors/pass/pass.h"
#include "actors/refund/refunds.h"
#include "actors/wallet/wallet.h"

namespace tote {

Refusal why_no_money(const Wallet::State& wallet, Money price, Currency currency, Time now) {
  if (wallet.currency != currency) return {Code::currency_mismatch};
  const auto decision = Wallet::decide(wallet, Wallet::Debit{price}, now);
  return decision.refused() ? Refusal{decision.code(), decision.facts()} : Refusal{Code::ok};
}

Verdict pay_from_wallet(Transaction& on, std::string_view wallet, Money price, Currency currency,
                        std::string_view reference) {
  const auto* seen = look<Wallet>(on, wallet);
  if (seen == nullptr) return {Code::not_found};
  if (seen->currency != currency) return {Code::currency_mismatch};
  return run<Wallet>(on, wallet, Wallet::Debit{price, std::string(reference)}).verdict();
}

bool is_pass_valid(Transaction& on, std::string_view pass, std::string_view player, Time starts_at) {
  const auto* seen = look<Pass>(on, pass);
  return seen != nullptr && Pass::is_valid_for(*seen, player, on.now()) && seen->valid_until >= starts_at;
}

bool are_card_payments_paused(Transaction& on) {
  const auto* refunds = look<Refunds>(on, Refunds::id);
  return refunds != nullptr && Refunds::is_paused(*refunds);
}

Verdict pay_back(Transaction& on, std::string_view match, const Match::Player& player, Currency currency,
                 const Payee& payee) {
  const Match::Payment& paid = player.payment;
  const std::string id(match);
  if (paid.amount.minor == 0) return {};
  if (Verdict taken = take_back(on, payee, paid.amount, {}, paid.amount, match); taken.refused()) return taken;
  if (paid.method == Match::Method::wallet)
    return run<Wallet>(on, paid.reference, Wallet::Credit{paid.amount, id}).about({}, paid.reference);
  const std::string refund = player.saga.empty() ? refund_id_of_payment(paid.reference) : refund_id(player.saga);
  return run<Refunds>(on, Refunds::id, Refunds::Enqueue{refund, paid.reference, paid.amount, currency}).verdict();
}

}  // namespace tote
