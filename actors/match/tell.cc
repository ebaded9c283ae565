// What others are told of a match (adapters/events/EVENTS.md): what happens in it under its own names, but for its own
// business, and that money goes back.
#include "actors/match/match.h"

namespace tote {
namespace {

struct IsTold {
  bool operator()(const Match::Attempted&) const { return false; }
  bool operator()(const Match::OffersMade&) const { return false; }
  bool operator()(const Match::PaymentChanged&) const { return false; }
  bool operator()(const Match::OffersPostponed&) const { return false; }
  bool operator()(const Match::OffersDue&) const { return false; }
  bool operator()(const Match::PassedOver&) const { return false; }
  bool operator()(const Match::PayerWoken&) const { return false; }
  bool operator()(const Match::OffersEnded&) const { return false; }
  bool operator()(const Match::WishFulfilled&) const { return false; }
  bool operator()(const Match::PassRevoked&) const { return false; }
  bool operator()(const Match::RefundPostponed&) const { return false; }
  bool operator()(const Match::RefundsRetryAt&) const { return false; }
  bool operator()(const Match::RefundsDue&) const { return false; }
  template <class Event>
  bool operator()(const Event&) const {
    return true;
  }
};

// As a card booking's saga tells it of a charge that it undoes.
void tell_refund(std::string_view match, const Match::Cancelled& event, Fields& fields) {
  fields.begin("booking.refunded");
  fields.text("match", match);
  fields.text("player", event.player);
  fields.integer("amount", event.payment.amount.minor);
  fields.text("currency", event.currency.text());
  labels_of(event.labels).describe(fields);
  fields.end();
}

}  // namespace

void Match::tell(std::string_view id, const Event& event, Fields& fields) {
  if (!std::visit(IsTold{}, event)) return;
  fields.begin(std::string(kind).append(1, '.').append(name_of(event)));
  describe_event(event, fields);
  fields.end();
  const auto* cancelled = std::get_if<Cancelled>(&event);
  if (cancelled != nullptr && cancelled->payment.amount.minor > 0) tell_refund(id, *cancelled, fields);
}

}  // namespace tote
