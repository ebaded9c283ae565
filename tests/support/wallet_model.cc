#include "tests/support/wallet_model.h"

#include <algorithm>

#include "tests/support/history.h"

namespace tests {
namespace {

using Kind = Operation::Kind;

constexpr std::size_t closed_holds_remembered = 1'000;  // of a wallet; older ones are `hold_not_found`

std::string differs(const char* what, const std::string& told, const std::string& expected) {
  return told == expected ? "" : std::string(what) + " is " + told + " instead of " + expected + "; ";
}

std::string differs(const char* what, std::int64_t told, std::int64_t expected) {
  return differs(what, std::to_string(told), std::to_string(expected));
}

}  // namespace

std::int64_t WalletModel::held() const {
  std::int64_t sum = 0;
  for (const auto& [id, hold] : open_) sum += hold.amount;
  return sum;
}

WalletModel::Expected WalletModel::refuse(unsigned status, std::string code,
                                          std::map<std::string, std::int64_t> facts) const {
  return {status, std::move(code), std::move(facts)};
}

WalletModel::Expected WalletModel::expect_spending(std::int64_t amount, unsigned success) const {
  if (amount <= available()) return {.status = success, .changes = true};
  return refuse(402, "insufficient_funds", {{"available", available()}, {"requested", amount}});
}

WalletModel::Expected WalletModel::expect(const Operation& operation) const {
  const bool exists = version_ != 0;
  if (operation.kind == Kind::read) return exists ? Expected{} : refuse(404, "not_found");
  if (operation.if_match && *operation.if_match != version_)
    return refuse(412, "version_mismatch", {{"current_version", static_cast<std::int64_t>(version_)}});
  if (operation.kind == Kind::open) {
    if (!exists) return {.status = 201, .changes = true};
    const bool same = operation.currency == currency_ && operation.overdraft_limit == overdraft_limit_;
    return same ? Expected{} : refuse(409, "already_exists");
  }
  if (!exists) return refuse(404, "not_found");
  if (operation.kind == Kind::credit) return {.changes = true};
  if (operation.kind == Kind::debit) return expect_spending(operation.amount, 200);
  const bool is_open = open_.contains(operation.hold), is_closed = closed_.contains(operation.hold);
  if (operation.kind == Kind::hold) {
    if (is_open || is_closed) return refuse(409, "hold_exists");
    return expect_spending(operation.amount, 201);
  }
  if (is_closed) return refuse(409, "hold_closed");
  if (!is_open) return refuse(404, "hold_not_found");
  const auto amount = open_.at(operation.hold).amount;
  if (operation.kind == Kind::capture && operation.amount > amount)
    return refuse(409, "capture_exceeds_hold", {{"available", amount}, {"requested", operation.amount}});
  return {.changes = true};
}

void WalletModel::apply(const Operation& operation, std::int64_t expires_at_ms) {
  ++version_;
  switch (operation.kind) {
    case Kind::open:
      currency_ = operation.currency;
      overdraft_limit_ = operation.overdraft_limit;
      break;
    case Kind::credit: balance_ += operation.amount; break;
    case Kind::debit: balance_ -= operation.amount; break;
    case Kind::hold: open_[operation.hold] = {operation.amount, 0, expires_at_ms}; break;
    case Kind::capture: {
      auto& hold = open_.at(operation.hold);
      hold.captured = operation.amount == 0 ? hold.amount : operation.amount;
      balance_ -= hold.captured;
      close(operation.hold, "captured");
      break;
    }
    case Kind::release: close(operation.hold, "released"); break;
    case Kind::read: break;
  }
}

void WalletModel::expire(const std::string& hold) {
  ++version_;
  close(hold, "expired");
}

void WalletModel::close(const std::string& id, std::string status) {
  Hold hold = open_.at(id);
  open_.erase(id);
  hold.status = std::move(status);
  closed_.emplace(id, hold);
  closed_in_order_.push_back(id);
  if (closed_in_order_.size() <= closed_holds_remembered) return;
  closed_.erase(closed_in_order_.front());
  closed_in_order_.pop_front();
}

std::int64_t WalletModel::next_expiry_ms() const {
  std::int64_t next = never_ns;
  for (const auto& [id, hold] : open_) next = std::min(next, hold.expires_at_ms);
  return next;
}

std::vector<std::string> WalletModel::next_to_expire() const {
  const auto next = next_expiry_ms();
  std::vector<std::string> ids;
  for (const auto& [id, hold] : open_)
    if (hold.expires_at_ms == next) ids.push_back(id);
  return ids;
}

Answer WalletModel::answer(const Operation& operation) const {
  Answer answer{.id = operation.wallet,
                .currency = currency_,
                .balance = balance_,
                .held = held(),
                .available = available(),
                .overdraft_limit = overdraft_limit_,
                .version = version_};
  const auto open = open_.find(operation.hold), closed = closed_.find(operation.hold);
  if (open == open_.end() && closed == closed_.end()) return answer;
  const Hold& hold = open == open_.end() ? closed->second : open->second;
  answer.hold = operation.hold;
  answer.hold_status = hold.status;
  answer.hold_amount = hold.amount;
  answer.hold_captured = hold.captured;
  answer.hold_expires_at_ms = hold.expires_at_ms;
  return answer;
}

std::string difference(const Answer& told, const Answer& expected) {
  return differs("id", told.id, expected.id) + differs("currency", told.currency, expected.currency) +
         differs("balance", told.balance, expected.balance) + differs("held", told.held, expected.held) +
         differs("available", told.available, expected.available) +
         differs("overdraft_limit", told.overdraft_limit, expected.overdraft_limit) +
         differs("version", static_cast<std::int64_t>(told.version), static_cast<std::int64_t>(expected.version)) +
         differs("hold", told.hold, expected.hold) + differs("hold.status", told.hold_status, expected.hold_status) +
         differs("hold.amount", told.hold_amount, expected.hold_amount) +
         differs("hold.captured", told.hold_captured, expected.hold_captured) +
         differs("hold.expires_at", told.hold_expires_at_ms, expected.hold_expires_at_ms);
}

}  // namespace tests
