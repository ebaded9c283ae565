#include "actors/wallet/payee.h"

#include "actors/wallet/wallet.h"
#include "engine/kernel/kind_of.h"

namespace tote {
namespace {

constexpr std::string_view payee_at = "/payee/wallet", fee_at = "/fee/wallet";

Verdict why_not(Transaction& on, const std::string& id, std::string_view at, Currency currency) {
  const auto* wallet = look<Wallet>(on, id);
  const Subject subject{std::string(at), id};
  if (wallet == nullptr) return {Code::not_found, {}, subject};
  return wallet->currency == currency ? Verdict{} : Verdict{Code::currency_mismatch, {}, subject};
}

Verdict credit(Transaction& on, const std::string& id, std::string_view at, Money amount, std::string_view reference) {
  if (amount.minor == 0) return {};
  return run<Wallet>(on, id, Wallet::Credit{amount, std::string(reference)}).about(at, id);
}

Verdict reverse(Transaction& on, const std::string& id, std::string_view at, Money amount, std::string_view reference) {
  if (amount.minor == 0) return {};
  return run<Wallet>(on, id, Wallet::Reverse{amount, std::string(reference), true}).about(at, id);
}

}  // namespace

void add_entities(const Payee& payee, std::vector<EntityRef>& out) {
  if (payee.exists()) out.push_back({Wallet::kind_id, payee.wallet});
  if (!payee.fee_wallet.empty()) out.push_back({Wallet::kind_id, payee.fee_wallet});
}

Verdict why_no_payee(Transaction& on, const Payee& payee, Currency currency) {
  if (!payee.exists()) return {};
  if (Verdict verdict = why_not(on, payee.wallet, payee_at, currency); verdict.refused()) return verdict;
  return payee.fee_wallet.empty() ? Verdict{} : why_not(on, payee.fee_wallet, fee_at, currency);
}

Verdict pay_out(Transaction& on, const Payee& payee, Money paid, Currency currency, std::string_view reference) {
  if (!payee.exists()) return {};
  if (Verdict verdict = why_no_payee(on, payee, currency); verdict.refused()) return verdict;
  const Money fee = payee.fee_of(paid);
  Verdict verdict = credit(on, payee.wallet, payee_at, {paid.minor - fee.minor}, reference);
  return verdict.refused() ? verdict : credit(on, payee.fee_wallet, fee_at, fee, reference);
}

Verdict take_back(Transaction& on, const Payee& payee, Money paid, Money before, Money back,
                  std::string_view reference) {
  if (!payee.exists()) return {};
  const Money fee = payee.fee_of(paid);
  const Money left{std::max<std::int64_t>(paid.minor - fee.minor - before.minor, 0)};  // with the payee
  const Money of_payee = std::min(left, back);
  Verdict verdict = reverse(on, payee.wallet, payee_at, of_payee, reference);
  return verdict.refused() ? verdict : reverse(on, payee.fee_wallet, fee_at, {back.minor - of_payee.minor}, reference);
}

void describe(const Payee& payee, Fields& fields) {
  if (!payee.exists()) return;
  fields.begin("payee");
  fields.text("wallet", payee.wallet);
  fields.end();
  if (payee.fee.minor == 0) return;
  fields.begin("fee");
  fields.text("wallet", payee.fee_wallet);
  fields.integer("amount", payee.fee.minor);
  fields.end();
}

}  // namespace tote
