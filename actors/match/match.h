// actors/match/match.h: a match with so many seats, who has them and who waits for one.
//
// One function gives out seats (give_seat.h), whoever asks: a booking, the waiting list, a card that was charged. It
// never gives one without a completed payment or a valid pass. Payments are other entities' business: the scripts of
// booking.h do both in one transaction.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "actors/wallet/currency.h"
#include "engine/kernel/any_entity.h"
#include "engine/kernel/money.h"

namespace tote {

struct Match {
  static constexpr KindId kind_id = 3;
  static constexpr std::string_view kind = "match";
  static constexpr bool remembers_refusals = true;  // a refused attempt counts

  static constexpr std::int64_t seats_max = 100'000;
  static constexpr std::size_t waitlist_max = 5'000;               // beyond: waitlist_full
  static constexpr std::size_t attempts_remembered_max = 200'000;  // of all players in the window; beyond: overloaded
  static constexpr std::int64_t attempts_limit = 100;              // what attempts_max may be
  static constexpr std::int64_t window_s_max = 86'400;
  static constexpr std::size_t players_shown_max = 1'000;  // in answers that are recorded; a read shows all

  enum class Method : std::uint8_t { wallet = 0, pass = 1, card = 2 };
  // How a seat is paid, or was: the reference names the wallet, the pass, the charge (the token while it isn't
  // charged).
  struct Payment {
    Method method = Method::wallet;
    std::string reference{};
    Money amount{};
  };

  enum class PlayerStatus : std::uint8_t { in = 0, pending = 1 };
  struct Player {
    PlayerStatus status = PlayerStatus::in;
    Payment payment{};
    std::string saga{};               // of a card
    Time hold_until = Time::never();  // pending: the card is being charged
    bool from_waitlist = false;
  };
  struct Waiting {
    std::string player;
    Payment payment{};
    std::uint64_t asked_for = 0;  // the release for which its card was asked last
  };

  struct State {
    std::int64_t seats = 0;  // 0: the match doesn't exist
    Money price{};
    Currency currency{};
    Time starts_at{};  // 0: not known, sales don't close
    std::int64_t attempts_max = 5;
    std::int64_t attempts_window_s = 900;

    std::map<std::string, Player, std::less<>> players;
    std::set<std::pair<Time, std::string>> holds;  // pending players by the end of their hold
    std::map<std::uint64_t, Waiting> waitlist;     // by place
    std::map<std::string, std::uint64_t, std::less<>> places;
    std::uint64_t places_given = 0;
    std::uint64_t releases = 1;            // seats that have become free, ever
    bool offer_wanted = false;             // a seat must be offered to the waiting list
    Time offers_retry_at = Time::never();  // card payments were paused when a seat could have been offered
    std::map<std::string, std::deque<Time>, std::less<>> attempts;  // inside of the window, or a little older
    std::deque<std::pair<Time, std::string>> attempts_by_time;

    bool exists() const { return seats != 0; }
    std::int64_t taken() const { return static_cast<std::int64_t>(players.size()); }
    std::int64_t free() const { return seats - taken(); }
    bool has_started(Time now) const { return starts_at.ns != 0 && now >= starts_at; }
  };

  // Commands: what is asked. Scripts give them (booking.h), but for Open.
  struct Open {
    std::int64_t seats = 0;
    Money price{};
    Currency currency{};
    Time starts_at{};
    std::int64_t attempts_max = 5;
    std::int64_t attempts_window_s = 900;
  };
  struct Attempt {  // that was refused: it counts
    std::string player;
  };
  struct Seat {  // and it counts as an attempt, unless it is given to the first who waits
    std::string player;
    Payment payment;
    bool from_waitlist = false;
  };
  struct HoldSeat {  // while a card is charged
    std::string player;
    std::string saga;
    Time until;
    bool from_waitlist = false;
  };
  struct Confirm {  // the card was charged
    std::string player;
    std::string saga;
    std::string charge;
    Money amount;
  };
  struct DropHold {  // no such hold: nothing to do
    std::string player;
    std::string saga;
  };
  struct Cancel {
    std::string player;
  };
  struct Join {  // the waiting list
    std::string player;
    Payment payment;
    bool is_attempt = false;
  };
  struct Leave {
    std::string player;
  };
  struct MakeOffers {};  // the waiting list was asked
  struct PostponeOffers {
    Time until;
  };
  using Command =
      std::variant<Open, Attempt, Seat, HoldSeat, Confirm, DropHold, Cancel, Join, Leave, MakeOffers, PostponeOffers>;

  // Events: what happened. On disk by match.fbs: add at the end, never edit.
  struct Opened {
    Open settings;
  };
  struct Attempted {
    std::string player;
    Time at;
  };
  struct SeatTaken {
    std::string player;
    Payment payment;
    bool from_waitlist = false;
  };
  struct SeatHeld {
    std::string player;
    std::string saga;
    Time until;
    bool from_waitlist = false;
  };
  struct SeatConfirmed {
    std::string player;
    std::string saga;
    std::string charge;
    Money amount;
  };
  struct HoldDropped {
    std::string player;
  };
  struct HoldExpired {
    std::string player;
  };
  struct Cancelled {
    std::string player;
  };
  struct Waitlisted {
    std::string player;
    Payment payment;
  };
  struct LeftWaitlist {
    std::string player;
  };
  struct OffersMade {};
  struct PaymentChanged {  // of one who waits, and keeps the place
    std::string player;
    Payment payment;
  };
  struct OffersPostponed {
    Time until;
  };
  struct OffersDue {};
  using Event = std::variant<Opened, Attempted, SeatTaken, SeatHeld, SeatConfirmed, HoldDropped, HoldExpired, Cancelled,
                             Waitlisted, LeftWaitlist, OffersMade, PaymentChanged, OffersPostponed, OffersDue>;

  static Decision<Event> decide(const State& match, const Command& command, Time now);
  static void apply(State& match, const Event& event);
  static bool check(const State& match);
  static bool fits(const State& match, const Event& event);

  static Time next_due(const State& match);
  static Event due(const State& match);

  // -- acting on its own (engine/kernel/effect.h): a seat whose hold has expired is offered to the waiting list
  static ScriptPtr follow_up(const State& match, std::string_view id);  // offer.cc
  static void effects(const State&, std::string_view, Effects&) {}
  static std::string_view alert(const State&) { return {}; }
  static ScriptPtr report(std::string_view, std::string_view, CommandRef) { return nullptr; }

  // Bytes (codec.cc). The answer to a command about a player is that player's booking.
  static void encode(const Event& event, std::string& out);
  static bool decode(std::string_view bytes, Event& event);
  static void answer(const State& match, const Command* command, std::string& out);
  static void digest(const Command& command, std::string& out);

  // Names for the edges (describe.cc, codec.cc).
  static std::string_view name_of(const Event& event);
  static void describe_event(const Event& event, Fields& fields);
  static bool describe_answer(std::string_view id, std::string_view answer, Fields& fields);
};

std::string_view name_of(Match::Method method);

}  // namespace tote
