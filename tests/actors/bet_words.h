// The words that tests of bets share: the provider "acme", the wallet of the player "ann" with money in it.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "actors/bet/callback.h"
#include "actors/session/session.h"
#include "actors/wallet/wallet.h"
#include "tests/actors/saga_world.h"

namespace tote {

class Book {
 public:
  explicit Book(std::int64_t balance = 1'000);

  // What the provider knows of its callbacks: a content is a number.
  bet::Said said(std::string named, std::string transaction = {}, std::int64_t content = 1) const;

  Verdict make(const std::string& id, std::int64_t amount, std::int64_t content = 1);
  Verdict make(const std::string& id, bet::Make asked, std::int64_t content = 1);
  Verdict commit(const std::string& id, std::int64_t content = 1) { return run(bet::commit(said(id, {}, content))); }
  Verdict win(const std::string& id, const std::string& transaction, std::int64_t amount, std::int64_t content = 1);
  Verdict cash_out(const std::string& id, const std::string& transaction, std::int64_t amount);
  Verdict lose(const std::string& id, const std::string& transaction);
  Verdict refund(const std::string& id, const std::string& transaction, std::int64_t amount = 0);
  // Of our operation with this number.
  Verdict roll_back(const std::string& id, const std::string& transaction, std::size_t number);
  Verdict discard(const std::string& id) { return run(bet::discard(said(id), "ann")); }
  Verdict settle(const std::string& id, Bet::Status brings, std::int64_t content = 1) {
    return run(bet::settle_status(said(id, {}, content), brings));
  }
  Verdict run(const ScriptPtr& script) { return world.run(*script); }

  // Of the last callback: "acme:b1:2 win 500 of acme:b1:1, balance 1400", "declined not_enough_money, balance 3".
  std::string told();
  const Bet::State& bet(const std::string& id) { return world.state<Bet>("acme:" + id); }
  std::string_view status(const std::string& id) { return name_of(bet(id).status); }
  const Wallet::State& wallet() { return world.state<Wallet>("ann"); }
  std::int64_t available() { return wallet().available().minor; }

  bool may_overdraw = true, unknown_is_ok = false;
  SagaWorld world;
};

inline bet::Make stake(std::int64_t amount) {
  return {.player = "ann", .wallet = "ann", .currency = *currency_of("EUR"), .amount = {amount}};
}

}  // namespace tote
