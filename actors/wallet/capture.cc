#include "actors/wallet/capture.h"

#include "engine/kernel/kind_of.h"

namespace tote {
namespace {

class CaptureFor final : public Script {
 public:
  CaptureFor(std::string wallet, Wallet::Capture capture, Payee payee)
      : wallet_(std::move(wallet)), capture_(std::move(capture)), payee_(std::move(payee)) {}

  void entities(std::vector<EntityRef>& out) const override {
    out.push_back({Wallet::kind_id, wallet_});
    add_entities(payee_, out);
  }
  Verdict run(Transaction& on) const override {
    const auto* wallet = look<Wallet>(on, wallet_);
    Money amount = capture_.amount;
    Currency currency{};
    if (wallet != nullptr) {
      const auto held = wallet->holds.find(capture_.hold);
      if (held != wallet->holds.end() && amount.minor == 0) amount = held->second.amount;
      currency = wallet->currency;
    }
    const Step step = tote::run<Wallet>(on, wallet_, Wallet::Command(capture_));
    if (step.refused()) return step.about({}, step.part.empty() ? wallet_ : step.part);
    if (!is_valid(payee_, amount))
      return {Code::capture_exceeds_hold,
              {{FactName::available, amount.minor}, {FactName::requested, payee_.fee.minor}},
              {"/fee/amount", payee_.fee_wallet}};
    return pay_out(on, payee_, amount, currency, capture_.hold);
  }
  void answer(Transaction& on, std::string& out) const override {
    const Wallet::Command command(capture_);
    if (const AnyEntity* wallet = on.look({Wallet::kind_id, wallet_})) wallet->answer(CommandRef::to(command), out);
  }
  void digest(std::string& out) const override {
    out.append("capture ").append(wallet_).append(1, '\0').append(payee_.wallet).append(1, '\0');
    out.append(payee_.fee_wallet).append(1, '\0').append(std::to_string(payee_.fee.minor)).append(1, ' ');
    Wallet::digest(Wallet::Command(capture_), out);
  }

 private:
  const std::string wallet_;
  const Wallet::Capture capture_;
  const Payee payee_;
};

}  // namespace

Command capture_for(std::string wallet, Wallet::Capture capture, Payee payee) {
  return Command(ScriptPtr(std::make_unique<CaptureFor>(std::move(wallet), std::move(capture), std::move(payee))));
}

}  // namespace tote
