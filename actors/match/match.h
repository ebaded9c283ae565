// actors/match/match.h: a match with so many seats, who has them and who waits for one.
//
// One function gives out seats (give_seat.h), whoever asks: a booking, the waiting list, a card that was charged. It
// never gives one without a completed payment or a valid pass. Payments are other entities' business: the scripts of
// booking.h do both in one transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "actors/match/attempts.h"
#include "actors/match/payment.h"
#include "actors/match/waiting_list.h"
#include "actors/wallet/currency.h"
#include "actors/wallet/payee.h"
#include "engine/kernel/kind_of.h"
#include "engine/kernel/labels.h"
#include "engine/kernel/money.h"
#include "engine/kernel/ordered_map.h"

namespace tote {

struct Match {
  static constexpr KindId kind_id = 3;
  static constexpr std::string_view kind = "match";
  static constexpr bool remembers_refusals = true;  // a refused attempt counts

  static constexpr std::int64_t seats_max = 100'000;
  static constexpr std::size_t waitlist_max = 100'000;  // beyond: waitlist_full
  static constexpr std::int64_t attempts_limit = 100;   // what attempts_max may be
  static constexpr std::int64_t window_s_max = 86'400;
  static constexpr std::size_t players_shown_max = 100;   // in the answer about a match
  static constexpr std::size_t players_page_max = 1'000;  // in a page of its players
  static constexpr std::size_t reason_bytes_max = 256;    // of an operator

  using Method = SeatMethod;
  using Payment = SeatPayment;

  // On disk by number: add, never renumber.
  enum class PlayerStatus : std::uint8_t { in = 0, pending = 1, cancelling = 2 };
  struct Player {
    PlayerStatus status = PlayerStatus::in;
    Payment payment{};
    std::string saga{};               // of a card
    Time hold_until = Time::never();  // pending, cancelling: the card is being charged
    bool from_waitlist = false;
    LabelsPtr labels{};

    bool is_in() const { return status == PlayerStatus::in; }
    static constexpr void members(auto&& is) {
      is("status", &Player::status);
      is("payment", &Player::payment);
      is("saga", &Player::saga);
      is("hold_until", &Player::hold_until);
      is("from_waitlist", &Player::from_waitlist);
      is("labels", &Player::labels);
    }
  };

  // Whatever grows with the players is copied in no time (ordered_map.h), and changed in O(log n).
  struct State {
    std::int64_t seats = 0;  // 0: the match doesn't exist
    Money price{};           // 0: it is free
    Currency currency{};     // of what was paid, also where it is free by now
    Time starts_at{};        // 0: not known, sales don't close by themselves
    std::int64_t attempts_max = 5;
    std::int64_t attempts_window_s = 900;

    OrderedMap<std::string, Player> players{};
    OrderedSet<std::pair<Time, std::string>> holds{};          // those whose card is charged, by the end of their hold
    OrderedSet<std::pair<std::string, std::string>> wishes{};  // player and saga: undone when its charge is decided
    WaitingList waiting{};
    bool offers_ended = false;             // the match has started
    bool cards_wait = false;               // card payments were paused when a seat could have been offered
    Time offers_retry_at = Time::never();  // who couldn't pay is asked again
    OrderedMap<std::string, OrderedSet<std::string>> pass_uses{};  // those who are in with a pass
    OrderedSet<std::string> passes_revoked{};                      // of these: their seats are to be freed
    Watches watches{};
    Attempts attempts{};
    Payee payee{};
    bool sales_closed = false;  // by an operator
    bool is_cancelled = false;  // everybody is being paid back, or was
    std::string reason{};       // of the operator who did one of the two last
    // Of a cancelled one: who comes behind this player wasn't looked at yet; who couldn't be paid back, is asked again.
    std::string looked_to{};
    OrderedSet<std::string> unrefunded{};
    Time refunds_retry_at = Time::never();

    bool exists() const { return seats != 0; }
    std::int64_t taken() const { return static_cast<std::int64_t>(players.size()); }
    std::int64_t free() const { return seats - taken(); }
    bool has_started(Time now) const { return starts_at.ns != 0 && now >= starts_at; }
    bool sells(Time now) const { return !sales_closed && !is_cancelled && !has_started(now); }
    bool is_free_of_charge() const { return price.minor == 0; }
    bool has_to_pay_back() const { return is_cancelled && players.upper_bound(looked_to) != players.end(); }
    static constexpr void members(auto&& is) {
      is("seats", &State::seats);
      is("price", &State::price);
      is("currency", &State::currency);
      is("starts_at", &State::starts_at);
      is("attempts_max", &State::attempts_max);
      is("attempts_window_s", &State::attempts_window_s);
      is("players", &State::players);
      is("holds", &State::holds);
      is("wishes", &State::wishes);
      is("waiting", &State::waiting);
      is("offers_ended", &State::offers_ended);
      is("cards_wait", &State::cards_wait);
      is("offers_retry_at", &State::offers_retry_at);
      is("pass_uses", &State::pass_uses);
      is("passes_revoked", &State::passes_revoked);
      is("watches", &State::watches);
      is("attempts", &State::attempts);
      is("payee", &State::payee);
      is("sales_closed", &State::sales_closed);
      is("is_cancelled", &State::is_cancelled);
      is("reason", &State::reason);
      is("looked_to", &State::looked_to);
      is("unrefunded", &State::unrefunded);
      is("refunds_retry_at", &State::refunds_retry_at);
    }
  };

  // Commands: what is asked. Scripts give them (booking.h), but for Open.
  struct Open {
    std::int64_t seats = 0;
    Money price{};  // 0, without a currency: it is free
    Currency currency{};
    Time starts_at{};
    std::int64_t attempts_max = 5;
    std::int64_t attempts_window_s = 900;
    Payee payee{};
    static constexpr void members(auto&& is) {
      is("seats", &Open::seats);
      is("price", &Open::price, {.on_disk = "amount"});
      is("currency", &Open::currency, {.may_lack = true});
      is("starts_at", &Open::starts_at, {.on_disk = "at"});
      is("attempts_max", &Open::attempts_max);
      is("attempts_window_s", &Open::attempts_window_s);
      is("payee", &Open::payee);
    }
  };
  struct Attempt {  // that was refused: it counts
    std::string player;
  };
  struct Seat {  // and it counts as an attempt, unless it is given to the first who waits
    std::string player;
    Payment payment;
    bool from_waitlist = false;
    LabelsPtr labels{};
  };
  struct HoldSeat {  // while a card is charged
    std::string player;
    std::string saga;
    Time until;
    bool from_waitlist = false;
    LabelsPtr labels{};
  };
  struct Confirm {  // the card was charged
    std::string player;
    std::string saga;  // empty: it was charged outside (outside_payment.h), and no seat was held for it
    std::string charge;
    Money amount;
    LabelsPtr labels{};
  };
  struct DropHold {  // no such hold: nothing to do
    std::string player;
    std::string saga;
  };
  struct Cancel {  // while the card is charged: `accepted`, and the wish is kept
    std::string player;
  };
  struct Join {  // the waiting list
    std::string player;
    Payment payment;
    bool is_attempt = false;
    LabelsPtr labels{};
  };
  struct Leave {
    std::string player;
  };
  struct PassOver {  // who waits and couldn't pay
    std::string player;
    bool may_change = true;  // what they pay with may become good
  };
  struct Withdraw {  // the seat of who is in with a pass that was revoked
    std::string player;
  };
  struct EndOffers {};  // the match has started
  struct PostponeOffers {
    Time until;
    bool is_paused = false;  // card payments are
  };
  // An operator's: what isn't there stays as it is. seats_taken; currency_mismatch while somebody has a seat.
  struct Change {
    std::optional<std::int64_t> seats{};
    std::optional<Money> price{};  // 0: it is free from now on
    Currency currency{};           // of the price
    std::optional<Time> starts_at{};
    std::optional<bool> sales_closed{};
    std::string reason{};
  };
  struct CallOff {  // the whole match: everybody is paid back
    std::string reason{};
  };
  struct PassBy {  // who can't be paid back now, and why; empty: it is undone by itself
    std::string player;
    std::string why{};
  };
  using Command = std::variant<Open, Attempt, Seat, HoldSeat, Confirm, DropHold, Cancel, Join, Leave, PassOver,
                               Withdraw, EndOffers, PostponeOffers, Change, CallOff, PassBy>;

  // What is asked besides the match itself: the players after this one.
  struct Question {
    std::string after{};
    std::size_t limit = players_shown_max;  // at most players_page_max
    std::string player{};                   // not empty: this one's booking instead
  };

  // Events: what happened. On disk by match.fbs: add at the end, never edit.
  struct Opened {
    Open settings;
    static constexpr void members(auto&& is) { is("settings", &Opened::settings); }
  };
  struct Attempted {
    std::string player;
    Time at;
    static constexpr void members(auto&& is) {
      is("player", &Attempted::player);
      is("at", &Attempted::at);
    }
  };
  struct SeatTaken {
    std::string player;
    Payment payment;
    bool from_waitlist = false;
    LabelsPtr labels{};
    static constexpr void members(auto&& is) {
      is("player", &SeatTaken::player);
      is("payment", &SeatTaken::payment);
      is("from_waitlist", &SeatTaken::from_waitlist);
      is("labels", &SeatTaken::labels, {.on_disk = "booking_reference"});
    }
  };
  struct SeatHeld {
    std::string player;
    std::string saga;
    Time until;
    bool from_waitlist = false;
    LabelsPtr labels{};
    static constexpr void members(auto&& is) {
      is("player", &SeatHeld::player);
      is("saga", &SeatHeld::saga);
      is("until", &SeatHeld::until, {.on_disk = "at"});
      is("from_waitlist", &SeatHeld::from_waitlist);
      is("labels", &SeatHeld::labels, {.on_disk = "booking_reference"});
    }
  };
  struct SeatConfirmed {
    std::string player;
    std::string saga;
    std::string charge;
    Money amount;
    LabelsPtr labels{};
    static constexpr void members(auto&& is) {
      is("player", &SeatConfirmed::player);
      is("saga", &SeatConfirmed::saga);
      is("charge", &SeatConfirmed::charge, {.on_disk = "reference"});
      is("amount", &SeatConfirmed::amount);
      is("labels", &SeatConfirmed::labels, {.on_disk = "booking_reference"});
    }
  };
  struct HoldDropped {
    std::string player;
    static constexpr void members(auto&& is) { is("player", &HoldDropped::player); }
  };
  struct HoldExpired {
    std::string player;
    static constexpr void members(auto&& is) { is("player", &HoldExpired::player); }
  };
  struct Cancelled {  // with what goes back, so that it can be told alone; older versions left that out
    std::string player;
    Payment payment{};
    Currency currency{};
    LabelsPtr labels{};
    static constexpr void members(auto&& is) {
      is("player", &Cancelled::player);
      is("payment", &Cancelled::payment);
      is("currency", &Cancelled::currency, {.may_lack = true});
      is("labels", &Cancelled::labels, {.on_disk = "booking_reference"});
    }
  };
  struct Waitlisted {
    std::string player;
    Payment payment;
    LabelsPtr labels{};
    static constexpr void members(auto&& is) {
      is("player", &Waitlisted::player);
      is("payment", &Waitlisted::payment);
      is("labels", &Waitlisted::labels, {.on_disk = "booking_reference"});
    }
  };
  struct LeftWaitlist {
    std::string player;
    static constexpr void members(auto&& is) { is("player", &LeftWaitlist::player); }
  };
  struct OffersMade {};    // of older versions
  struct PaymentChanged {  // or the labels, of one who waits, and keeps the place
    std::string player;
    Payment payment;
    LabelsPtr labels{};
    static constexpr void members(auto&& is) {
      is("player", &PaymentChanged::player);
      is("payment", &PaymentChanged::payment);
      is("labels", &PaymentChanged::labels, {.on_disk = "booking_reference"});
    }
  };
  struct OffersPostponed {
    Time until;
    bool is_paused = true;
    static constexpr void members(auto&& is) {
      is("until", &OffersPostponed::until, {.on_disk = "at"});
      is("is_paused", &OffersPostponed::is_paused);
    }
  };
  struct OffersDue {};
  struct PassedOver {
    std::string player;
    bool may_change = true;
    static constexpr void members(auto&& is) {
      is("player", &PassedOver::player);
      is("may_change", &PassedOver::may_change);
    }
  };
  struct PayerWoken {  // a wallet can pay now, a pass has come
    Method method{};
    std::string reference;
    static constexpr void members(auto&& is) {
      is("method", &PayerWoken::method);
      is("reference", &PayerWoken::reference);
    }
  };
  struct OffersEnded {};
  struct CancelWished {
    std::string player;
    std::string saga;
    static constexpr void members(auto&& is) {
      is("player", &CancelWished::player);
      is("saga", &CancelWished::saga);
    }
  };
  struct WishFulfilled {  // the charge was undone after the hold was gone
    std::string player;
    std::string saga;
    static constexpr void members(auto&& is) {
      is("player", &WishFulfilled::player);
      is("saga", &WishFulfilled::saga);
    }
  };
  struct PassRevoked {
    std::string pass;
    static constexpr void members(auto&& is) { is("pass", &PassRevoked::pass, {.on_disk = "reference"}); }
  };
  struct SeatWithdrawn {
    std::string player;
    std::string pass;
    static constexpr void members(auto&& is) {
      is("player", &SeatWithdrawn::player);
      is("pass", &SeatWithdrawn::pass, {.on_disk = "reference"});
    }
  };
  struct Changed {  // all that can be changed, as it is now
    std::int64_t seats = 0;
    Money price{};
    Currency currency{};
    Time starts_at{};
    bool sales_closed = false;
    std::string reason{};
    static constexpr void members(auto&& is) {
      is("seats", &Changed::seats);
      is("price", &Changed::price, {.on_disk = "amount"});
      is("currency", &Changed::currency, {.may_lack = true});
      is("starts_at", &Changed::starts_at, {.on_disk = "at"});
      is("sales_closed", &Changed::sales_closed);
      is("reason", &Changed::reason);
    }
  };
  struct CalledOff {
    std::string reason{};
    static constexpr void members(auto&& is) { is("reason", &CalledOff::reason); }
  };
  struct RefundPostponed {
    std::string player;
    std::string why{};
    static constexpr void members(auto&& is) {
      is("player", &RefundPostponed::player);
      is("why", &RefundPostponed::why, {.on_disk = "reason"});
    }
  };
  struct RefundsRetryAt {  // with the first that is postponed
    Time at;
    static constexpr void members(auto&& is) { is("at", &RefundsRetryAt::at); }
  };
  struct RefundsDue {};
  using Event = std::variant<Opened, Attempted, SeatTaken, SeatHeld, SeatConfirmed, HoldDropped, HoldExpired, Cancelled,
                             Waitlisted, LeftWaitlist, OffersMade, PaymentChanged, OffersPostponed, OffersDue,
                             PassedOver, PayerWoken, OffersEnded, CancelWished, WishFulfilled, PassRevoked,
                             SeatWithdrawn, Changed, CalledOff, RefundPostponed, RefundsRetryAt, RefundsDue>;

  static Decision<Event> decide(const State& match, const Command& command, Time now);
  static void apply(State& match, const Event& event);
  static bool check(const State& match);
  static bool fits(const State& match, const Event& event);

  static Time next_due(const State& match);
  static Event due(const State& match);

  // -- acting on its own (engine/kernel/effect.h): free seats are offered to those who wait, whoever freed them
  static ScriptPtr follow_up(const State& match, std::string_view id);  // offer.cc
  static const Watches& watches(const State& match);                    // hear.cc: nobody once offers have ended
  static std::optional<Event> hear(const State& match, EntityRef changed, const AnyEntity& is, Time now);  // hear.cc
  static void effects(const State&, std::string_view, Effects&) {}
  static std::string alert(const State& match);  // call_off.cc
  static ScriptPtr report(std::string_view, std::string_view, CommandRef) { return nullptr; }

  // Bytes (codec.cc). The answer to a command about a player is that player's booking.
  static void encode(const Event& event, std::string& out);
  static bool decode(std::string_view bytes, Event& event);
  static void answer(const State& match, const Command* command, std::string& out);
  static void answer(const State& match, const Question& question, std::string& out);
  static void summarize(const State& match, std::string& out);
  static void digest(const Command& command, std::string& out);

  // Names for the edges (describe.cc, codec.cc).
  static std::string_view name_of(const Event& event);
  static void describe_event(const Event& event, Fields& fields);
  static bool describe_answer(std::string_view id, std::string_view answer, Fields& fields);
  // The player whom an answer is about, and who has no booking; empty: another answer.
  static std::string unbooked(std::string_view answer);

  // What it says to the world (tell.cc, says.cc; figures: answer.cc).
  static void tell(std::string_view id, const Event& event, Fields& fields);
  static std::span<const Table> tables();
  static void rows(std::string_view id, const State& match, std::span<const Event> events, RowWriter& out);
  static std::string audit(std::string_view id, const State& match, const Neighbours& others);
  static void describe_figures(std::string_view answer, Fields& fields);  // without the seats, which an event tells
};

}  // namespace tote
