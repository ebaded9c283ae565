// actors/wallet/wallet.h: one customer's money in one currency, with holds.
//
//   decide(state, command, now) -> events or a refusal   reads only; every "no" of the domain is said here
//   apply(state, event)                                  cannot fail; the same code runs live and on replay
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "actors/wallet/currency.h"
#include "engine/kernel/entity.h"
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

  enum class HoldStatus : std::uint8_t { open = 0, captured = 1, released = 2, expired = 3 };
  struct HoldState {
    Money amount{};
    Money captured{};
    Time expires_at{};
    HoldStatus status = HoldStatus::open;
  };
  using Holds = std::map<std::string, HoldState, std::less<>>;  // ordered: equal states, equal answers

  struct State {
    Currency currency{};  // none: the wallet doesn't exist
    Money balance{};
    Money held{};  // sum of the open holds
    Money overdraft_limit{};
    Holds holds;
    std::set<std::pair<Time, std::string>> expiries;  // open holds by time: next_due is its front
    std::map<std::uint64_t, std::string> closed;      // ids of closed holds by the order of their closing
    std::uint64_t closed_count = 0;                   // ever

    bool exists() const { return currency != Currency{}; }
    Money available() const { return {balance.minor + overdraft_limit.minor - held.minor}; }
  };

  // Commands: what is asked.
  struct Open {
    Currency currency;
    Money overdraft_limit{};
  };
  struct Credit {
    Money amount;
    std::string reference{};
  };
  struct Debit {
    Money amount;
    std::string reference{};
  };
  struct Hold {
    std::string hold;
    Money amount;
    std::int64_t expires_in_s = 900;
  };
  struct Capture {
    std::string hold;
    Money amount{};
  };  // amount 0: all of it
  struct Release {
    std::string hold;
  };
  using Command = std::variant<Open, Credit, Debit, Hold, Capture, Release>;

  // Events: what happened. On disk by wallet.fbs: add at the end, never edit.
  struct Opened {
    Currency currency;
    Money overdraft_limit;
  };
  struct Credited {
    Money amount;
    std::string reference;
  };
  struct Debited {
    Money amount;
    std::string reference;
  };
  struct Held {
    std::string hold;
    Money amount;
    Time expires_at;
  };
  struct Captured {
    std::string hold;
    Money amount;
  };  // the rest of the hold is released
  struct Released {
    std::string hold;
  };
  struct Expired {
    std::string hold;
  };
  using Event = std::variant<Opened, Credited, Debited, Held, Captured, Released, Expired>;

  static Decision<Event> decide(const State& wallet, const Command& command, Time now);
  static void apply(State& wallet, const Event& event);
  static bool check(const State& wallet);
  static bool fits(const State& wallet, const Event& event);

  static Time next_due(const State& wallet);
  static Event due(const State& wallet);

  // Bytes (codec.cc).
  static void encode(const Event& event, std::string& out);
  static bool decode(std::string_view bytes, Event& event);
  static void answer(const State& wallet, const Command* command, std::string& out);
  static void digest(const Command& command, std::string& out);

  // Names for the edges (describe.cc).
  static std::string_view name_of(const Event& event);
  static void describe_event(const Event& event, Fields& fields);
  static bool describe_answer(std::string_view id, std::string_view answer, Fields& fields);

  // What it says to the world (says.cc, books.cc).
  static constexpr std::string_view told_names[] = {"wallet.opened", "wallet.credited", "wallet.debited", "hold.opened",
                                                    "hold.captured", "hold.released",   "hold.expired"};
  static std::span<const Table> tables();
  static void rows(std::string_view id, const State& wallet, std::span<const Event> events, RowWriter& out);
  static std::string audit(std::string_view id, const State& wallet, const Neighbours& others);
  static std::unique_ptr<tote::Books> books();
};

}  // namespace tote
