// actors/bet/callback.h: what a betting provider asks, as scripts. A bet's operation, the wallet's change and what the
// bet names are one record.
//
// What is answered: a result (below), for ever the same for the same transaction id and content. Refused, and not
// recorded: bet_unknown, bet_conflict, currency_mismatch, wallet_closed, balance_limit. A declined make, and a rollback
// of a bet that isn't known, are recorded: their scripts succeed, and the result says why not.
//
// What providers differ in comes in with the command; actors know no settings.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/bet/bet.h"
#include "actors/reference/reference.h"
#include "engine/kernel/kind_of.h"
#include "engine/kernel/script.h"

namespace tote::bet {

// What a callback is answered with.
struct Result {
  enum class Kind : std::uint8_t { done = 0, nothing = 1, declined = 2, unknown = 3 };  // nothing: a bare yes

  Kind kind = Kind::nothing;
  Bet::Decline why = Bet::Decline::none;
  std::string id{}, transaction{}, parent{}, player{};  // empty: there is none
  Bet::Type type = Bet::Type::bet;
  Money amount{}, balance{};
  bool has_balance = false;
  Currency currency{};
  static constexpr void members(auto&& is) {
    is("kind", &Result::kind), is("why", &Result::why), is("id", &Result::id, {.may_lack = true});
    is("transaction", &Result::transaction, {.may_lack = true}), is("parent", &Result::parent, {.may_lack = true});
    is("player", &Result::player, {.may_lack = true}), is("operation", &Result::type), is("amount", &Result::amount);
    is("balance", &Result::balance), is("has_balance", &Result::has_balance);
    is("currency", &Result::currency, {.may_lack = true});
  }
};
// Of an outcome's answer; nothing when it isn't a callback's.
std::optional<Result> read_result(std::string_view answer);
void write_result(const Result& result, std::string& out);
// Of a bet's operation, from 1.
Result result_of(std::string_view bet, const Bet::State& state, std::size_t number);

// What every callback says.
struct Said {
  std::string provider{};     // 1 to 20 characters of ids
  std::string named{};        // the bet, by the provider's id of its make, or by an operation's id of ours
  std::string transaction{};  // of this operation; of commit, settlement and discard: none
  Bet::Content content{};
  bool may_overdraw = true;    // a reversal beyond the balance; false: the rest is the wallet's debt
  bool unknown_is_ok = false;  // an operation on an unknown bet; it leaves a tombstone
};

// The make. `said.named` is its transaction id.
struct Make {
  std::string player{}, wallet{}, session{}, betslip{};
  bool needs_session = false;
  Currency currency{};
  Money amount{};
  std::vector<Bet::Selection> selections{};
};
ScriptPtr make(Said said, Make make);
ScriptPtr commit(Said said);
// Type::win, lost or refund. `currency`: none where the provider doesn't say it. A refund of 0 is of the whole stake.
struct Settle {
  Bet::Type type = Bet::Type::win;
  bool is_cashout = false;
  Money amount{};
  Currency currency{};
};
ScriptPtr settle(Said said, Settle settle);
// `parent`: our id of what is reversed. `amount`: as the provider knows it, 0: it doesn't say.
ScriptPtr roll_back(Said said, std::string parent, Money amount);
// `player`: whose bet it was, empty: not said.
ScriptPtr discard(Said said, std::string player);
// `brings`: won, lost, refunded or cashed_out.
ScriptPtr settle_status(Said said, Bet::Status brings);

// The entity that a script is addressed to.
inline std::string entity_of(const Said& said) { return id_of(said.provider, said.named); }

}  // namespace tote::bet
