// actors/item/item.h: the stock of one item, with reservations. Never negative, and nothing reserved is sold twice.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "engine/kernel/entity.h"
#include "engine/kernel/limits.h"

namespace tote {

struct Item {
  static constexpr KindId kind_id = 2;
  static constexpr std::string_view kind = "item";

  static constexpr std::int64_t quantity_max = limits::amount_max;        // of one command
  static constexpr std::int64_t on_hand_max = limits::balance_max;        // beyond: stock_limit
  static constexpr std::size_t reservations_max = 10'000;                 // open ones; beyond: too_many_reservations
  static constexpr std::int64_t expires_in_s_max = 366LL * 24 * 60 * 60;  // of a reservation: one year
  // A closed reservation is remembered, so that it can't be committed twice or made again; the oldest are forgotten
  // beyond this number, after which a commit of them is `reservation_not_found`: still no stock moves.
  static constexpr std::size_t closed_reservations_max = 1'000;

  enum class ReservationStatus : std::uint8_t { open = 0, committed = 1, released = 2, expired = 3 };
  struct Reservation {
    std::int64_t quantity = 0;
    Time expires_at{};
    ReservationStatus status = ReservationStatus::open;

    static constexpr void members(auto&& is) {
      is("quantity", &Reservation::quantity);
      is("expires_at", &Reservation::expires_at);
      is("status", &Reservation::status);
    }
  };
  using Reservations = std::map<std::string, Reservation, std::less<>>;  // ordered: equal states, equal answers

  struct State {
    bool exists = false;
    std::int64_t initial_quantity = 0;  // the setting that PUT repeats
    std::int64_t on_hand = 0;
    std::int64_t reserved = 0;  // sum of the open reservations
    Reservations reservations{};
    std::set<std::pair<Time, std::string>> expiries{};  // open reservations by time: next_due is its front
    std::map<std::uint64_t, std::string> closed{};      // ids of closed reservations by the order of their closing
    std::uint64_t closed_count = 0;                     // ever

    std::int64_t available() const { return on_hand - reserved; }
    static constexpr void members(auto&& is) {
      is("exists", &State::exists);
      is("initial_quantity", &State::initial_quantity);
      is("on_hand", &State::on_hand);
      is("reserved", &State::reserved);
      is("reservations", &State::reservations);
      is("expiries", &State::expiries);
      is("closed", &State::closed);
      is("closed_count", &State::closed_count);
    }
  };

  // Commands: what is asked. `own`: an order's own reservation, which nobody else can name (kernel/name.h).
  struct Open {
    std::int64_t quantity = 0;  // 0: sold out from the start
    static constexpr void members(auto&& is) { is("quantity", &Open::quantity); }
  };
  struct Restock {
    std::int64_t quantity = 0;
    static constexpr void members(auto&& is) { is("quantity", &Restock::quantity); }
  };
  struct Pick {  // takes at once
    std::int64_t quantity = 0;
    static constexpr void members(auto&& is) { is("quantity", &Pick::quantity); }
  };
  struct Reserve {
    std::string reservation;
    std::int64_t quantity = 0;
    std::int64_t expires_in_s = 900;
    bool own = false;
    static constexpr void members(auto&& is) {
      is("reservation", &Reserve::reservation, {.is_id = true});
      is("quantity", &Reserve::quantity);
      is("expires_in_s", &Reserve::expires_in_s, {.may_lack = true, .min = 1, .max = expires_in_s_max});
      is("own", &Reserve::own, {.is_told = false, .is_later = true});
    }
  };
  struct Commit {
    std::string reservation;
    bool own = false;
    static constexpr void members(auto&& is) {
      is("reservation", &Commit::reservation, {.is_id = true});
      is("own", &Commit::own, {.is_told = false, .is_later = true});
    }
  };
  struct Release {
    std::string reservation;
    bool own = false;
    static constexpr void members(auto&& is) {
      is("reservation", &Release::reservation, {.is_id = true});
      is("own", &Release::own, {.is_told = false, .is_later = true});
    }
  };
  using Command = std::variant<Open, Restock, Pick, Reserve, Commit, Release>;

  // Events: what happened. On disk by item.fbs: add at the end, never edit.
  struct Opened {
    std::int64_t quantity = 0;
    static constexpr void members(auto&& is) { is("quantity", &Opened::quantity); }
  };
  struct Restocked {
    std::int64_t quantity = 0;
    static constexpr void members(auto&& is) { is("quantity", &Restocked::quantity); }
  };
  struct Picked {
    std::int64_t quantity = 0;
    static constexpr void members(auto&& is) { is("quantity", &Picked::quantity); }
  };
  struct Reserved {
    std::string reservation;
    std::int64_t quantity = 0;
    Time expires_at{};
    static constexpr void members(auto&& is) {
      is("reservation", &Reserved::reservation);
      is("quantity", &Reserved::quantity);
      is("expires_at", &Reserved::expires_at);
    }
  };
  struct Committed {
    std::string reservation;
    static constexpr void members(auto&& is) { is("reservation", &Committed::reservation); }
  };
  struct Released {
    std::string reservation;
    static constexpr void members(auto&& is) { is("reservation", &Released::reservation); }
  };
  struct Expired {
    std::string reservation;
    static constexpr void members(auto&& is) { is("reservation", &Expired::reservation); }
  };
  using Event = std::variant<Opened, Restocked, Picked, Reserved, Committed, Released, Expired>;

  static Decision<Event> decide(const State& item, const Command& command, Time now);
  static void apply(State& item, const Event& event);
  static bool check(const State& item);
  static bool fits(const State& item, const Event& event);

  static Time next_due(const State& item);
  static Event due(const State& item);

  // Bytes (codec.cc).
  static void encode(const Event& event, std::string& out);
  static bool decode(std::string_view bytes, Event& event);
  static void answer(const State& item, const Command* command, std::string& out);
  static void digest(const Command& command, std::string& out);

  // Names for the edges (codec.cc).
  static std::string_view name_of(const Event& event);
  static void describe_event(const Event& event, Fields& fields);
  static bool describe_answer(std::string_view id, std::string_view answer, Fields& fields);

  // What it says to the world (says.cc).
  static std::span<const Table> tables();
  static void rows(std::string_view id, const State& item, std::span<const Event> events, RowWriter& out);
  static std::string audit(std::string_view id, const State& item, const Neighbours& others);
};

}  // namespace tote
