#include "tests/simulation/betting.h"

#include <algorithm>

#include "tests/simulation/world.h"

namespace tote::simulation {

namespace {

using What = BettingProvider::What;
using Callback = BettingProvider::Callback;

std::int64_t number_of(std::string_view text) {
  std::uint64_t hash = 14'695'981'039'346'656'037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211ULL;
  return static_cast<std::int64_t>(hash >> 1);
}

bool has_transaction(What what) {
  return what != What::make && what != What::commit && what != What::discard && what != What::settle;
}

// Answers that say "not now".
bool is_definite(Code code) { return is_success(code) || is_stored(code); }

bool is_expected(Code code) {
  constexpr Code expected[] = {Code::bet_unknown,       Code::bet_conflict,  Code::not_found,  Code::log_full,
                               Code::currency_mismatch, Code::wallet_closed, Code::overloaded, Code::balance_limit};
  return std::ranges::find(expected, code) != std::end(expected);
}

}  // namespace

std::string name_of(const Callback& callback) {
  constexpr const char* names[] = {"make",   "commit",   "win",     "cash out", "lost",
                                   "refund", "rollback", "discard", "settle"};
  return std::string(names[static_cast<int>(callback.what)]) + ' ' + callback.provider + ':' + callback.bet + ' ' +
         callback.transaction + ' ' + std::to_string(callback.amount) + ' ' + callback.player + ' ' + callback.session +
         " #" + std::to_string(callback.number);
}

Callback BettingProvider::any() {
  constexpr What whats[] = {What::make,    What::make,   What::make,      What::make,      What::commit,
                            What::win,     What::win,    What::win,       What::cash_out,  What::lost,
                            What::refund,  What::refund, What::roll_back, What::roll_back, What::roll_back,
                            What::discard, What::settle};
  Callback callback;
  callback.what = whats[world_.below(std::size(whats))];
  callback.provider = world_.below(2) == 0 ? "acme" : "zeta";
  callback.bet = "t" + std::to_string(world_.below(6));
  callback.player = (callback.provider == "acme" && world_.below(2) == 0 ? "w" : "b") +
                    std::to_string(world_.below(world_.below(12) == 0 ? 7 : 3));
  callback.session = "s" + (world_.below(4) == 0 ? "0" : callback.player.substr(1));
  callback.amount = 1 + static_cast<std::int64_t>(world_.below(90));
  if (has_transaction(callback.what))
    callback.transaction = (world_.below(20) == 0 ? "t" : "x") + std::to_string(world_.below(30));
  callback.number = 1 + world_.below(5);
  return callback;
}

ScriptPtr BettingProvider::script(const Callback& callback) const {
  const bool is_zeta = checks_sessions(callback.provider);
  const bet::Said said{callback.provider, callback.bet, callback.transaction, {number_of(name_of(callback)), 1},
                       !is_zeta,          is_zeta};
  const Money amount{callback.amount};
  switch (callback.what) {
    case What::make:
      return bet::make(said, {.player = callback.player,
                              .wallet = callback.player,
                              .session = callback.session,
                              .needs_session = is_zeta,
                              .currency = euro,
                              .amount = amount,
                              .selections = {{.event = "e" + callback.bet, .sport = "soccer"}}});
    case What::commit: return bet::commit(said);
    case What::win: return bet::settle(said, {Bet::Type::win, false, amount, euro});
    case What::cash_out: return bet::settle(said, {Bet::Type::win, true, amount, euro});
    case What::lost: return bet::settle(said, {Bet::Type::lost});
    case What::refund: return bet::settle(said, {Bet::Type::refund, false, amount});
    case What::roll_back:
      return bet::roll_back(said, bet::operation_id(bet::id_of(callback.provider, callback.bet), callback.number), {});
    case What::discard: return bet::discard(said, {});
    case What::settle: return bet::settle_status(said, Bet::Status::won);
  }
  return nullptr;
}

void BettingProvider::call() {
  if (!callbacks_.empty() && world_.below(3) == 0) return call_again();
  call(any());
}

std::size_t BettingProvider::call(Callback callback) {
  callbacks_.push_back(std::move(callback));
  send(callbacks_.size() - 1);
  return callbacks_.size() - 1;
}

void BettingProvider::call_again() {
  if (!callbacks_.empty()) send(world_.below(callbacks_.size()));
}

void BettingProvider::call_unanswered() {
  for (std::size_t i = 0; i < callbacks_.size(); ++i)
    if (!callbacks_[i].is_answered) send(i);
}

void BettingProvider::send(std::size_t number) {
  const Callback& callback = callbacks_[number];
  world_.note(name_of(callback));
  Request request{.kind = Bet::kind_id, .entity = bet::id_of(callback.provider, callback.bet)};
  request.command = Command(script(callback));
  waiting_.emplace_back(world_.engine().submit(std::move(request)), number);
}

void BettingProvider::pay_out() {
  for (const auto& [id, bet] : world_.model().bets().bets()) {
    if (!bet.is_open() || bet.count("lost") + bet.count("refunded") > 0) continue;
    const auto colon = id.find(':');
    Callback win{.what = What::win, .provider = id.substr(0, colon), .bet = id.substr(colon + 1)};
    win.transaction = "payout" + std::to_string(payouts_++);
    win.amount = 1;
    win.must_be_done = true;
    call(std::move(win));
  }
}

void BettingProvider::look() {
  std::erase_if(waiting_, [this](const auto& waiting) {
    if (!world_.engine().is_answered(waiting.first)) return false;
    judge(callbacks_[waiting.second], world_.engine().outcome(waiting.first));
    return true;
  });
}

void BettingProvider::forget() { waiting_.clear(); }

void BettingProvider::judge(Callback& callback, const Outcome& outcome) {
  const std::string name = name_of(callback);
  world_.note(name + " says " + std::string(name_of(outcome.code)));
  callback.is_answered = callback.is_answered || is_definite(outcome.code);
  if (!is_success(outcome.code)) {
    if (!is_expected(outcome.code)) world_.fault(name + " is refused: " + std::string(name_of(outcome.code)));
    if (!is_definite(outcome.code)) return;
    // Who was told that a bet is made may have taken it back since.
    if (callback.told && callback.what != What::make) world_.fault(name + " was answered, and is refused now");
    if (callback.must_be_done) world_.fault(name + " is refused, and nothing speaks against it");
    return;
  }
  const auto result = bet::read_result(outcome.answer);
  if (!result) return world_.fault(name + " has an answer that can't be read");
  if (callback.must_be_done && result->kind != bet::Result::Kind::done)
    world_.fault(name + " isn't done, and nothing speaks against it");
  if (result->kind == bet::Result::Kind::done || result->kind == bet::Result::Kind::declined)
    judge_done(callback, *result, outcome.answer);
  else if (callback.told)
    world_.fault(name + " was answered, and now otherwise");
}

void BettingProvider::judge_done(Callback& callback, const bet::Result& result, const std::string& answer) {
  const std::string name = name_of(callback);
  if (callback.told && *callback.told != answer) world_.fault(name + " was answered twice, and not alike");
  callback.told = answer;
  const auto* operation = world_.model().bets().find(result.id);
  if (operation == nullptr) return world_.fault(name + " is answered by what isn't durable: " + result.id);
  const std::string transaction = callback.what == What::make ? callback.bet : callback.transaction;
  if (operation->amount != result.amount.minor || operation->transaction != transaction)
    world_.fault(name + " is answered by something else: " + result.id);
}

}  // namespace tote::simulation
