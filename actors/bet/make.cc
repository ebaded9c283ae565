#include <array>
#include <map>

#include "actors/bet/list.h"
#include "actors/bet/on_bet.h"
#include "actors/session/session.h"

namespace tote::bet {
namespace {

using Seen = std::map<std::string_view, std::map<std::string, std::string>>;  // type, id, name

// What the selections name, each once.
Seen named_by(const std::vector<Bet::Selection>& selections) {
  Seen seen;
  const auto add = [&seen](std::string_view type, const std::string& id, const std::string& name) {
    if (id.empty()) return;
    std::string& known = seen[type][id];
    if (known.empty()) known = name;
  };
  for (const Bet::Selection& one : selections) {
    std::string versus;
    for (const Bet::Competitor& competitor : one.competitors) {
      versus.append(versus.empty() ? "" : " - ").append(competitor.name);
      if (!competitor.name.empty()) add("competitor", Reference::id_of_name(competitor.name), competitor.name);
    }
    add("sport", one.sport, one.sport_name);
    add("category", one.category, one.category_name);
    add("tournament", one.tournament, one.tournament_name);
    add("event", one.event, versus);
  }
  return seen;
}

std::vector<std::pair<std::string, Reference::Seen>> references_of(const std::vector<Bet::Selection>& selections) {
  std::vector<std::pair<std::string, Reference::Seen>> references;
  for (auto& [type, ids] : named_by(selections)) {
    Reference::Seen seen;
    for (auto& [id, name] : ids) seen.named.push_back({id, name});
    references.emplace_back(type, std::move(seen));
  }
  return references;
}

class MakeBet final : public OnBet {
 public:
  MakeBet(Said said, Make make)
      : OnBet(std::move(said)), make_(std::move(make)), references_(references_of(make_.selections)) {
    references_.emplace_back(index_id, Reference::Seen{{{entity_of(said_), make_.player}}});
  }

  std::string_view verb() const override { return "make"; }

  void entities(std::vector<EntityRef>& out) const override {
    OnBet::entities(out);
    out.push_back({Wallet::kind_id, make_.wallet});
    if (make_.needs_session && !make_.session.empty()) out.push_back({Session::kind_id, make_.session});
    for (const auto& [type, seen] : references_) out.push_back({Reference::kind_id, type});
  }

  Verdict run(Transaction& on) const override {
    const std::string id = entity_of(said_);
    if (const auto* bet = look<Bet>(on, id)) return again(id, *bet);
    if (make_.selections.size() > Bet::selections_max) return {Code::bet_conflict};
    Made made{make_.player, make_.wallet, make_.session, make_.betslip, make_.currency, asked(), make_.selections};
    const Bet::Decline why = take(on, id, made);
    if (why != Bet::Decline::none) return decline(on, id, why, made.operation.balance);
    if (const Step step = tote::run<Bet>(on, id, made); step.refused()) return step.verdict();
    for (const auto& [type, seen] : references_)
      if (const Step step = tote::run<Reference>(on, type, seen); step.refused()) return step.verdict();
    return say_first(on, id);
  }

 private:
  using Made = Bet::Made;

  Bet::Operation asked() const {
    return {.type = Bet::Type::bet,
            .brings = Bet::Status::open,
            .transaction = said_.transaction,
            .content = said_.content,
            .amount = make_.amount};
  }

  Verdict again(const std::string& id, const Bet::State& bet) const {
    const bool was_asked = bet.status != Bet::Status::discarded && bet.find(said_.transaction) == 1 &&
                           (bet.is_bet() || bet.status == Bet::Status::declined) &&
                           bet.operations.front().operation.content == said_.content;
    if (!was_asked) return {Code::bet_conflict};
    return say(result_of(id, bet, 1));
  }

  // Takes the stake, and says from which wallet and what is left; or why not.
  Bet::Decline take(Transaction& on, const std::string& id, Made& made) const {
    using Why = Bet::Decline;
    bool has_session = true;
    if (make_.needs_session) {
      const auto* session = make_.session.empty() ? nullptr : look<Session>(on, make_.session);
      has_session = session != nullptr && session->is_open_for(make_.player);
      if (has_session && !session->wallet.empty()) made.wallet = session->wallet;
    }
    const auto* wallet = look<Wallet>(on, made.wallet);
    if (wallet == nullptr) return Why::player_not_found;
    made.operation.balance = wallet->available();
    if (!has_session) return Why::session_expired;
    if (wallet->status >= Wallet::Status::frozen) return Why::player_blocked;
    if (wallet->currency != make_.currency) return Why::invalid_currency;
    if (tote::run<Wallet>(on, made.wallet, Wallet::Debit{make_.amount, operation_id(id, 1)}).refused())
      return Why::not_enough_money;
    made.operation.balance.minor -= make_.amount.minor;
    return Why::none;
  }

  Verdict decline(Transaction& on, const std::string& id, Bet::Decline why, Money balance) const {
    Bet::Operation operation = asked();
    operation.balance = balance;
    operation.has_balance = why == Bet::Decline::not_enough_money;
    if (const Step step = tote::run<Bet>(on, id, Bet::Declined{why, make_.player, operation}); step.refused())
      return step.verdict();
    return say_first(on, id);
  }

  Verdict say_first(Transaction& on, const std::string& id) const { return say(result_of(id, *look<Bet>(on, id), 1)); }

  const Make make_;
  std::vector<std::pair<std::string, Reference::Seen>> references_;  // and the index of bets
};

}  // namespace

ScriptPtr make(Said said, Make make) {
  said.transaction = said.named;
  return std::make_unique<MakeBet>(std::move(said), std::move(make));
}

}  // namespace tote::bet
