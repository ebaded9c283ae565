// What comes after the make: commit, win, lost, refund, rollback, discard, settlement.
#include "actors/bet/on_bet.h"

namespace tote::bet {
namespace {

using Status = Bet::Status;
using Type = Bet::Type;

class SettleBet final : public OnBet {
 public:
  SettleBet(Said said, Settle settle) : OnBet(std::move(said)), settle_(settle) {}

  std::string_view verb() const override { return name_of(settle_.type); }

  Verdict run(Transaction& on) const override {
    const Found found = find(on);
    if (const Before before = look_before(on, found, settle_.type); before.is_there) return before.verdict;
    if (!found.is_bet()) {
      const bool is_known = found.is_tombstone() || !found.may_come();
      return is_known || !said_.unknown_is_ok ? Verdict{Code::bet_unknown} : bury(on, found, settle_.type);
    }
    const Bet::State& bet = *found.bet;
    if (bet.status == Status::discarded) return {Code::bet_unknown};
    if (settle_.currency != Currency{} && settle_.currency != bet.currency) return {Code::currency_mismatch};
    if (!is_allowed(bet)) return {Code::bet_conflict};
    const Money amount = amount_of(bet);
    const auto moved = pay_in(on, bet.wallet, amount, operation_id(*found.id, bet.operations.size() + 1));
    if (moved.verdict.refused()) return moved.verdict;
    return operate(on, found,
                   {.type = settle_.type,
                    .brings = brings(),
                    .transaction = said_.transaction,
                    .content = said_.content,
                    .amount = amount,
                    .balance = moved.balance});
  }

 private:
  Status brings() const {
    if (settle_.type == Type::win) return settle_.is_cashout ? Status::cashed_out : Status::won;
    return settle_.type == Type::lost ? Status::lost : Status::refunded;
  }
  Money amount_of(const Bet::State& bet) const {
    return settle_.type == Type::refund && settle_.amount.minor == 0 ? bet.stake : settle_.amount;
  }
  // Settled once until that is rolled back: only wins may be several, and what is cashed out in part may be lost.
  bool is_allowed(const Bet::State& bet) const {
    const auto count = [&bet](Type type) { return bet.sum(type).first; };
    if (count(Type::lost) > 0) return false;
    if (settle_.type == Type::refund)
      return count(Type::win) == 0 && amount_of(bet).minor <= bet.stake.minor - bet.sum(Type::refund).second.minor;
    return count(Type::refund) == 0;
  }

  const Settle settle_;
};

class RollBack final : public OnBet {
 public:
  RollBack(Said said, std::string parent, Money amount)
      : OnBet(std::move(said)), parent_(std::move(parent)), amount_(amount) {}

  std::string_view verb() const override { return "rollback"; }

  Verdict run(Transaction& on) const override {
    const Found found = find(on);
    if (const Before before = look_before(on, found, Type::rollback); before.is_there) return before.verdict;
    if (!found.is_bet()) return bury(on, found, Type::rollback);
    const Bet::State& bet = *found.bet;
    const std::size_t number = number_of_parent(*found.id, bet);
    if (bet.status == Status::discarded || number == 0) return {Code::bet_unknown};
    const Bet::Operation& parent = bet.operations[number - 1].operation;
    if (number == 1 && is_settled(bet)) return {Code::bet_conflict};
    if (amount_.minor != 0 && parent.amount.minor != 0 && amount_ != parent.amount) return {Code::bet_conflict};
    const std::string reference = operation_id(*found.id, bet.operations.size() + 1);
    const auto moved = number == 1 ? pay_in(on, bet.wallet, parent.amount, reference)
                                   : take_back(on, bet.wallet, parent.amount, reference, said_.may_overdraw);
    if (moved.verdict.refused()) return moved.verdict;
    return operate(on, found,
                   {.type = Type::rollback,
                    .transaction = said_.transaction,
                    .content = said_.content,
                    .amount = parent.amount,
                    .reverses = static_cast<std::int64_t>(number),
                    .balance = moved.balance});
  }

 private:
  static bool is_settled(const Bet::State& bet) {
    return bet.sum(Type::win).first + bet.sum(Type::lost).first + bet.sum(Type::refund).first > 0;
  }
  // Of what can be rolled back, and wasn't yet; 0: there is none.
  std::size_t number_of_parent(const std::string& id, const Bet::State& bet) const {
    const auto ours = read_operation_id(said_.provider, parent_);
    std::size_t number = ours && ours->first == id ? ours->second : 0;
    if (number == 0) number = bet.find(parent_);  // who names it by the id of its own
    if (number == 0 || number > bet.operations.size()) return 0;
    const Bet::Done& done = bet.operations[number - 1];
    const Type type = done.operation.type;
    return done.is_undone || type == Type::rollback || type == Type::settlement ? 0 : number;
  }

  const std::string parent_;
  const Money amount_;
};

class Commit final : public OnBet {
 public:
  using OnBet::OnBet;
  std::string_view verb() const override { return "commit"; }

  Verdict run(Transaction& on) const override {
    const Found found = find(on);
    if (!found.is_bet() || found.bet->status == Status::discarded) return {Code::bet_unknown};
    if (!found.bet->is_committed) {
      const Step step = tote::run<Bet>(on, *found.id, Bet::Committed{said_.content});
      if (step.refused()) return step.verdict();
    } else if (found.bet->commit != said_.content) {
      return {Code::bet_conflict};
    }
    return say({});
  }
};

class Discard final : public OnBet {
 public:
  Discard(Said said, std::string player) : OnBet(std::move(said)), player_(std::move(player)) {}
  std::string_view verb() const override { return "discard"; }

  Verdict run(Transaction& on) const override {
    const Found found = find(on);
    const auto step = [&](const Bet::Command& command) {
      const Step done = tote::run<Bet>(on, *found.id, command);
      return done.refused() ? done.verdict() : say({});
    };
    if (found.may_come()) {
      const Verdict buried = put_tombstone(on, *found.id);
      return buried.refused() ? buried : say({});
    }
    const Bet::State& bet = *found.bet;
    if (!player_.empty() && !bet.player.empty() && bet.player != player_) return {Code::bet_conflict};
    if (bet.status == Status::tombstoned || bet.status == Status::discarded) return say({});
    if (bet.status > Status::committed) return {Code::bet_conflict};
    const auto moved = pay_in(on, bet.wallet, bet.stake, operation_id(*found.id, 1));
    return moved.verdict.refused() ? moved.verdict : step(Bet::Discarded{bet.stake});
  }

 private:
  const std::string player_;
};

class SettleStatus final : public OnBet {
 public:
  SettleStatus(Said said, Status brings) : OnBet(std::move(said)), brings_(brings) {}
  std::string_view verb() const override { return "settlement"; }

  Verdict run(Transaction& on) const override {
    const Found found = find(on);
    if (!found.is_bet() || found.bet->status == Status::discarded) return {Code::bet_unknown};
    for (auto done = found.bet->operations.rbegin(); done != found.bet->operations.rend(); ++done)
      if (done->operation.type == Type::settlement && !done->is_undone)
        return done->operation.content == said_.content ? say({}) : Verdict{Code::bet_conflict};
    const Bet::Operated settled{
        {.type = Type::settlement, .brings = brings_, .content = said_.content, .has_balance = false}};
    const Step step = tote::run<Bet>(on, *found.id, settled);
    return step.refused() ? step.verdict() : say({});
  }

 private:
  const Status brings_;
};

}  // namespace

ScriptPtr commit(Said said) { return std::make_unique<Commit>(std::move(said)); }
ScriptPtr settle(Said said, Settle settle) { return std::make_unique<SettleBet>(std::move(said), settle); }
ScriptPtr roll_back(Said said, std::string parent, Money amount) {
  return std::make_unique<RollBack>(std::move(said), std::move(parent), amount);
}
ScriptPtr discard(Said said, std::string player) {
  return std::make_unique<Discard>(std::move(said), std::move(player));
}
ScriptPtr settle_status(Said said, Bet::Status brings) {
  return std::make_unique<SettleStatus>(std::move(said), brings);
}

}  // namespace tote::bet
