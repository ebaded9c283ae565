// actors/payment_event/outside_payment.h: one payment that a customer made at the provider, by the provider's id of it.
// However many events speak of it, in whatever order: it is decided once, and is then a seat, an order or a refund.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <variant>

#include "actors/payment_event/notice.h"
#include "engine/kernel/kind_of.h"

namespace tote {

struct OutsidePayment {
  static constexpr KindId kind_id = 13;
  static constexpr std::string_view kind = "payment", event_names[] = {"seen", "decided", "returned"};

  static constexpr std::size_t seen_max = 64;  // facts; beyond, it is what was decided that tells

  // What happened to it, with all that others are told.
  struct Decided {
    PaymentOutcome outcome = PaymentOutcome::none;  // booked, confirmed, refunded
    std::string event{};                            // that brought it about
    std::string match{}, player{}, order{};
    Money amount{};
    Currency currency{};
    Code reason = Code::ok;  // of a refund: why it was neither a seat nor an order

    static constexpr void members(auto&& is) {
      is("outcome", &Decided::outcome);
      is("event", &Decided::event);
      is("match", &Decided::match, {.may_lack = true});
      is("player", &Decided::player, {.may_lack = true});
      is("order", &Decided::order, {.may_lack = true});
      is("amount", &Decided::amount);
      is("currency", &Decided::currency);
      is("reason", &Decided::reason, {.may_lack = true});
    }
  };
  struct Seen {
    std::string fact{};  // what and about what: two events may say one thing
    static constexpr void members(auto&& is) { is("fact", &Seen::fact); }
  };
  struct Returned {};  // all of the money went back, whoever did that
  using Command = std::variant<Seen, Decided, Returned>;
  using Event = std::variant<Seen, Decided, Returned>;

  struct State {
    bool exists = false;
    bool is_returned = false;
    Decided decided{};
    std::set<std::string, std::less<>> seen{};

    bool is_decided() const { return decided.outcome != PaymentOutcome::none; }
    static constexpr void members(auto&& is) {
      is("exists", &State::exists);
      is("is_returned", &State::is_returned);
      is("decided", &State::decided);
      is("seen", &State::seen);
    }
  };

  static Decision<Event> decide(const State& payment, const Command& command, Time);
  static void apply(State& payment, const Event& event);
  static bool check(const State& payment) { return payment.exists && payment.seen.size() <= seen_max; }
  static bool fits(const State& payment, const Event& event);

  // Others are told that it goes back: booking.refunded, order.refunded.
  static void tell(std::string_view id, const Event& event, Fields& fields);
  static std::string audit(std::string_view id, const State& payment, const Neighbours& others);
};

}  // namespace tote
