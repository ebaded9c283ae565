// actors/payment_event/notice.h: what a payment provider says by an event of its own, as far as it concerns us. Whoever
// reads a provider's format makes one of these; from here on nobody knows that format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "actors/wallet/currency.h"
#include "engine/kernel/money.h"

namespace tote {

// On disk by number: add, never renumber.
enum class PaymentFact : std::uint8_t {
  other = 0,     // nothing that we act upon
  paid = 1,      // the money is there
  awaited = 2,   // the customer is through, the money isn't there yet
  lapsed = 3,    // it won't come: expired, failed, cancelled
  returned = 4,  // it went back, as much as `amount`
  bounced = 5,   // it was to go back and didn't arrive
  disputed = 6,  // the customer's bank decides now
  funds = 7,     // the provider's account has money that it can pay back from
};
std::string_view name_of(PaymentFact fact);

struct PaymentNotice {
  static constexpr std::size_t text_bytes_max = 500;     // of each text
  static constexpr std::size_t payment_bytes_max = 120;  // an id, with room for ours that are made of it

  PaymentFact fact = PaymentFact::other;
  std::string type{};     // as the provider calls it
  std::string object{};   // what it is about, by the provider's id
  std::string payment{};  // the payment (Stripe: the payment intent); empty: it names none
  std::string charge{};   // another name that the provider has for it; may be empty
  Money amount{};
  Currency currency{};
  std::string match{}, player{}, order{};  // what was paid for, as our metadata says; any text
  bool is_own = false;                     // of a charge that this engine had made itself

  bool is_ours() const { return !match.empty() || !order.empty(); }

  static constexpr void members(auto&& is) {
    is("fact", &PaymentNotice::fact);
    is("type", &PaymentNotice::type);
    is("object", &PaymentNotice::object, {.may_lack = true});
    is("payment", &PaymentNotice::payment, {.may_lack = true});
    is("charge", &PaymentNotice::charge, {.may_lack = true});
    is("amount", &PaymentNotice::amount, {.may_lack = true});
    is("currency", &PaymentNotice::currency, {.may_lack = true});
    is("match", &PaymentNotice::match, {.may_lack = true});
    is("player", &PaymentNotice::player, {.may_lack = true});
    is("order", &PaymentNotice::order, {.may_lack = true});
    is("is_own", &PaymentNotice::is_own, {.may_lack = true});
  }
};

// What an event came to. On disk by number: add, never renumber.
enum class PaymentOutcome : std::uint8_t {
  none = 0,       // not yet
  booked = 1,     // a seat was given for the payment
  confirmed = 2,  // an order
  refunded = 3,   // it could be neither, and goes back through the refund queue
  known = 4,      // the payment was decided before
  waiting = 5,    // nothing to do before the money comes
  released = 6,   // an order that waited for it has failed, its stock is free
  woken = 7,      // refunds that waited for money go out
  returned = 8,   // noted: the money went back
  bounced = 9,    // a refund of ours didn't arrive: an operator's
  frozen = 10,    // a refund of ours isn't made while the bank decides
  nothing = 11,   // there was nothing to do
  not_ours = 12,  // ignored: none of our business
  repeated = 13,  // ignored: another event has said the same
};
std::string_view name_of(PaymentOutcome outcome);
constexpr bool is_ignored(PaymentOutcome outcome) {
  return outcome == PaymentOutcome::not_ours || outcome == PaymentOutcome::repeated;
}

}  // namespace tote
