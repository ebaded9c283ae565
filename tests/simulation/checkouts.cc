#include "tests/simulation/checkouts.h"

#include "actors/order/place.h"
#include "actors/payment_event/payment_events.h"
#include "tests/simulation/world.h"

namespace tote::simulation {

PaymentNotice Checkouts::about(const std::string& id, PaymentFact fact, std::string type) const {
  const Payment& payment = payments_.at(id);
  PaymentNotice notice;
  notice.fact = fact;
  notice.type = std::move(type);
  notice.object = id;
  notice.payment = id;
  notice.charge = "charge_of_" + id;
  notice.amount = {payment.amount};
  notice.currency = euro;
  notice.match = payment.match;
  notice.player = payment.player;
  notice.order = payment.order;
  return notice;
}

// Whoever made it.
PaymentNotice Checkouts::about_charge(const std::string& id, PaymentFact fact, std::string type) const {
  if (payments_.contains(id)) return about(id, fact, std::move(type));
  PaymentNotice notice;
  notice.fact = fact;
  notice.type = std::move(type);
  notice.object = "dp_of_" + id;
  notice.charge = id;
  notice.currency = euro;
  return notice;
}

std::string Checkouts::pay(Payment payment) {
  const std::string id = "pi_" + std::to_string(payments_.size() + 1);
  world_.note(id + " is paid for " + payment.match + payment.order + " by " + payment.player);
  world_.gateway().take(id, payment.amount, euro);
  say_paid(id, payments_[id] = std::move(payment));
  return id;
}

// A session and its intent are one payment; some sessions are completed before the money is there.
void Checkouts::say_paid(const std::string& id, const Payment&) {
  PaymentNotice session = about(id, PaymentFact::paid, "checkout.session.completed");
  session.object = "cs_of_" + id;
  if (world_.below(4) == 0) {
    PaymentNotice awaited = session;
    awaited.fact = PaymentFact::awaited;
    say(std::move(awaited));
    session.type = "checkout.session.async_payment_succeeded";
  }
  if (world_.below(4) == 0) say(session);  // another event that says the same
  say(std::move(session));
  if (world_.below(2) == 0) say(about(id, PaymentFact::paid, "payment_intent.succeeded"));
}

void Checkouts::somebody_pays() {
  const auto what = world_.below(10);
  Payment payment{.amount = match_price};
  if (what < 6) {
    payment.match = "m" + std::to_string(world_.below(world_.below(8) == 0 ? 5 : 3));
    payment.player = "p" + std::to_string(world_.below(8));
    if (world_.below(10) == 0) payment.amount += 1;
  } else if (what < 9) {
    payment.order = "page" + std::to_string(orders_);
    if (world_.below(3) != 0) {
      const std::string item = "i" + std::to_string(world_.below(3)), id = "page" + std::to_string(++orders_);
      OrderPlan::Input order{.lines = {{item, 1 + static_cast<std::int64_t>(world_.below(3))}},
                             .amount = {match_price},
                             .currency = euro,
                             .webhook = "page"};
      if (world_.below(3) == 0) order.payee.wallet = "club";
      world_.ask("order " + id + " on the provider's page", [id, order] {
        Request request{.kind = Order::kind_id, .entity = id};
        request.command = place_order(id, order);
        return request;
      });
      payment.order = id;
    }
    if (world_.below(5) == 0) {  // nobody pays
      PaymentNotice lapsed;
      lapsed.fact = PaymentFact::lapsed;
      lapsed.type = "checkout.session.expired";
      lapsed.object = "cs_of_" + payment.order;
      lapsed.order = payment.order;
      return say(std::move(lapsed));
    }
  }
  pay(std::move(payment));
}

void Checkouts::say_anything() {
  if (payments_.empty() || world_.below(4) == 0) {
    PaymentNotice funds;
    funds.fact = PaymentFact::funds;
    funds.type = "balance.available";
    return say(std::move(funds));
  }
  auto chosen = std::next(payments_.begin(), static_cast<std::ptrdiff_t>(world_.below(payments_.size())));
  auto& [id, payment] = *chosen;
  const auto refund = world_.gateway().any_refund();
  switch (world_.below(6)) {
    case 0: return say(about(id, PaymentFact::disputed, "charge.dispute.created"));
    case 1:
      if (!world_.gateway().is_given_back(id) || payment.is_told_back) return;
      payment.is_told_back = true;
      return say(about(id, PaymentFact::returned, "charge.refunded"));
    case 2:
    case 3:
      if (refund) say_of_refund(*refund);
      return;
    case 4:  // of a charge that some of goes back
      if (refund) say(about_charge(refund->charge, PaymentFact::disputed, "charge.dispute.created"));
      return;
    default: {
      PaymentNotice own = about(id, PaymentFact::paid, "payment_intent.succeeded");
      own.payment = own.object = "pi_own_" + id;
      own.is_own = true;
      return say(std::move(own));
    }
  }
}

// Made, or back again: it was on its way to the customer, and didn't arrive. That is said by several events, each of
// which may come before the others, or long after an operator has sent it again.
void Checkouts::say_of_refund(const Gateway::Returned& refund) {
  PaymentNotice notice = about_charge(refund.charge, PaymentFact::returned, "refund.updated");
  notice.object = refund.id;
  notice.amount = {refund.amount};
  notice.match.clear(), notice.player.clear(), notice.order.clear();  // of the payment the provider says that
  if (!refund.has_bounced && world_.below(3) == 0) return say(std::move(notice));
  world_.gateway().bounce(refund.id);
  if (refund.has_bounced && world_.below(4) != 0) return;
  if (world_.below(4) == 0) say(notice);
  notice.fact = PaymentFact::bounced;
  if (world_.below(2) == 0) say(notice);
  notice.type = "refund.failed";
  say(std::move(notice));
}

void Checkouts::say(PaymentNotice notice) {
  events_.push_back({"evt_" + std::to_string(events_.size() + 1), std::move(notice), false});
}

void Checkouts::deliver() {
  if (!events_.empty()) send(world_.below(events_.size()));
}

void Checkouts::deliver_all() {
  for (std::size_t i = 0; i < events_.size(); ++i)
    if (!events_[i].is_taken) send(i);
}

void Checkouts::send(std::size_t number) {
  const Event& event = events_[number];
  world_.note(event.id + ": " + event.notice.type + " of " + event.notice.payment);
  waiting_.emplace_back(world_.engine().submit(request<PaymentEvents>(std::string(PaymentEvents::id),
                                                                      PaymentEvents::Receive{event.id, event.notice})),
                        number);
}

void Checkouts::look() {
  std::erase_if(waiting_, [this](const auto& waiting) {
    if (!world_.engine().is_answered(waiting.first)) return false;
    Event& event = events_[waiting.second];
    const Code code = world_.engine().outcome(waiting.first).code;
    if (is_success(code)) {
      event.is_taken = true;
      if (!world_.model().payments().has_come(event.id)) world_.fault(event.id + " was taken, and isn't durable");
    } else if (code != Code::log_full && code != Code::overloaded) {
      world_.fault(event.id + " is refused: " + std::string(name_of(code)));
    }
    return true;
  });
}

void Checkouts::forget() { waiting_.clear(); }

std::int64_t Checkouts::foreign() const {
  std::int64_t sum = 0;
  for (const auto& [id, payment] : payments_)
    if (payment.match.empty() && payment.order.empty()) sum += payment.amount;
  return sum;
}

void Checkouts::check_quiet() {
  const PaymentsModel& model = world_.model().payments();
  for (const Event& event : events_)
    if (!model.is_done(event.id)) world_.fault(event.id + " has come to nothing");
  for (const auto& [id, refund] : world_.gateway().refunds())
    if (refund.has_bounced != model.has_bounced(id)) world_.fault(id + " came back, and nobody knows");
  for (const auto& [id, payment] : payments_) {
    const bool is_ours = !payment.match.empty() || !payment.order.empty();
    const std::string outcome = model.outcome_of(id);
    if (outcome.empty() == is_ours) world_.fault(id + " is '" + outcome + "'");
    if (outcome == "refunded" && !world_.gateway().is_given_back(id)) world_.fault(id + " was never given back");
  }
}

}  // namespace tote::simulation
