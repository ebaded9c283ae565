// A payment event needs whom it didn't name: the wallet that a seat's money goes to. That it isn't in memory is no
// defect: it is fetched, and the payment is a seat.
#include "actors/match/booking.h"
#include "actors/match/card_booking.h"
#include "actors/order/order.h"
#include "actors/payment_event/outside_payment.h"
#include "actors/payment_event/payment_events.h"
#include "actors/refund/refunds.h"
#include "tests/engine/crashing.h"
#include "tests/simulation/world.h"

namespace tote::simulation {

namespace {

struct PayeeAtRest : Crashing {
  PayeeAtRest()
      : Crashing(2'000, {kind_of<tote::Wallet>(), kind_of<tote::Match>(), kind_of<CardBooking>(), kind_of<Refunds>(),
                         kind_of<PaymentEvents>(), kind_of<OutsidePayment>()}) {
    options.snapshot_interval_ms = 60'000;
    start();
    engine->call(request<tote::Wallet>("club", tote::Wallet::Open{euro, {}}));
    tote::Match::Open open{2, {match_price}, euro, {}, 5, 900, {}};
    open.payee.wallet = "club";
    Request opening{.kind = tote::Match::kind_id, .entity = "m"};
    opening.command = open_command("m", open);
    CHECK(engine->call(std::move(opening)).code == Code::created);
    for (int i = 0; i < 100 && is_club_here(); ++i) {
      engine->call(request<tote::Wallet>("w" + std::to_string(i), tote::Wallet::Open{euro, {}}));
      pass();
    }
  }
  void pass() {
    clock.advance(ns_per_s);
    engine->turns();
    engine->sync();
  }
  bool is_club_here() { return engine->context().slots().find(Tenant{}, tote::Wallet::kind_id, "club") != nullptr; }
};

TEST_CASE("payment events: a seat's payee that is at rest is fetched, and gets the money") {
  PayeeAtRest at;
  REQUIRE_FALSE(at.is_club_here());
  PaymentNotice notice;
  notice.fact = PaymentFact::paid;
  notice.type = "payment_intent.succeeded";
  notice.object = notice.payment = "pi_1";
  notice.amount = {match_price};
  notice.currency = euro;
  notice.match = "m";
  notice.player = "ann";
  at.engine->call(request<PaymentEvents>(std::string(PaymentEvents::id), PaymentEvents::Receive{"evt_1", notice}));
  for (int i = 0; i < 4; ++i) at.engine->turns(), at.engine->sync();
  CHECK(field(at.engine->call(request<tote::Wallet>("club")), "balance") == match_price);
}

}  // namespace
}  // namespace tote::simulation
