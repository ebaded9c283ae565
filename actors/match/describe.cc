#include "actors/match/match.h"

namespace tote {
namespace {

struct Describe {
  Fields& fields;

  void operator()(const Match::Opened& event) const {
    fields.integer("seats", event.settings.seats);
    price(event.settings.price, event.settings.currency);
    if (event.settings.starts_at.ns != 0) fields.time("starts_at", event.settings.starts_at);
    describe(event.settings.payee, fields);
  }
  void operator()(const Match::Attempted& event) const { fields.text("player", event.player); }
  void operator()(const Match::SeatTaken& event) const {
    fields.text("player", event.player);
    payment(event.payment);
    if (event.from_waitlist) fields.text("from", "waitlist");
    labels(event.labels);
  }
  void operator()(const Match::SeatHeld& event) const {
    fields.text("player", event.player);
    fields.text("saga", "booking:" + event.saga);
    fields.time("until", event.until);
    if (event.from_waitlist) fields.text("from", "waitlist");
    labels(event.labels);
  }
  void operator()(const Match::SeatConfirmed& event) const {
    fields.text("player", event.player);
    if (!event.saga.empty()) fields.text("saga", "booking:" + event.saga);
    fields.text("charge", event.charge);
    fields.integer("amount", event.amount.minor);
    labels(event.labels);
  }
  void operator()(const Match::HoldDropped& event) const { fields.text("player", event.player); }
  void operator()(const Match::HoldExpired& event) const { fields.text("player", event.player); }
  void operator()(const Match::Cancelled& event) const {
    fields.text("player", event.player);
    labels(event.labels);
  }
  void operator()(const Match::Waitlisted& event) const {
    fields.text("player", event.player);
    fields.text("paid_by", name_of(event.payment.method));
    labels(event.labels);
  }
  void operator()(const Match::LeftWaitlist& event) const { fields.text("player", event.player); }
  void operator()(const Match::OffersMade&) const {}
  void operator()(const Match::PaymentChanged& event) const {
    fields.text("player", event.player);
    fields.text("paid_by", name_of(event.payment.method));
    labels(event.labels);
  }
  void operator()(const Match::OffersPostponed& event) const { fields.time("until", event.until); }
  void operator()(const Match::OffersDue&) const {}
  void operator()(const Match::PassedOver& event) const { fields.text("player", event.player); }
  void operator()(const Match::PayerWoken& event) const { fields.text(name_of(event.method), event.reference); }
  void operator()(const Match::OffersEnded&) const {}
  void operator()(const Match::CancelWished& event) const {
    fields.text("player", event.player);
    fields.text("saga", "booking:" + event.saga);
  }
  void operator()(const Match::WishFulfilled& event) const {
    fields.text("player", event.player);
    fields.text("saga", "booking:" + event.saga);
  }
  void operator()(const Match::PassRevoked& event) const { fields.text("pass", event.pass); }
  void operator()(const Match::SeatWithdrawn& event) const {
    fields.text("player", event.player);
    fields.text("pass", event.pass);
  }

  void operator()(const Match::Changed& event) const {
    fields.integer("seats", event.seats);
    price(event.price, event.currency);
    if (event.starts_at.ns != 0) fields.time("starts_at", event.starts_at);
    fields.text("sales", event.sales_closed ? "closed" : "open");
    reason(event.reason);
  }
  void operator()(const Match::CalledOff& event) const { reason(event.reason); }
  void operator()(const Match::RefundPostponed& event) const {
    fields.text("player", event.player);
    if (!event.why.empty()) fields.text("why", event.why);
  }
  void operator()(const Match::RefundsRetryAt& event) const { fields.time("at", event.at); }
  void operator()(const Match::RefundsDue&) const {}

 private:
  void reason(const std::string& reason) const {
    if (!reason.empty()) fields.text("reason", reason);
  }
  void price(Money price, Currency currency) const {
    if (price.minor == 0) return;  // it is free
    fields.integer("amount", price.minor);
    fields.text("currency", currency.text());
  }
  // `reference` is the payment's.
  void labels(const LabelsPtr& labels) const { labels_of(labels).describe(fields, "booking_reference"); }
  void payment(const Match::Payment& paid) const {
    fields.text("paid_by", name_of(paid.method));
    if (!paid.reference.empty()) fields.text("reference", paid.reference);
    if (paid.amount.minor != 0) fields.integer("amount", paid.amount.minor);
  }
};

}  // namespace

std::string_view name_of(SeatMethod method) {
  static constexpr std::string_view names[] = {"wallet", "pass", "card", "free"};
  return static_cast<std::size_t>(method) < std::size(names) ? names[static_cast<std::size_t>(method)] : "";
}

std::string_view Match::name_of(const Event& event) {
  static constexpr std::string_view names[] = {
      "opened",           "attempted",    "seat_taken",     "seat_held",     "seat_confirmed", "hold_dropped",
      "hold_expired",     "cancelled",    "waitlisted",     "left_waitlist", "offers_made",    "payment_changed",
      "offers_postponed", "offers_due",   "passed_over",    "payer_woken",   "offers_ended",   "cancel_wished",
      "wish_fulfilled",   "pass_revoked", "seat_withdrawn", "changed",       "called_off",     "refund_postponed",
      "refunds_retry_at", "refunds_due"};
  static_assert(std::size(names) == std::variant_size_v<Event>);
  return names[event.index()];
}

void Match::describe_event(const Event& event, Fields& fields) { std::visit(Describe{fields}, event); }

}  // namespace tote
