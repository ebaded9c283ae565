#include "tests/simulation/model_bets.h"

#include "tests/simulation/betting.h"
#include "tests/simulation/model.h"

namespace tote::simulation {

namespace {

bool is_settlement(const std::string& name) { return name != "made" && name != "rolled_back"; }

std::string provider_of(const std::string& id) { return id.substr(0, id.find(':')); }

}  // namespace

std::int64_t BetsModel::Bet::count(const std::string& name) const {
  std::int64_t count = 0;
  for (const Operation& one : operations) count += one.counts && one.name == name ? 1 : 0;
  return count;
}

std::int64_t BetsModel::Bet::sum(const std::string& name) const {
  std::int64_t sum = 0;
  for (const Operation& one : operations) sum += one.counts && one.name == name ? one.amount : 0;
  return sum;
}

std::int64_t BetsModel::lost_by(const std::string& wallet) const {
  std::int64_t sum = 0;
  for (const auto& [id, bet] : bets_)
    if (bet.is_open() && bet.wallet == wallet)
      sum += bet.stake - bet.sum("won") - bet.sum("cashed_out") - bet.sum("refunded");
  return sum;
}

const BetsModel::Operation* BetsModel::find(const std::string& operation_id) const {
  const auto colon = operation_id.rfind(':');
  if (colon == std::string::npos) return nullptr;
  const auto bet = bets_.find(operation_id.substr(0, colon));
  const std::size_t number = std::strtoull(operation_id.c_str() + colon + 1, nullptr, 10);
  if (bet == bets_.end() || number < 1 || number > bet->second.operations.size()) return nullptr;
  return &bet->second.operations[number - 1];
}

// One transaction of a provider's is one operation, for ever.
void BetsModel::claim(const std::string& id, const Node& event) {
  const std::string transaction = event.text("transaction");
  if (!transaction.empty() && !transactions_.insert(provider_of(id) + ':' + transaction).second)
    fault_("the transaction " + transaction + " counts twice, now at " + id);
}

void BetsModel::apply(const std::string& id, const Node& event) {
  Bet& bet = bets_[id];
  using Status = Bet::Status;
  if (event.name == "made" || event.name == "declined") return make(id, bet, event);
  if (event.name == "used") {
    if (bet.status != Status::none) fault_(id + " is used, and was something");
    bet.status = Status::used;
  } else if (event.name == "tombstoned") {
    if (bet.status != Status::none && bet.status != Status::declined) fault_(id + " is buried, and was something");
    bet.status = Status::buried;
  } else if (event.name == "committed") {
    if (!bet.is_open() || bet.is_committed) fault_(id + " can't be committed");
    bet.is_committed = true;
  } else if (event.name == "discarded") {
    bool is_settled = false;
    for (const Operation& one : bet.operations) is_settled = is_settled || (one.counts && is_settlement(one.name));
    if (!bet.is_open() || is_settled || event.integer("amount") != bet.stake) fault_(id + " can't be discarded");
    bet.status = Status::taken_back;
    bet.operations.front().counts = false;
    moved_[bet.wallet] += bet.stake;
  } else {
    operate(id, bet, event);
  }
}

void BetsModel::make(const std::string& id, Bet& bet, const Node& event) {
  if (bet.status != Bet::Status::none) fault_(id + " is made, and was something before");
  const bool is_made = event.name == "made";
  claim(id, event);
  bet.status = is_made ? Bet::Status::made : Bet::Status::declined;
  bet.wallet = is_made ? event.text("wallet") : event.text("player");
  bet.stake = is_made ? event.integer("amount") : 0;
  bet.operations.push_back({"made", event.text("transaction"), event.integer("amount")});
  asked_.push_back(
      {provider_of(id), event.text("player"), event.text("session"), event.text("why"), event.integer("amount")});
  if (is_made) moved_[bet.wallet] -= bet.stake;
  if (event.integers.contains("balance")) told_.emplace_back(bet.wallet, event.integer("balance"));
}

void BetsModel::operate(const std::string& id, Bet& bet, const Node& event) {
  const std::int64_t amount = event.integer("amount");
  claim(id, event);
  bet.operations.push_back({event.name, event.text("transaction"), amount});
  if (bet.status == Bet::Status::buried) {
    if (amount != 0) fault_(id + " was taken back before it came, and moves money");
    return;
  }
  if (!bet.is_open()) return fault_(id + " is no bet, and is " + event.name);
  if (event.integers.contains("balance")) told_.emplace_back(bet.wallet, event.integer("balance"));
  if (event.name == "rolled_back") return roll_back(id, bet, event);
  const std::int64_t wins = bet.count("won") + bet.count("cashed_out"), lost = bet.count("lost");
  if (event.name == "won" || event.name == "cashed_out") {
    if (lost > 0 || bet.count("refunded") > 0) fault_(id + " is lost or paid back, and wins");
  } else if (event.name == "lost") {
    if (lost > 1 || bet.count("refunded") > 0 || amount != 0) fault_(id + " can't be lost");
  } else if (event.name == "refunded") {
    if (wins > 0 || lost > 0) fault_(id + " has won or is lost, and is paid back");
    if (bet.sum("refunded") > bet.stake) fault_(id + " pays back more than its stake");
  } else if (event.name != "settled" || amount != 0) {
    fault_(id + " does what nobody knows: " + event.name);
  }
  if (amount != 0) moved_[bet.wallet] += amount;
}

void BetsModel::roll_back(const std::string& id, Bet& bet, const Node& event) {
  const auto number = static_cast<std::size_t>(event.integer("reverses"));
  if (number < 1 || number >= bet.operations.size()) return fault_(id + " rolls back what isn't there");
  Operation& reversed = bet.operations[number - 1];
  const bool may_be = reversed.counts && reversed.name != "rolled_back" && reversed.name != "settled";
  if (!may_be || event.integer("amount") != reversed.amount) fault_(id + " rolls back wrongly: " + reversed.name);
  reversed.counts = false;
  for (std::size_t i = number; i < bet.operations.size(); ++i)
    if (bet.operations[i].name == "settled") bet.operations[i].counts = false;
  if (number == 1) {
    if (bet.count("won") + bet.count("cashed_out") + bet.count("lost") + bet.count("refunded") > 0)
      fault_(id + " gives its stake back, and is settled");
    bet.status = Bet::Status::taken_back;
  }
  moved_[bet.wallet] += number == 1 ? bet.stake : -reversed.amount;
}

void BetsModel::apply_session(const std::string& id, const Node& event) {
  if (event.name == "opened")
    sessions_[id] = event.text("player");
  else
    sessions_.erase(id);
}

void BetsModel::check_record(const Model& model, const std::string& where) {
  for (const auto& [id, told] : told_) {
    const Wallet* wallet = model.wallet(id);
    const std::int64_t available = wallet == nullptr ? 0 : wallet->available(0);
    if (told != available)
      fault_(where + "tells a balance of " + std::to_string(told) + ", " + id + " has " + std::to_string(available));
  }
  for (const Asked& asked : asked_) check_make(model, where, asked);
}

// Every "no" has its reason, and no "yes" lacks one.
void BetsModel::check_make(const Model& model, const std::string& where, const Asked& asked) {
  const Wallet* wallet = model.wallet(asked.player);
  const auto session = sessions_.find(asked.session);
  const bool has_session = session != sessions_.end() && session->second == asked.player;
  std::string why;
  if (wallet == nullptr)
    why = "player_not_found";
  else if (BettingProvider::checks_sessions(asked.provider) && !has_session)
    why = "session_expired";
  else if (!wallet->is_open())
    why = "player_blocked";
  if (asked.why == "session_expired" && wallet != nullptr && BettingProvider::checks_sessions(asked.provider))
    return;  // a declined one doesn't say which session it named
  if (asked.why == "not_enough_money") {
    const bool is_short = wallet != nullptr && wallet->available(0) < asked.amount;
    if (!is_short) fault_(where + asked.player + " has the money, and is told otherwise");
    return;
  }
  if (asked.why.empty() ? !why.empty() : asked.why != why && !(asked.why == "player_blocked" && !wallet->is_open()))
    fault_(where + "a make says '" + asked.why + "', not '" + why + "'");
}

}  // namespace tote::simulation
