// What the scripts of callbacks share (callback.h).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "actors/bet/callback.h"
#include "actors/wallet/wallet.h"

namespace tote::bet {

class OnBet : public Script {
 public:
  explicit OnBet(Said said);

  void entities(std::vector<EntityRef>& out) const override;
  void answer(Transaction& on, std::string& out) const override;
  void digest(std::string& out) const override;
  virtual std::string_view verb() const = 0;

 protected:
  // The bet that is named; null state: there is nothing by that name.
  struct Found {
    const std::string* id = nullptr;
    const Bet::State* bet = nullptr;

    bool is_bet() const { return bet != nullptr && bet->is_bet(); }
    bool is_tombstone() const { return bet != nullptr && bet->status == Bet::Status::tombstoned; }
    bool may_come() const {
      return bet == nullptr || bet->status == Bet::Status::none || bet->status == Bet::Status::declined;
    }
  };
  Found find(Transaction& on) const;

  // The answer that this callback had before; nothing: it is new. bet_conflict when its id was another's.
  struct Before {
    bool is_there = false;
    Verdict verdict{};
  };
  Before look_before(Transaction& on, const Found& found, Bet::Type type) const;

  Verdict put_tombstone(Transaction& on, const std::string& id) const;
  // Of an operation on a bet that isn't known: its tombstone, and the answer that the provider wants.
  Verdict bury(Transaction& on, const Found& found, Bet::Type type) const;
  // The operation on the bet, its transaction id as used, and the result.
  Verdict operate(Transaction& on, const Found& found, Bet::Operation operation) const;
  Verdict say(Result result) const {
    result_ = std::move(result);
    return {};
  }

  const Said said_;

 private:
  const std::string exact_;  // the bet with that transaction id
  const std::string ours_;   // the bet with such an operation, empty: it isn't the id of one
  const std::string claim_;  // where it stands whose the operation's transaction id is; empty: it has none
  mutable Result result_;    // of the last run
};

// The wallet's available money before and after a change of it.
struct Moved {
  Verdict verdict{};
  Money balance{};
};
Moved pay_in(Transaction& on, const std::string& wallet, Money amount, const std::string& reference);
Moved take_back(Transaction& on, const std::string& wallet, Money amount, const std::string& reference,
                bool may_overdraw);
Money balance_of(Transaction& on, const std::string& wallet);

}  // namespace tote::bet
