#include "tests/simulation/gateway.h"

#include <iterator>

namespace tote::simulation {

using payment::Result;
using payment::Status;

namespace {

Result lost() { return {Status::unreachable, {}, "no answer"}; }

}  // namespace

Result Gateway::call(const Command& command) {
  switch (random_() % 5) {
    case 0: return lost();                          // it never came here
    case 1: return call_honestly(command), lost();  // it did, and the answer was lost
    default: return call_honestly(command);
  }
}

Result Gateway::call_honestly(const Command& command) {
  if (const auto* charge = command.get<payment::Charge>()) return execute(*charge);
  if (const auto* refund = command.get<payment::Refund>()) return execute(*refund);
  faults_.emplace_back("a call that no provider knows");
  return {Status::failed, {}, "unknown call"};
}

Result Gateway::execute(const payment::Charge& call) {
  if (const auto known = by_key_.find(call.key); known != by_key_.end() && !forgets_keys) return known->second;
  Result result{Status::declined, {}, "no money"};
  if (!declines && (never_fails || !chance(4))) {
    result = {Status::succeeded, "ch_" + std::to_string(charges_.size() + 1), {}};
    charges_[result.id] = {call.key, call.amount.minor, call.currency};
    balance_ += call.amount.minor;
  }
  return by_key_[call.key] = result;
}

Result Gateway::execute(const payment::Refund& call) {
  if (const auto known = by_key_.find(call.key); known != by_key_.end()) return known->second;
  const auto charge = charges_.find(call.charge);
  if (charge == charges_.end() || (!call.is_part && charge->second.amount != call.amount.minor)) {
    faults_.push_back("refund " + call.key + " of a charge that was never made: " + call.charge);
    return {Status::failed, {}, "no such charge"};
  }
  if (charge->second.currency != call.currency) faults_.push_back(call.charge + " goes back in another currency");
  if (charge->second.refunded + call.amount.minor > charge->second.amount) {
    faults_.push_back("more than was paid goes back of " + call.charge + " by " + call.key);
    return {Status::already_refunded, {}, "refunded before"};
  }
  if (!never_fails && chance(12)) return by_key_[call.key] = {Status::failed, {}, "the card is gone"};
  if (balance_ < call.amount.minor)
    return by_key_[call.key] = {Status::balance_insufficient, {}, "the account is empty"};
  balance_ -= call.amount.minor;
  charge->second.refunded += call.amount.minor;
  const std::string id = "re_" + std::to_string(refunds_.size() + 1);
  refunds_[id] = {id, call.charge, call.amount.minor};
  return by_key_[call.key] = {Status::succeeded, id, {}};
}

void Gateway::take(const std::string& id, std::int64_t amount, Currency currency) {
  charges_[id] = {{}, amount, currency};
  balance_ += amount;
}

bool Gateway::is_given_back(const std::string& id) const {
  const auto found = charges_.find(id);
  return found != charges_.end() && found->second.is_given_back();
}

std::optional<Gateway::Returned> Gateway::any_refund() {
  if (refunds_.empty()) return std::nullopt;
  return std::next(refunds_.begin(), static_cast<std::ptrdiff_t>(random_() % refunds_.size()))->second;
}

void Gateway::bounce(const std::string& refund) {
  Returned& back = refunds_.at(refund);
  if (back.has_bounced) return;
  back.has_bounced = true;
  charges_.at(back.charge).refunded -= back.amount;
  balance_ += back.amount;
}

std::int64_t Gateway::kept_of(const std::string& charge) const {
  const auto found = charges_.find(charge);
  return found == charges_.end() ? 0 : found->second.amount - found->second.refunded;
}

std::int64_t Gateway::kept() const {
  std::int64_t sum = 0;
  for (const auto& [id, charge] : charges_) sum += charge.amount - charge.refunded;
  return sum;
}

}  // namespace tote::simulation
