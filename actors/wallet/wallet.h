// actors/wallet/wallet.h: one customer's money in one currency, with holds.
//
//   decide(state, command, now) -> events or a refusal   reads only; every "no" of the domain is said here
//   apply(state, event)                                  cannot fail; the same code runs live and on replay
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "actors/wallet/currency.h"
#include "engine/kernel/entity.h"
#include "engine/kernel/holding.h"
#include "engine/kernel/limits.h"
#include "engine/kernel/money.h"

namespace tote {

struct Wallet {
  static constexpr KindId kind_id = 1;
  static constexpr std::string_view kind = "wallet";

  // A closed hold is remembered, so that it can't be captured twice or opened again; the oldest are forgotten beyond
  // closed_holds_max, after which a capture of them is `hold_not_found`: still no money moves.
  static constexpr std::size_t closed_holds_max = 1'000;
  static constexpr std::size_t open_holds_max = 10'000;                   // beyond: too_many_holds
  static constexpr std::int64_t expires_in_s_max = 366LL * 24 * 60 * 60;  // of a hold: one year
  static constexpr std::size_t reason_bytes_max = 256;                    // of a status
  static constexpr std::size_t holds_page_max = 1'000;

  // What the wallet takes part in. Frozen: money comes in, what was promised before is kept, nothing new goes out.
  // Closed: nothing at all. On disk by number.
  enum class Status : std::uint8_t { unset = 0, open = 1, frozen = 2, closed = 3 };  // unset: nobody ever said: open

  enum class HoldStatus : std::uint8_t { open = 0, captured = 1, released = 2, expired = 3 };
  struct HoldState {
    Money amount{};
    Money captured{};
    Time expires_at{};
    HoldStatus status = HoldStatus::open;

    static constexpr void members(auto&& is) {
      is("amount", &HoldState::amount), is("captured", &HoldState::captured);
      is("expires_at", &HoldState::expires_at), is("status", &HoldState::status);
    }
  };
  using Holds = std::map<std::string, HoldState, std::less<>>;  // ordered: equal states, equal answers

  struct State {
    Currency currency{};  // none: the wallet doesn't exist
    Money balance{};
    Money held{};  // sum of the open holds
    Money overdraft_limit{};
    Holds holds{};
    std::set<std::pair<Time, std::string>> expiries{};  // open holds by time: next_due is its front
    std::map<std::uint64_t, std::string> closed{};      // ids of closed holds by the order of their closing
    std::uint64_t closed_count = 0;                     // ever
    Status status = Status::unset;
    std::string reason{};  // of the status
    Money debt{};          // what reversals couldn't take: the next credits pay it
    Money uncovered{};     // so far beyond the overdraft limit have reversals gone, and no credit has filled it yet

    bool exists() const { return currency != Currency{}; }
    Money available() const { return {balance.minor + overdraft_limit.minor - held.minor}; }
    // So much of a credit goes into the debt: of what it brings above the limit of the overdraft.
    Money paid_by(Money credit) const {
      return {std::clamp<std::int64_t>(available().minor + credit.minor, 0, std::min(debt, credit).minor)};
    }
    static constexpr void members(auto&& is) {
      is("currency", &State::currency), is("balance", &State::balance), is("held", &State::held);
      is("overdraft_limit", &State::overdraft_limit), is("holds", &State::holds), is("expiries", &State::expiries);
      is("closed", &State::closed), is("closed_count", &State::closed_count);
      is("status", &State::status), is("reason", &State::reason);
      is("debt", &State::debt), is("uncovered", &State::uncovered);
    }
  };

  // Commands: what is asked.
  struct Open {
    Currency currency;
    Money overdraft_limit{};
    static constexpr void members(auto&& is) {
      is("currency", &Open::currency);
      is("overdraft_limit", &Open::overdraft_limit, {.may_lack = true, .max = limits::amount_max});
    }
  };
  struct Credit {
    Money amount;
    std::string reference{};
    static constexpr void members(auto&& is) {
      is("amount", &Credit::amount), is("reference", &Credit::reference, {.may_lack = true, .is_id = true});
    }
  };
  struct Debit {
    Money amount;
    std::string reference{};
    static constexpr void members(auto&& is) {
      is("amount", &Debit::amount), is("reference", &Debit::reference, {.may_lack = true, .is_id = true});
    }
  };
  struct Hold {
    std::string hold;
    Money amount;
    std::int64_t expires_in_s = 900;
    static constexpr void members(auto&& is) {
      is("hold", &Hold::hold, {.is_id = true}), is("amount", &Hold::amount);
      is("expires_in_s", &Hold::expires_in_s, {.may_lack = true, .min = 1, .max = expires_in_s_max});
    }
  };
  struct Capture {
    std::string hold;
    Money amount{};  // 0: all of it; the rest is released
    static constexpr void members(auto&& is) {
      is("hold", &Capture::hold, {.is_id = true}), is("amount", &Capture::amount, {.may_lack = true});
    }
  };
  struct Release {
    std::string hold;
    static constexpr void members(auto&& is) { is("hold", &Release::hold, {.is_id = true}); }
  };
  struct SetStatus {
    Status status = Status::open;
    std::string reason{};  // at most reason_bytes_max
    static constexpr void members(auto&& is) {
      is("status", &SetStatus::status), is("reason", &SetStatus::reason, {.may_lack = true});
    }
  };
  // Money that was given is taken back, whatever the status is but closed. What isn't there: the balance goes below its
  // limit, or the rest becomes a debt. Of other entities' scripts, not of clients.
  struct Reverse {
    Money amount;
    std::string reference{};
    bool may_overdraw = false;
    static constexpr void members(auto&& is) {
      is("amount", &Reverse::amount), is("reference", &Reverse::reference, {.may_lack = true, .is_id = true});
      is("may_overdraw", &Reverse::may_overdraw, {.may_lack = true});
    }
  };
  struct SetOverdraft {
    Money overdraft_limit{};  // insufficient_funds when it doesn't cover what is used of it
    std::string reason{};     // at most reason_bytes_max
    static constexpr void members(auto&& is) {
      is("overdraft_limit", &SetOverdraft::overdraft_limit, {.min = 0, .max = limits::amount_max});
      is("reason", &SetOverdraft::reason, {.may_lack = true, .max = reason_bytes_max});
    }
  };
  using Command = std::variant<Open, Credit, Debit, Hold, Capture, Release, SetStatus, Reverse, SetOverdraft>;

  // What is asked besides the wallet itself: its holds after this one, in the order of their ids.
  struct Question {
    std::string after{};
    std::optional<HoldStatus> status{};  // only those
    std::size_t limit = 100;             // at most holds_page_max
  };

  // Events: what happened. On disk by wallet.fbs: add at the end, never edit.
  struct Opened {
    Currency currency;
    Money overdraft_limit;
    static constexpr void members(auto&& is) {
      is("currency", &Opened::currency);
      is("overdraft_limit", &Opened::overdraft_limit, {.on_disk = "amount", .may_lack = true});
    }
  };
  struct Credited {
    Money amount;
    std::string reference;
    static constexpr void members(auto&& is) {
      is("amount", &Credited::amount), is("reference", &Credited::reference, {.may_lack = true});
    }
  };
  struct Debited {
    Money amount;
    std::string reference;
    static constexpr void members(auto&& is) {
      is("amount", &Debited::amount), is("reference", &Debited::reference, {.may_lack = true});
    }
  };
  struct Held {
    std::string hold;
    Money amount;
    Time expires_at;
    static constexpr void members(auto&& is) {
      is("hold", &Held::hold), is("amount", &Held::amount), is("expires_at", &Held::expires_at);
    }
  };
  struct Captured {
    std::string hold;
    Money amount;  // the rest of the hold is released
    static constexpr void members(auto&& is) { is("hold", &Captured::hold), is("amount", &Captured::amount); }
  };
  struct Released {
    std::string hold;
    static constexpr void members(auto&& is) { is("hold", &Released::hold); }
  };
  struct Expired {
    std::string hold;
    static constexpr void members(auto&& is) { is("hold", &Expired::hold); }
  };
  struct StatusSet {
    Status status = Status::open;
    std::string reason;
    static constexpr void members(auto&& is) {
      is("status", &StatusSet::status), is("reason", &StatusSet::reason, {.may_lack = true});
    }
  };
  struct Reversed {
    Money amount;  // taken from the balance, 0 where there is nothing
    Money debt{};  // what wasn't there, and is owed
    std::string reference;
    static constexpr void members(auto&& is) {
      is("amount", &Reversed::amount), is("debt", &Reversed::debt, {.may_lack = true});
      is("reference", &Reversed::reference, {.may_lack = true});
    }
  };
  struct DebtPaid {
    Money amount;  // of the credit before it
    static constexpr void members(auto&& is) { is("amount", &DebtPaid::amount); }
  };
  struct OverdraftSet {
    Money overdraft_limit{};
    std::string reason{};
    static constexpr void members(auto&& is) {
      is("overdraft_limit", &OverdraftSet::overdraft_limit, {.on_disk = "amount"});
      is("reason", &OverdraftSet::reason, {.may_lack = true});
    }
  };
  using Event = std::variant<Opened, Credited, Debited, Held, Captured, Released, Expired, StatusSet, Reversed,
                             DebtPaid, OverdraftSet>;

  static Decision<Event> decide(const State& wallet, const Command& command, Time now);
  static void apply(State& wallet, const Event& event);
  static bool check(const State& wallet);
  static bool fits(const State& wallet, const Event& event);

  static Time next_due(const State& wallet);
  static Event due(const State& wallet);

  // What the books count (books.cc).
  static Holding holding(const State& wallet) {
    return {wallet.exists() ? wallet.currency.text() : std::string_view(), wallet.balance.minor, wallet.held.minor};
  }
  static std::int64_t moved(const Event& event);

  // Bytes (codec.cc).
  static void encode(const Event& event, std::string& out);
  static bool decode(std::string_view bytes, Event& event);
  static void answer(const State& wallet, const Command* command, std::string& out);
  static void answer(const State& wallet, const Question& question, std::string& out);
  static void digest(const Command& command, std::string& out);

  // Names for the edges (codec.cc).
  static std::string_view name_of(const Event& event);
  static void describe_event(const Event& event, Fields& fields);
  static bool describe_answer(std::string_view id, std::string_view answer, Fields& fields);

  // What it says to the world (says.cc, books.cc).
  static constexpr std::string_view told_names[] = {"wallet.opened",    "wallet.credited",     "wallet.debited",
                                                    "hold.opened",      "hold.captured",       "hold.released",
                                                    "hold.expired",     "wallet.status_set",   "wallet.reversed",
                                                    "wallet.debt_paid", "wallet.overdraft_set"};
  static std::span<const Table> tables();
  static void rows(std::string_view id, const State& wallet, std::span<const Event> events, RowWriter& out);
  static std::string audit(std::string_view id, const State& wallet, const Neighbours& others);
  static std::unique_ptr<tote::Books> books();
};

// "open", "frozen", "closed"; of a status that nobody ever said: "open", too. Empty: no status has this number.
constexpr std::string_view name_of(Wallet::Status status) {
  switch (status) {
    case Wallet::Status::unset:
    case Wallet::Status::open: return "open";
    case Wallet::Status::frozen: return "frozen";
    case Wallet::Status::closed: return "closed";
  }
  return {};
}

// "open", "captured", "released", "expired".
std::string_view name_of(Wallet::HoldStatus status);

}  // namespace tote
