#include "actors/bet/on_bet.h"

#include <algorithm>

#include "actors/bet/list.h"

namespace tote::bet {
namespace {

std::string bet_of_operation(const Said& said) {
  const auto ours = read_operation_id(said.provider, said.named);
  return ours ? ours->first : std::string();
}

std::string claim_of(const Said& said) {
  return said.transaction.empty() ? std::string() : id_of(said.provider, said.transaction);
}

}  // namespace

OnBet::OnBet(Said said)
    : said_(std::move(said)), exact_(entity_of(said_)), ours_(bet_of_operation(said_)), claim_(claim_of(said_)) {}

void OnBet::entities(std::vector<EntityRef>& out) const {
  out.push_back({Bet::kind_id, exact_});
  if (!ours_.empty()) out.push_back({Bet::kind_id, ours_});
  if (!claim_.empty()) out.push_back({Bet::kind_id, claim_});
}

void OnBet::answer(Transaction&, std::string& out) const { write_result(result_, out); }

// Of who asks with an idempotency key, too: its content has all that was said.
void OnBet::digest(std::string& out) const {
  out.append(verb()).append(1, ' ').append(said_.provider).append(1, '\0').append(said_.named).append(1, '\0');
  out.append(said_.transaction).append(1, '\0');
  out.append(std::to_string(said_.content.high)).append(1, ' ').append(std::to_string(said_.content.low));
}

OnBet::Found OnBet::find(Transaction& on) const {
  const Found exact{&exact_, look<Bet>(on, exact_)};
  if (exact.bet != nullptr || ours_.empty()) return exact;
  const Found ours{&ours_, look<Bet>(on, ours_)};
  const auto named = read_operation_id(said_.provider, said_.named);
  return ours.bet != nullptr && named->second <= ours.bet->operations.size() ? ours : exact;
}

OnBet::Before OnBet::look_before(Transaction& on, const Found& found, Bet::Type type) const {
  if (found.bet != nullptr)
    if (const std::size_t number = found.bet->find(said_.transaction); number != 0) {
      const Bet::Operation& before = found.bet->operations[number - 1].operation;
      if (before.type != type || before.content != said_.content) return {true, {Code::bet_conflict}};
      return {true, say(result_of(*found.id, *found.bet, number))};
    }
  const bool is_its_own = found.is_tombstone() && claim_ == *found.id;  // it was buried under this very id
  return {!is_its_own && look<Bet>(on, claim_) != nullptr, {Code::bet_conflict}};
}

Verdict OnBet::put_tombstone(Transaction& on, const std::string& id) const {
  if (const Step step = tote::run<Bet>(on, id, Bet::Tombstoned{}); step.refused()) return step.verdict();
  return tote::run<Reference>(on, index_id, Reference::Seen{{{id, {}}}}).verdict();
}

// Once it is buried nothing more needs to be kept of who only hears that it isn't known.
Verdict OnBet::bury(Transaction& on, const Found& found, Bet::Type type) const {
  const bool is_new = found.may_come();
  if (found.bet != nullptr && !is_new && !found.is_tombstone()) return {Code::bet_unknown};
  if (is_new)
    if (Verdict buried = put_tombstone(on, *found.id); buried.refused()) return buried;
  if (!said_.unknown_is_ok) return say({.kind = Result::Kind::unknown});
  return operate(on, found,
                 {.type = type, .transaction = said_.transaction, .content = said_.content, .has_balance = false});
}

Verdict OnBet::operate(Transaction& on, const Found& found, Bet::Operation operation) const {
  const std::string id = *found.id;
  if (const Step step = tote::run<Bet>(on, id, Bet::Operated{std::move(operation)}); step.refused())
    return step.verdict();
  if (const Step step = tote::run<Bet>(on, claim_, Bet::Used{id}); step.refused()) return step.verdict();
  const Bet::State* bet = look<Bet>(on, id);
  return say(result_of(id, *bet, bet->operations.size()));
}

Moved pay_in(Transaction& on, const std::string& wallet, Money amount, const std::string& reference) {
  const auto* before = look<Wallet>(on, wallet);
  if (before == nullptr) return {{Code::not_found}};
  if (before->status == Wallet::Status::closed) return {{Code::wallet_closed}};
  const Money balance{before->available().minor + amount.minor - before->paid_by(amount).minor};
  if (amount.minor == 0) return {{}, before->available()};
  return {run<Wallet>(on, wallet, Wallet::Credit{amount, reference}).verdict(), balance};
}

Moved take_back(Transaction& on, const std::string& wallet, Money amount, const std::string& reference,
                bool may_overdraw) {
  const auto* before = look<Wallet>(on, wallet);
  if (before == nullptr) return {{Code::not_found}};
  if (before->status == Wallet::Status::closed) return {{Code::wallet_closed}};
  const Money available = before->available();
  if (amount.minor == 0) return {{}, available};
  const std::int64_t there = std::clamp<std::int64_t>(available.minor, 0, amount.minor);
  const Money balance{available.minor - (may_overdraw ? amount.minor : there)};
  return {run<Wallet>(on, wallet, Wallet::Reverse{amount, reference, may_overdraw}).verdict(), balance};
}

Money balance_of(Transaction& on, const std::string& wallet) {
  const auto* seen = look<Wallet>(on, wallet);
  return seen == nullptr ? Money{} : seen->available();
}

}  // namespace tote::bet
