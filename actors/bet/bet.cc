#include "actors/bet/bet.h"

#include <algorithm>
#include <charconv>

#include "engine/kernel/limits.h"
#include "engine/kernel/name.h"

namespace tote {
namespace {

using Status = Bet::Status;
using Type = Bet::Type;

bool is_money(Money amount, std::int64_t min) { return amount.minor >= min && amount.minor <= limits::amount_max; }

// Of those that count the last one's.
Status status_of(const Bet::State& bet) {
  for (auto done = bet.operations.crbegin(); done != bet.operations.crend(); ++done)
    if (!done->is_undone && done->operation.type != Type::bet && done->operation.type != Type::rollback)
      return done->operation.brings;
  return bet.is_committed ? Status::committed : Status::open;
}

struct Apply {
  Bet::State& bet;

  void operator()(const Bet::Made& made) const {
    bet = {.status = Status::open,
           .player = made.player,
           .wallet = made.wallet,
           .session = made.session,
           .betslip = made.betslip,
           .currency = made.currency,
           .stake = made.operation.amount,
           .selections = made.selections};
    bet.operations.push_back({made.operation});
  }
  void operator()(const Bet::Declined& declined) const {
    bet.status = Status::declined;
    bet.why = declined.why;
    bet.player = declined.player;
    bet.operations.push_back({declined.operation});
  }
  void operator()(const Bet::Committed& committed) const {
    bet.is_committed = true;
    bet.commit = committed.content;
    bet.status = status_of(bet);
  }
  void operator()(const Bet::Operated& operated) const {
    const Bet::Operation& operation = operated.operation;
    const bool is_tombstone = bet.status == Status::tombstoned;
    if (operation.type == Type::rollback && operation.reverses > 0) undo(operation.reverses);
    const bool is_taken_back = operation.type == Type::rollback && operation.reverses == 1;
    bet.operations.push_back({operation});
    if (!is_tombstone) bet.status = is_taken_back ? Status::discarded : status_of(bet);
  }
  void operator()(const Bet::Discarded&) const {
    bet.status = Status::discarded;
    bet.operations.front().is_undone = true;
  }
  void operator()(const Bet::Tombstoned&) const { bet.status = Status::tombstoned; }
  void operator()(const Bet::Used& used) const {
    bet.status = Status::used;
    bet.used_by = used.bet;
  }

 private:
  // And what was said of the bet's status since.
  void undo(std::int64_t number) const {
    for (auto i = static_cast<std::size_t>(number) - 1; i < bet.operations.size(); ++i)
      if (i + 1 == static_cast<std::size_t>(number) || bet.operations[i].operation.type == Type::settlement)
        bet.operations[i].is_undone = true;
  }
};

// Whether an event that was read from a log can be applied at all, and whether a command may.
struct Fits {
  const Bet::State& bet;

  bool operator()(const Bet::Made& made) const {
    return bet.status == Status::none && made.operation.type == Type::bet && is_money(made.operation.amount, 1) &&
           made.currency != Currency{} && made.selections.size() <= Bet::selections_max;
  }
  bool operator()(const Bet::Declined& declined) const {
    return bet.status == Status::none && declined.operation.type == Type::bet && !name_of(declined.why).empty();
  }
  bool operator()(const Bet::Committed&) const { return bet.is_bet() && !bet.is_committed; }
  bool operator()(const Bet::Operated& operated) const {
    const Bet::Operation& operation = operated.operation;
    if (!is_money(operation.amount, 0) || bet.operations.size() >= Bet::operations_max) return false;
    if (bet.status == Status::tombstoned) return operation.amount.minor == 0 && operation.reverses == 0;
    if (!bet.is_bet() || bet.status == Status::discarded) return false;
    switch (operation.type) {
      case Type::win: return operation.brings == Status::won || operation.brings == Status::cashed_out;
      case Type::lost: return operation.brings == Status::lost && operation.amount.minor == 0;
      case Type::refund:
        return operation.brings == Status::refunded &&
               bet.sum(Type::refund).second.minor + operation.amount.minor <= bet.stake.minor;
      case Type::settlement:
        return operation.brings >= Status::won && operation.brings <= Status::cashed_out && operation.amount.minor == 0;
      case Type::rollback: return reverses_one(operation);
      case Type::bet: return false;
    }
    return false;
  }
  bool operator()(const Bet::Discarded&) const {
    return bet.is_bet() && bet.status <= Status::committed && !bet.operations.empty();
  }
  bool operator()(const Bet::Tombstoned&) const { return bet.status == Status::none || bet.status == Status::declined; }
  bool operator()(const Bet::Used& used) const { return bet.status == Status::none && !used.bet.empty(); }

 private:
  bool reverses_one(const Bet::Operation& rollback) const {
    if (rollback.reverses < 1 || rollback.reverses > static_cast<std::int64_t>(bet.operations.size())) return false;
    const Bet::Done& reversed = bet.operations[static_cast<std::size_t>(rollback.reverses) - 1];
    const Type type = reversed.operation.type;
    return !reversed.is_undone && type != Type::rollback && type != Type::settlement &&
           rollback.amount == reversed.operation.amount;
  }
};

}  // namespace

std::size_t Bet::State::find(std::string_view transaction) const {
  for (std::size_t i = 0; i < operations.size(); ++i)
    if (operations[i].operation.transaction == transaction) return i + 1;
  return 0;
}

std::pair<std::size_t, Money> Bet::State::sum(Type type) const {
  std::pair<std::size_t, Money> sum{};
  for (const Done& done : operations)
    if (done.operation.type == type && !done.is_undone) ++sum.first, sum.second.minor += done.operation.amount.minor;
  return sum;
}

Decision<Bet::Event> Bet::decide(const State& bet, const Command& command, Time now) {
  if (!fits(bet, command)) return Refusal{Code::bet_conflict};
  Event event = command;
  std::visit(
      [now](auto& one) {
        if constexpr (requires { one.operation; }) one.operation.at = now;
      },
      event);
  return event;
}

void Bet::apply(State& bet, const Event& event) { std::visit(Apply{bet}, event); }

bool Bet::fits(const State& bet, const Event& event) { return std::visit(Fits{bet}, event); }

// What is paid out of a bet was never more than its wins and its stake.
bool Bet::check(const State& bet) {
  return bet.status != Status::none && bet.operations.size() <= operations_max &&
         bet.sum(Type::refund).second <= bet.stake;
}

void Bet::recorded(State& bet, Lsn lsn) {
  for (auto done = bet.operations.rbegin(); done != bet.operations.rend() && done->lsn == 0; ++done)
    done->lsn = lsn.value;
}

std::string_view name_of(Bet::Status status) {
  static constexpr std::string_view names[] = {"none",       "open",      "committed",  "won",      "lost", "refunded",
                                               "cashed_out", "discarded", "tombstoned", "declined", "used"};
  const auto number = static_cast<std::size_t>(status);
  return number < std::size(names) ? names[number] : std::string_view{};
}

std::string_view name_of(Bet::Type type) {
  static constexpr std::string_view names[] = {"", "bet", "win", "lost", "refund", "rollback", "settlement"};
  const auto number = static_cast<std::size_t>(type);
  return number < std::size(names) ? names[number] : std::string_view{};
}

std::string_view name_of(Bet::Decline why) {
  static constexpr std::string_view names[] = {
      "", "player_blocked", "player_not_found", "session_expired", "not_enough_money", "invalid_currency"};
  const auto number = static_cast<std::size_t>(why);
  return number < std::size(names) ? names[number] : std::string_view{};
}

namespace bet {

std::string id_of(std::string_view provider, std::string_view transaction) {
  return std::string(provider).append(1, ':').append(transaction);
}

std::string operation_id(std::string_view bet, std::size_t number) {
  return std::string(bet).append(1, ':').append(std::to_string(number));
}

std::optional<std::pair<std::string, std::size_t>> read_operation_id(std::string_view provider, std::string_view id) {
  const auto colon = id.rfind(':');
  if (!id.starts_with(provider) || colon == std::string_view::npos || colon <= provider.size() + 1) return std::nullopt;
  const std::string_view digits = id.substr(colon + 1), name = id.substr(0, colon);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_number = error == std::errc{} && end == digits.data() + digits.size() && digits.front() != '0';
  if (!is_number || name[provider.size()] != ':' || !is_transaction(name.substr(provider.size() + 1)))
    return std::nullopt;
  return std::pair{std::string(name), number};
}

bool is_transaction(std::string_view text) { return text.size() <= Bet::transaction_bytes_max && is_valid_id(text); }

}  // namespace bet
}  // namespace tote
