#include "actors/payment_event/outside_payment.h"

#include "actors/match/match.h"
#include "actors/order/order.h"
#include "actors/refund/refunds.h"

namespace tote {

Decision<OutsidePayment::Event> OutsidePayment::decide(const State& payment, const Command& command, Time) {
  if (const auto* seen = std::get_if<Seen>(&command)) {
    const bool is_new = payment.seen.size() < seen_max && !payment.seen.contains(seen->fact);
    return is_new ? Decision<Event>(*seen) : Decision<Event>(Code::ok);
  }
  if (std::holds_alternative<Returned>(command))
    return payment.is_returned ? Decision<Event>(Code::ok) : Decision<Event>(Returned{});
  const auto& decided = std::get<Decided>(command);
  if (payment.is_decided() || decided.outcome == PaymentOutcome::none) return Refusal{Code::invalid_request};
  return decided;
}

void OutsidePayment::apply(State& payment, const Event& event) {
  payment.exists = true;
  if (const auto* seen = std::get_if<Seen>(&event))
    payment.seen.insert(seen->fact);
  else if (const auto* decided = std::get_if<Decided>(&event))
    payment.decided = *decided;
  else
    payment.is_returned = true;
}

bool OutsidePayment::fits(const State& payment, const Event& event) {
  if (const auto* decided = std::get_if<Decided>(&event))
    return !payment.is_decided() && decided->outcome != PaymentOutcome::none;
  return std::holds_alternative<Returned>(event) || payment.seen.size() < seen_max;
}

void OutsidePayment::tell(std::string_view id, const Event& event, Fields& fields) {
  const auto* decided = std::get_if<Decided>(&event);
  if (decided == nullptr || decided->outcome != PaymentOutcome::refunded) return;
  fields.begin(decided->order.empty() ? "booking.refunded" : "order.refunded");
  if (!decided->order.empty()) fields.text("order", decided->order);
  if (!decided->match.empty()) fields.text("match", decided->match);
  if (!decided->player.empty()) fields.text("player", decided->player);
  fields.integer("amount", decided->amount.minor);
  fields.text("currency", decided->currency.text());
  fields.text("payment", id);
  fields.text("reason", name_of(decided->reason));
  fields.end();
}

// A seat may have been given back since, and then the money is on its way back, too. The queue forgets refunds that
// succeeded long ago: then nobody can tell.
std::string OutsidePayment::audit(std::string_view id, const State& payment, const Neighbours& others) {
  if (!payment.is_decided()) return {};
  const auto* queue = look<Refunds>(others, Refunds::id);
  if (queue != nullptr && (queue->by_charge.contains(id) || queue->closed_count > Refunds::closed_max)) return {};
  if (payment.decided.outcome == PaymentOutcome::booked) {
    const auto* match = look<Match>(others, payment.decided.match);
    const auto* player = match == nullptr ? nullptr : match->players.find(payment.decided.player);
    return player != nullptr && player->is_in() ? std::string() : "was paid, and is neither a seat nor a refund";
  }
  if (payment.decided.outcome == PaymentOutcome::confirmed) {
    const auto* order = look<Order>(others, payment.decided.order);
    const bool is_confirmed = order != nullptr && order->progress.status == saga::Status::completed;
    return is_confirmed ? std::string() : "was paid, and is neither an order nor a refund";
  }
  return payment.decided.outcome == PaymentOutcome::refunded ? "was to go back, and isn't in the refund queue"
                                                             : std::string();
}

}  // namespace tote
