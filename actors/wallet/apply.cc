#include <algorithm>

#include "actors/wallet/wallet.h"

namespace tote {
namespace {

struct Apply {
  Wallet::State& wallet;

  void operator()(const Wallet::Opened& opened) const {
    wallet.currency = opened.currency;
    wallet.overdraft_limit = opened.overdraft_limit;
  }
  void operator()(const Wallet::Credited& credited) const { wallet.balance.minor += credited.amount.minor; }
  void operator()(const Wallet::Debited& debited) const { wallet.balance.minor -= debited.amount.minor; }

  void operator()(const Wallet::Held& held) const {
    wallet.holds[held.hold] = {held.amount, {}, held.expires_at, Wallet::HoldStatus::open};
    wallet.expiries.emplace(held.expires_at, held.hold);
    wallet.held.minor += held.amount.minor;
  }
  void operator()(const Wallet::Captured& captured) const {
    close(captured.hold, Wallet::HoldStatus::captured, captured.amount);
    wallet.balance.minor -= captured.amount.minor;
  }
  void operator()(const Wallet::Released& released) const { close(released.hold, Wallet::HoldStatus::released, {}); }
  void operator()(const Wallet::Expired& expired) const { close(expired.hold, Wallet::HoldStatus::expired, {}); }

  void operator()(const Wallet::StatusSet& set) const { wallet.status = set.status, wallet.reason = set.reason; }
  void operator()(const Wallet::Reversed& reversed) const {
    wallet.balance.minor -= reversed.amount.minor;
    wallet.debt.minor += reversed.debt.minor;
    wallet.uncovered.minor = std::max(wallet.uncovered.minor, -wallet.available().minor);
  }
  void operator()(const Wallet::DebtPaid& paid) const {
    wallet.balance.minor -= paid.amount.minor;
    wallet.debt.minor -= paid.amount.minor;
  }
  void operator()(const Wallet::OverdraftSet& set) const { wallet.overdraft_limit = set.overdraft_limit; }

 private:
  void close(const std::string& id, Wallet::HoldStatus status, Money captured) const {
    const auto found = wallet.holds.find(id);
    TOTE_INVARIANT(found != wallet.holds.end() && found->second.status == Wallet::HoldStatus::open);
    auto& hold = found->second;
    hold.status = status;
    hold.captured = captured;
    wallet.held.minor -= hold.amount.minor;
    wallet.expiries.erase({hold.expires_at, id});
    wallet.closed.emplace(wallet.closed_count++, id);
    if (wallet.closed.size() > Wallet::closed_holds_max) {
      wallet.holds.erase(wallet.closed.begin()->second);
      wallet.closed.erase(wallet.closed.begin());
    }
  }
};

// Whether an event that was read from a log can be applied at all; check() judges what comes out.
struct Fits {
  const Wallet::State& wallet;

  bool operator()(const Wallet::Opened& opened) const {
    return !wallet.exists() && opened.overdraft_limit.minor >= 0 && opened.overdraft_limit.minor <= limits::amount_max;
  }
  bool operator()(const Wallet::Credited& credited) const { return is_amount(credited.amount); }
  bool operator()(const Wallet::Debited& debited) const { return is_amount(debited.amount); }
  bool operator()(const Wallet::Held& held) const {
    return is_amount(held.amount) && !wallet.holds.contains(held.hold);
  }
  bool operator()(const Wallet::Captured& captured) const {
    return is_amount(captured.amount) && is_open(captured.hold) &&
           captured.amount <= wallet.holds.at(captured.hold).amount;
  }
  bool operator()(const Wallet::Released& released) const { return is_open(released.hold); }
  bool operator()(const Wallet::Expired& expired) const { return is_open(expired.hold); }
  bool operator()(const Wallet::StatusSet& set) const {
    return wallet.exists() && set.status != Wallet::Status::unset && !name_of(set.status).empty();
  }
  bool operator()(const Wallet::Reversed& reversed) const {
    const auto is_part = [](Money part) { return part.minor >= 0 && part.minor <= limits::amount_max; };
    return is_part(reversed.amount) && is_part(reversed.debt) && wallet.exists() &&
           wallet.balance.minor - reversed.amount.minor >= -limits::balance_max &&
           wallet.debt.minor + reversed.debt.minor <= limits::balance_max;
  }
  bool operator()(const Wallet::DebtPaid& paid) const { return is_amount(paid.amount) && paid.amount <= wallet.debt; }
  bool operator()(const Wallet::OverdraftSet& set) const {
    return wallet.exists() && set.overdraft_limit.minor >= 0 && set.overdraft_limit.minor <= limits::amount_max;
  }

 private:
  bool is_amount(Money amount) const {
    return wallet.exists() && amount.minor >= 1 && amount.minor <= limits::amount_max;
  }
  bool is_open(const std::string& id) const {
    const auto found = wallet.holds.find(id);
    return found != wallet.holds.end() && found->second.status == Wallet::HoldStatus::open;
  }
};

}  // namespace

bool Wallet::fits(const State& wallet, const Event& event) { return std::visit(Fits{wallet}, event); }

void Wallet::apply(State& wallet, const Event& event) {
  std::visit(Apply{wallet}, event);
  if (wallet.uncovered.minor != 0) [[unlikely]]
    wallet.uncovered.minor = std::clamp<std::int64_t>(-wallet.available().minor, 0, wallet.uncovered.minor);
}

// Cheap enough to run after every event: the sum over the holds is checked by the property tests and by `tote verify`.
bool Wallet::check(const State& wallet) {
  return wallet.exists() && wallet.available().minor + wallet.uncovered.minor >= 0 && wallet.held.minor >= 0 &&
         wallet.uncovered.minor >= 0 && wallet.debt.minor >= 0 && wallet.balance.minor <= limits::balance_max &&
         (wallet.held.minor == 0) == wallet.expiries.empty() &&
         wallet.holds.size() == wallet.expiries.size() + wallet.closed.size();
}

}  // namespace tote
