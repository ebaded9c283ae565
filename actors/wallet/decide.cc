#include <algorithm>

#include "actors/wallet/wallet.h"
#include "engine/kernel/name.h"

namespace tote {
namespace {

using Event = Wallet::Event;
using State = Wallet::State;

Refusal insufficient_funds(const State& wallet, Money requested) {
  return {Code::insufficient_funds,
          {{FactName::available, wallet.available().minor}, {FactName::requested, requested.minor}}};
}

Refusal hold_not_found(const std::string& hold) { return {Code::hold_not_found, {}, hold}; }

bool is_reference(std::string_view reference) { return reference.size() <= limits::id_bytes_max; }

bool is_amount(Money amount) { return amount.minor >= 1 && amount.minor <= limits::amount_max; }

// What has no status takes part in everything: one comparison on the way of every command.
bool is_closed(const State& wallet) { return wallet.status == Wallet::Status::closed; }
bool may_pay(const State& wallet) { return wallet.status < Wallet::Status::frozen; }
Refusal why_not(const State& wallet) { return {is_closed(wallet) ? Code::wallet_closed : Code::wallet_frozen}; }

struct Decide {
  const State& wallet;
  Time now;

  Decision<Event> operator()(const Wallet::Open& open) const {
    if (open.overdraft_limit.minor < 0 || open.overdraft_limit.minor > limits::amount_max)
      return Refusal{Code::invalid_request};
    if (!currency_of(open.currency.text())) return Refusal{Code::invalid_request};
    if (!wallet.exists()) return Decision<Event>(Wallet::Opened{open.currency, open.overdraft_limit}).as(Code::created);
    const bool same = wallet.currency == open.currency && wallet.overdraft_limit == open.overdraft_limit;
    return same ? Decision<Event>(Code::ok) : Refusal{Code::already_exists};
  }

  Decision<Event> operator()(const Wallet::Credit& credit) const {
    if (!is_amount(credit.amount) || !is_reference(credit.reference)) return Refusal{Code::invalid_request};
    if (!wallet.exists()) return Refusal{Code::not_found};
    if (is_closed(wallet)) return why_not(wallet);
    const auto sum = plus(wallet.balance, credit.amount);
    if (!sum || sum->minor > limits::balance_max)
      return Refusal{Code::balance_limit,
                     {{FactName::limit, limits::balance_max}, {FactName::requested, credit.amount.minor}}};
    const Wallet::Credited credited{credit.amount, credit.reference};
    if (wallet.debt.minor == 0) [[likely]]
      return credited;
    const Money paid = wallet.paid_by(credit.amount);
    return paid.minor == 0 ? Decision<Event>(credited) : Decision<Event>(credited).then(Wallet::DebtPaid{paid});
  }

  Decision<Event> operator()(const Wallet::Debit& debit) const {
    if (!is_amount(debit.amount) || !is_reference(debit.reference)) return Refusal{Code::invalid_request};
    if (!wallet.exists()) return Refusal{Code::not_found};
    if (!may_pay(wallet)) return why_not(wallet);
    if (debit.amount > wallet.available()) return insufficient_funds(wallet, debit.amount);
    return Wallet::Debited{debit.amount, debit.reference};
  }

  Decision<Event> operator()(const Wallet::Hold& hold) const {
    if (!is_valid_id(hold.hold)) return Refusal{Code::invalid_id};
    if (!is_amount(hold.amount) || hold.expires_in_s < 1 || hold.expires_in_s > Wallet::expires_in_s_max)
      return Refusal{Code::invalid_request};
    if (!wallet.exists()) return Refusal{Code::not_found};
    if (!may_pay(wallet)) return why_not(wallet);
    if (wallet.holds.contains(hold.hold)) return Refusal{Code::hold_exists};
    if (wallet.expiries.size() >= Wallet::open_holds_max)
      return Refusal{Code::too_many_holds, {{FactName::limit, Wallet::open_holds_max}}};
    if (hold.amount > wallet.available()) return insufficient_funds(wallet, hold.amount);
    return Decision<Event>(Wallet::Held{hold.hold, hold.amount, after(now, hold.expires_in_s)}).as(Code::created);
  }

  Decision<Event> operator()(const Wallet::Capture& capture) const {
    if (capture.amount.minor != 0 && !is_amount(capture.amount)) return Refusal{Code::invalid_request};
    if (!wallet.exists()) return Refusal{Code::not_found};
    if (is_closed(wallet)) return why_not(wallet);
    const auto found = wallet.holds.find(capture.hold);
    if (found == wallet.holds.end()) return hold_not_found(capture.hold);
    const auto& hold = found->second;
    if (hold.status != Wallet::HoldStatus::open) return Refusal{Code::hold_closed};
    if (capture.amount > hold.amount)
      return Refusal{Code::capture_exceeds_hold,
                     {{FactName::available, hold.amount.minor}, {FactName::requested, capture.amount.minor}}};
    return Wallet::Captured{capture.hold, capture.amount.minor == 0 ? hold.amount : capture.amount};
  }

  Decision<Event> operator()(const Wallet::Release& release) const {
    if (!wallet.exists()) return Refusal{Code::not_found};
    if (is_closed(wallet)) return why_not(wallet);
    const auto found = wallet.holds.find(release.hold);
    if (found == wallet.holds.end()) return hold_not_found(release.hold);
    if (found->second.status != Wallet::HoldStatus::open) return Refusal{Code::hold_closed};
    return Wallet::Released{release.hold};
  }

  Decision<Event> operator()(const Wallet::SetStatus& set) const {
    if (set.status == Wallet::Status::unset || name_of(set.status).empty()) return Refusal{Code::invalid_request};
    if (set.reason.size() > Wallet::reason_bytes_max) return Refusal{Code::invalid_request};
    if (!wallet.exists()) return Refusal{Code::not_found};
    if (set.status == wallet.status && set.reason == wallet.reason) return Decision<Event>(Code::ok);
    const bool is_empty = wallet.balance.minor == 0 && wallet.held.minor == 0 && wallet.debt.minor == 0;
    if (set.status == Wallet::Status::closed && !is_empty)
      return Refusal{Code::wallet_not_empty, {{FactName::available, wallet.available().minor}}};
    return Wallet::StatusSet{set.status, set.reason};
  }

  // Held money stays held: somebody was promised it.
  Decision<Event> operator()(const Wallet::Reverse& reverse) const {
    if (!is_amount(reverse.amount) || !is_reference(reverse.reference)) return Refusal{Code::invalid_request};
    if (!wallet.exists()) return Refusal{Code::not_found};
    if (is_closed(wallet)) return why_not(wallet);
    const Money there{std::clamp<std::int64_t>(wallet.available().minor, 0, reverse.amount.minor)};
    const Money taken = reverse.may_overdraw ? reverse.amount : there;
    const Money debt{reverse.amount.minor - taken.minor};
    if (wallet.balance.minor - taken.minor < -limits::balance_max ||
        wallet.debt.minor + debt.minor > limits::balance_max)
      return Refusal{Code::balance_limit,
                     {{FactName::limit, limits::balance_max}, {FactName::requested, reverse.amount.minor}}};
    return Wallet::Reversed{taken, debt, reverse.reference};
  }

  // A lower one must cover what is used: nobody is brought below a limit.
  Decision<Event> operator()(const Wallet::SetOverdraft& set) const {
    const Money limit = set.overdraft_limit;
    if (limit.minor < 0 || limit.minor > limits::amount_max || set.reason.size() > Wallet::reason_bytes_max)
      return Refusal{Code::invalid_request};
    if (!wallet.exists()) return Refusal{Code::not_found};
    if (is_closed(wallet)) return why_not(wallet);
    if (limit == wallet.overdraft_limit) return Decision<Event>(Code::ok);
    const Money less{wallet.overdraft_limit.minor - limit.minor};
    if (less.minor > 0 && less > wallet.available()) return insufficient_funds(wallet, less);
    return Wallet::OverdraftSet{limit, set.reason};
  }
};

}  // namespace

Decision<Event> Wallet::decide(const State& wallet, const Command& command, Time now) {
  return std::visit(Decide{wallet, now}, command);
}

Time Wallet::next_due(const State& wallet) {
  return wallet.expiries.empty() ? Time::never() : wallet.expiries.begin()->first;
}

Event Wallet::due(const State& wallet) { return Expired{wallet.expiries.begin()->second}; }

}  // namespace tote
