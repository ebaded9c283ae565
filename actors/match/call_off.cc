#include "actors/match/call_off.h"

#include "actors/match/pay.h"
#include "actors/refund/refunds.h"

namespace tote {
namespace {

constexpr std::size_t players_at_once = 16;

class ClearUp final : public Script {
 public:
  explicit ClearUp(std::string_view match) : match_(match) {}

  void entities(std::vector<EntityRef>& out) const override { out.push_back({Match::kind_id, match_}); }
  Verdict run(Transaction& on) const override {
    std::size_t left = players_at_once;
    for (; left > 0 && next_is_done(on); --left) {
    }
    for (; left > 0; --left) {
      const auto* match = look<Match>(on, match_);
      if (match->has_to_pay_back() || match->waiting.empty()) break;
      const std::string player = match->waiting.begin()->second.player;
      if (tote::run<Match>(on, match_, Match::Leave{player}).refused()) break;
    }
    return {};
  }
  void answer(Transaction&, std::string&) const override {}
  void digest(std::string& out) const override { out.append("clear up ").append(match_); }

 private:
  // False: nobody is left, or that is enough: the refund queue is long, and is copied when it is changed twice.
  bool next_is_done(Transaction& on) const {
    const auto* match = look<Match>(on, match_);
    const auto found = match->players.upper_bound(match->looked_to);
    if (found == match->players.end()) return false;
    const std::string id = found->first;
    const Match::Player player = found->second;
    const Currency currency = match->currency;
    const Payee payee = match->payee;
    const auto mark = on.mark();
    Verdict verdict = tote::run<Match>(on, match_, Match::Cancel{id}).verdict();
    if (verdict.code == Code::ok) verdict = pay_back(on, match_, player, currency, payee);
    if (verdict.code == Code::ok) return player.payment.method != Match::Method::card;
    const bool is_undone_by_itself = verdict.code == Code::accepted;  // the card is being charged
    if (!is_undone_by_itself) on.undo(mark);
    tote::run<Match>(on, match_, Match::PassBy{id, is_undone_by_itself ? "" : std::string(name_of(verdict.code))});
    return true;
  }

  const std::string match_;
};

}  // namespace

ScriptPtr clear_up(const Match::State& match, std::string_view id) {
  const bool is_clear = !match.has_to_pay_back() && match.waiting.empty();
  return is_clear ? nullptr : std::make_unique<ClearUp>(id);
}

std::string Match::alert(const State& match) {
  if (match.unrefunded.empty()) return {};
  return "cancelled, but " + std::to_string(match.unrefunded.size()) + " players couldn't be paid back, the first is " +
         match.unrefunded.begin()->first;
}

}  // namespace tote
