#include "actors/transaction/transfer.h"

#include "actors/transaction/results.h"
#include "actors/wallet/wallet.h"

namespace tote {

void Transfer::entities(std::vector<EntityRef>& out) const {
  out.push_back({Wallet::kind_id, from_});
  out.push_back({Wallet::kind_id, to_});
}

Verdict Transfer::run(Transaction& on) const {
  if (from_ == to_) return {Code::same_wallet};
  const Wallet::State* from = look<Wallet>(on, from_);
  const Wallet::State* to = look<Wallet>(on, to_);
  if (from == nullptr) return {Code::not_found, {}, {"/from", from_}};
  if (to == nullptr) return {Code::not_found, {}, {"/to", to_}};
  if (from->currency != to->currency) return {Code::currency_mismatch};
  // The reference tells where the money went and where it came from.
  Step step = tote::run<Wallet>(on, from_, Wallet::Debit{amount_, to_});
  if (!step.refused()) step = tote::run<Wallet>(on, to_, Wallet::Credit{amount_, from_});
  return step.verdict();
}

void Transfer::answer(Transaction& on, std::string& out) const {
  std::string answers[2];
  std::vector<transaction::Result> results;
  for (const bool is_to : {false, true}) {
    const std::string& id = is_to ? to_ : from_;
    const AnyEntity* wallet = on.look({Wallet::kind_id, id});
    wallet->answer({}, answers[is_to ? 1 : 0]);
    results.push_back({is_to ? "to" : "from", Wallet::kind_id, id, wallet->version, answers[is_to ? 1 : 0]});
  }
  transaction::write_results(results, out);
}

void Transfer::digest(std::string& out) const {
  out.append("transfer ").append(from_).append(1, '\0').append(to_).append(1, '\0');
  out.append(std::to_string(amount_.minor));
}

Command transfer_command(std::string from, std::string to, Money amount) {
  return Command(ScriptPtr(std::make_unique<Transfer>(std::move(from), std::move(to), amount)));
}

}  // namespace tote
