// actors/bet/bet.h: one bet of a betting provider's, from its make to its settlement, and back.
//
//   none -> open -> committed -> won | lost | refunded | cashed_out <-> (rollback) open, committed
//   none -> tombstoned: it was taken back before it came, and never comes;  open, committed -> discarded
//
// Its id is the provider's name and the provider's id of the make: "acme:12345". Its operations are a list keyed by the
// provider's transaction ids; each has an id of ours, "acme:12345:2", and keeps what was answered: so a callback is
// answered the same for ever, whatever is kept of idempotency keys. The scripts that bets and wallets are changed by
// stand in callback.h.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "actors/wallet/currency.h"
#include "engine/kernel/entity.h"
#include "engine/kernel/money.h"
#include "engine/kernel/ordinal.h"

namespace tote {

struct Bet {
  static constexpr KindId kind_id = 9;
  static constexpr std::string_view kind = "bet";

  static constexpr std::size_t operations_max = 256;  // of one bet; beyond: bet_conflict
  static constexpr std::size_t selections_max = 64;
  static constexpr std::size_t competitors_max = 8;  // of a selection
  static constexpr std::size_t transaction_bytes_max = 100;
  static constexpr std::size_t provider_bytes_max = 20;

  // On disk by number. `declined`: the make was refused, no bet came to be. `used`: this transaction id isn't a bet's
  // but another operation's.
  enum class Status : std::uint8_t {
    none = 0,
    open = 1,
    committed = 2,
    won = 3,
    lost = 4,
    refunded = 5,
    cashed_out = 6,
    discarded = 7,
    tombstoned = 8,
    declined = 9,
    used = 10
  };
  enum class Type : std::uint8_t { bet = 1, win = 2, lost = 3, refund = 4, rollback = 5, settlement = 6 };
  // Why a make was declined; said again to whoever repeats it.
  enum class Decline : std::uint8_t {
    none = 0,
    player_blocked = 1,
    player_not_found = 2,
    session_expired = 3,
    not_enough_money = 4,
    invalid_currency = 5
  };

  // What a callback said, as a number of 128 bits: equal contents are retries.
  struct Content {
    std::int64_t high = 0, low = 0;
    bool operator==(const Content&) const = default;
    static constexpr void members(auto&& is) { is("high", &Content::high), is("low", &Content::low); }
  };
  struct Competitor {
    std::string name{};
    static constexpr void members(auto&& is) { is("name", &Competitor::name); }
  };
  // What is betted on. Ids and names as the provider says them, empty where it doesn't.
  struct Selection {
    std::string event{}, sport{}, sport_name{}, category{}, category_name{}, tournament{}, tournament_name{};
    std::vector<Competitor> competitors{};
    std::string market{}, outcome{}, odds{}, scheduled{};
    bool live = false;
    static constexpr void members(auto&& is) {
      is("event_id", &Selection::event, {.may_lack = true}), is("sport_id", &Selection::sport, {.may_lack = true});
      is("sport_name", &Selection::sport_name, {.may_lack = true});
      is("category_id", &Selection::category, {.may_lack = true});
      is("category_name", &Selection::category_name, {.may_lack = true});
      is("tournament_id", &Selection::tournament, {.may_lack = true});
      is("tournament_name", &Selection::tournament_name, {.may_lack = true});
      is("competitors", &Selection::competitors, {.may_lack = true});
      is("market_name", &Selection::market, {.may_lack = true});
      is("outcome_name", &Selection::outcome, {.may_lack = true}), is("odds", &Selection::odds, {.may_lack = true});
      is("scheduled", &Selection::scheduled, {.may_lack = true}), is("live", &Selection::live);
    }
  };
  struct Operation {
    Type type = Type::bet;
    Status brings = Status::none;  // the bet to this status; a rollback: to what it was before what it reverses
    std::string transaction{};     // the provider's id, empty: of a settlement
    Content content{};
    Money amount{};             // moved; of a rollback: back
    std::int64_t reverses = 0;  // of a rollback: the number of that operation, from 1
    Money balance{};            // the wallet's available one, afterwards
    bool has_balance = true;    // false: a tombstone's, where nobody knows whose
    Time at{};
    static constexpr void members(auto&& is) {
      is("operation", &Operation::type, {.is_told = false}), is("brings", &Operation::brings, {.is_told = false});
      is("transaction", &Operation::transaction, {.may_lack = true});
      is("content", &Operation::content, {.is_told = false}), is("amount", &Operation::amount);
      is("reverses", &Operation::reverses, {.may_lack = true}), is("balance", &Operation::balance);
      is("has_balance", &Operation::has_balance, {.is_told = false}), is("at", &Operation::at, {.is_told = false});
    }
  };

  // Commands and events are the same: what scripts (callback.h) found allowed. On disk by their members: add at the
  // end, never edit.
  struct Made {
    std::string player{}, wallet{}, session{}, betslip{};
    Currency currency{};
    Operation operation{};  // its amount is the stake
    std::vector<Selection> selections{};
    static constexpr void members(auto&& is) {
      is("player", &Made::player), is("wallet", &Made::wallet), is("session", &Made::session, {.may_lack = true});
      is("betslip", &Made::betslip, {.may_lack = true}), is("currency", &Made::currency);
      is("operation", &Made::operation), is("selections", &Made::selections, {.may_lack = true});
    }
  };
  struct Declined {
    Decline why = Decline::none;
    std::string player{};
    Operation operation{};  // what was asked; the balance that there was
    static constexpr void members(auto&& is) {
      is("why", &Declined::why), is("player", &Declined::player), is("operation", &Declined::operation);
    }
  };
  struct Committed {
    Content content{};
    static constexpr void members(auto&& is) { is("content", &Committed::content, {.is_told = false}); }
  };
  struct Operated {
    Operation operation{};
    static constexpr void members(auto&& is) { is("operation", &Operated::operation); }
  };
  struct Discarded {
    Money amount{};  // given back
    static constexpr void members(auto&& is) { is("amount", &Discarded::amount); }
  };
  struct Tombstoned {};
  struct Used {
    std::string bet{};  // its id, whose operation has this transaction id
    static constexpr void members(auto&& is) { is("bet", &Used::bet); }
  };
  using Command = std::variant<Made, Declined, Committed, Operated, Discarded, Tombstoned, Used>;
  using Event = Command;

  struct Done {
    Operation operation{};
    bool is_undone = false;
    std::uint64_t lsn = 0;  // of its record
    static constexpr void members(auto&& is) {
      is("operation", &Done::operation), is("is_undone", &Done::is_undone), is("lsn", &Done::lsn);
    }
  };
  struct State {
    Status status = Status::none;
    std::string player{}, wallet{}, session{}, betslip{};
    Currency currency{};
    Money stake{};
    std::vector<Selection> selections{};
    std::vector<Done> operations{};  // the first is the make, but of a tombstone
    bool is_committed = false;
    Content commit{};
    Decline why = Decline::none;
    std::string used_by{};
    static constexpr void members(auto&& is) {
      is("status", &State::status), is("player", &State::player), is("wallet", &State::wallet);
      is("session", &State::session), is("betslip", &State::betslip), is("currency", &State::currency);
      is("stake", &State::stake), is("selections", &State::selections), is("operations", &State::operations);
      is("is_committed", &State::is_committed), is("commit", &State::commit), is("why", &State::why);
      is("used_by", &State::used_by);
    }

    // It was made, and is or was a bet.
    bool is_bet() const { return status >= Status::open && status <= Status::discarded; }
    // Its operation with this transaction id, from 1; 0: none.
    std::size_t find(std::string_view transaction) const;
    // Of its operations that count: how many of this type, and their sum.
    std::pair<std::size_t, Money> sum(Type type) const;
    Money payout() const { return {sum(Type::win).second.minor + sum(Type::refund).second.minor}; }
  };

  static Decision<Event> decide(const State& bet, const Command& command, Time now);
  static void apply(State& bet, const Event& event);
  static bool check(const State& bet);
  static bool fits(const State& bet, const Event& event);
  static void recorded(State& bet, Lsn lsn);  // its operations that are new have this one

  // Names for the edges (says.cc).
  static std::string_view name_of(const Event& event);
  static void describe_event(const Event& event, Fields& fields);
  static void answer(const State& bet, const Command* command, std::string& out);
  static bool describe_answer(std::string_view id, std::string_view answer, Fields& fields);
  static bool is_no_bet(std::string_view answer);  // of a read: what has this id never became a bet

  // What it says to the world (says.cc, books.cc).
  static void tell(std::string_view id, const Event& event, Fields& fields);
  static std::span<const Table> tables();
  static void rows(std::string_view id, const State& bet, std::span<const Event> events, RowWriter& out);
  static std::string audit(std::string_view id, const State& bet, const Neighbours& others);
};

std::string_view name_of(Bet::Status status);
std::string_view name_of(Bet::Type type);
std::string_view name_of(Bet::Decline why);

namespace bet {

// "acme:12345", and "acme:12345:2" of its second operation.
std::string id_of(std::string_view provider, std::string_view transaction);
std::string operation_id(std::string_view bet, std::size_t number);
// The bet and the number of an operation's id of this provider's; nothing when it isn't one.
std::optional<std::pair<std::string, std::size_t>> read_operation_id(std::string_view provider, std::string_view id);
// 1 to 100 characters of ids: what providers may call things.
bool is_transaction(std::string_view text);

}  // namespace bet
}  // namespace tote
