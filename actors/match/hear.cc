// What a match hears of the wallets and passes that it watches.
#include "actors/match/give_seat.h"
#include "actors/match/match.h"
#include "actors/match/pay.h"
#include "actors/pass/pass.h"
#include "actors/wallet/wallet.h"

namespace tote {

const Watches& Match::watches(const State& match) {
  static const Watches nobody;
  return match.offers_ended ? nobody : match.watches;
}

std::optional<Match::Event> Match::hear(const State& match, EntityRef changed, const AnyEntity& is, Time now) {
  // From the start on it needs to hear of nobody: that is recorded, so that the engine stops telling it.
  if (match.has_started(now)) return match.offers_ended ? std::nullopt : std::optional<Event>(OffersEnded{});
  if (is.version == Version{}) return std::nullopt;
  std::string id(changed.id);
  if (changed.kind == Wallet::kind_id) {
    if (!match.waiting.is_short(Method::wallet, id)) return std::nullopt;
    if (why_no_money(state_of<Wallet>(is), match.price, match.currency, now).code != Code::ok) return std::nullopt;
    return PayerWoken{Method::wallet, std::move(id)};
  }
  const Pass::State& pass = state_of<Pass>(is);
  const bool is_used = match.pass_uses.contains(id) && !match.passes_revoked.contains(id);
  if (pass.revoked) return is_used ? std::optional<Event>(PassRevoked{std::move(id)}) : std::nullopt;
  return match.waiting.is_short(Method::pass, id) ? std::optional<Event>(PayerWoken{Method::pass, std::move(id)})
                                                  : std::nullopt;
}

}  // namespace tote
