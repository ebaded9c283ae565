// What a payment provider says, and what is done about it: the queue of events by itself, and beside a match.
#include "actors/item/item.h"
#include "actors/match/booking.h"
#include "actors/match/card_booking.h"
#include "actors/order/order.h"
#include "actors/pass/pass.h"
#include "actors/payment_event/outside_payment.h"
#include "actors/payment_event/payment_events.h"
#include "actors/refund/refunds.h"
#include "actors/wallet/wallet.h"
#include "tests/actors/saga_world.h"
#include "tests/actors/wallet_words.h"

namespace tote {
namespace {

struct Club {
  SagaWorld world{{kind_of<Wallet>(), kind_of<Item>(), kind_of<Pass>(), kind_of<Refunds>(), kind_of<Match>(),
                   kind_of<CardBooking>(), kind_of<Order>(), kind_of<PaymentEvents>(), kind_of<OutsidePayment>()}};

  explicit Club(std::int64_t seats = 1) {
    Match::Open open;
    open.seats = seats;
    open.price = {500};
    open.currency = eur;
    CHECK(world.command<Match>("thu", open).code == Code::created);
  }
  static PaymentNotice paid(std::string name) {
    PaymentNotice notice;
    notice.fact = PaymentFact::paid;
    notice.type = "checkout.session.completed";
    notice.object = "cs_" + name;
    notice.payment = "pi_" + name;
    notice.amount = {500};
    notice.currency = eur;
    notice.match = "thu";
    notice.player = std::move(name);
    return notice;
  }
  Code receive(const std::string& event, PaymentNotice notice) {
    return world.command<PaymentEvents>(PaymentEvents::id, PaymentEvents::Receive{event, std::move(notice)}).code;
  }
  const PaymentEvents::Entry& entry(const std::string& event) {
    return world.state<PaymentEvents>(PaymentEvents::id).events.at(event);
  }
  const Match::State& match() { return world.state<Match>("thu"); }
  const Refunds::State& queue() { return world.state<Refunds>(Refunds::id); }
  Verdict run(const Command& command) { return world.run(**command.get<ScriptPtr>()); }
};

TEST_CASE("payment event: a paid one is a seat, the next a refund, and the same again nothing") {
  Club club;
  CHECK(club.receive("evt_1", Club::paid("ann")) == Code::ok);
  CHECK(club.receive("evt_2", Club::paid("bob")) == Code::ok);
  CHECK(club.match().players.at("ann").payment.reference == "pi_ann");
  CHECK(club.entry("evt_1").outcome == PaymentOutcome::booked);
  CHECK(club.entry("evt_2").outcome == PaymentOutcome::refunded);
  CHECK(club.entry("evt_2").reason == Code::match_full);
  CHECK(club.queue().by_charge.contains("pi_bob"));
  const std::size_t before = club.world.records();
  CHECK(club.receive("evt_1", Club::paid("ann")) == Code::ok);
  CHECK(club.world.records() == before);
}

TEST_CASE("payment event: one that may be about a card that is being charged waits for its answer") {
  Club club(2);
  REQUIRE(club.run(book_command({"thu", "ann", Match::Method::card, "tok_ok"})).code == Code::accepted);
  auto notice = Club::paid("ann");
  notice.charge = "ch_1";
  club.receive("evt_1", notice);
  CHECK(club.entry("evt_1").status == PaymentEvents::Status::received);
  CHECK(club.entry("evt_1").attempts == 1);
  club.world.report("charge/1", CommandRef::to(payment::Result{payment::Status::succeeded, "ch_1", {}}));
  club.world.pass(60 * ns_per_s);
  CHECK(club.entry("evt_1").outcome == PaymentOutcome::booked);
  CHECK(club.match().taken() == 1);
  CHECK(club.queue().refunds.empty());
  // Another payment of the same player is another matter.
  club.receive("evt_2", Club::paid("ann"));
  CHECK(club.entry("evt_2").outcome == PaymentOutcome::repeated);
  auto other = Club::paid("ann");
  other.payment = "pi_other";
  other.object = "cs_other";
  club.receive("evt_3", other);
  CHECK(club.entry("evt_3").reason == Code::already_booked);
}

TEST_CASE("payment event: what can't be acted upon is tried again with back-off, then it is an operator's") {
  Club club(2);
  REQUIRE(club.run(book_command({"thu", "ann", Match::Method::card, "tok_ok"})).code == Code::accepted);
  // Nobody answers the call, so the card stays where it is until its hold expires, which is later than the last
  // attempt.
  club.receive("evt_1", Club::paid("ann"));
  for (int minutes = 0; minutes < 13; ++minutes) club.world.pass(60 * ns_per_s);
  CHECK(club.entry("evt_1").status == PaymentEvents::Status::failed);
  CHECK(club.entry("evt_1").attempts == PaymentEvents::attempts_max);
  CHECK(!club.entry("evt_1").last_error.empty());
  CHECK(club.world.alert(PaymentEvents::kind_id, PaymentEvents::id).find("evt_1") != std::string::npos);
  CHECK(club.queue().refunds.empty());
  club.world.pass(3'600 * ns_per_s);
  CHECK(club.entry("evt_1").status == PaymentEvents::Status::failed);
  CHECK(club.run(retry_payment_event("evt_1", "the hold is gone")).code == Code::ok);
  CHECK(club.entry("evt_1").status == PaymentEvents::Status::processed);
  CHECK(club.entry("evt_1").outcome == PaymentOutcome::booked);
  CHECK(club.match().players.at("ann").payment.reference == "pi_ann");
  CHECK(club.world.alert(PaymentEvents::kind_id, PaymentEvents::id).empty());
  CHECK(club.run(retry_payment_event("evt_1", "again")).code == Code::not_failed);
  CHECK(club.run(retry_payment_event("evt_2", "never heard of")).code == Code::not_found);
}

TEST_CASE("payment event: those who wait on the list and can pay aren't passed") {
  Club club(2);
  CHECK(club.world.command<Wallet>("w", Wallet::Open{eur}).code == Code::created);
  club.receive("evt_1", Club::paid("ann"));
  club.receive("evt_2", Club::paid("bob"));
  REQUIRE(club.run(join_waitlist_command({"thu", "cid", Match::Method::wallet, "w"})).code == Code::accepted);
  CHECK(club.world.command<Wallet>("w", Wallet::Credit{{500}}).code == Code::ok);
  CHECK(club.run(cancel_command("thu", "ann")).code == Code::ok);
  club.receive("evt_3", Club::paid("dan"));
  CHECK(club.match().players.contains("cid"));
  CHECK(club.entry("evt_3").reason == Code::match_full);
  CHECK(club.queue().by_charge.contains("pi_ann"));
}

TEST_CASE(
    "payment event: parts whose ids the provider never named are told by their amounts; of two alike nobody knows") {
  Club club;
  const auto give_back = [&](const std::string& refund, std::int64_t amount) {
    Refunds::Enqueue part{refund, "pi_x", {amount}, eur};
    part.is_part = true;
    REQUIRE(!club.world.command<Refunds>(Refunds::id, part).refused());
    club.world.report(refund + "/1", CommandRef::to(payment::Result{payment::Status::succeeded, {}, {}}));
  };
  const auto bounced = [&](const std::string& event, const std::string& object, std::int64_t amount) {
    PaymentNotice notice;
    notice.fact = PaymentFact::bounced;
    notice.type = "refund.failed";
    notice.object = object;
    notice.payment = "pi_x";
    notice.amount = {amount};
    club.receive(event, notice);
    return club.entry(event).outcome;
  };
  give_back("r1", 5);
  give_back("r2", 5);
  give_back("r3", 7);
  CHECK(bounced("evt_1", "re_1", 5) == PaymentOutcome::none);
  CHECK(club.entry("evt_1").status == PaymentEvents::Status::failed);
  CHECK(bounced("evt_2", "re_3", 7) == PaymentOutcome::bounced);
  CHECK(club.queue().refunds.at("r3").status == Refunds::Status::failed);
  REQUIRE(club.run(retry_refund("r3")).code == Code::ok);
  CHECK(bounced("evt_3", "re_3", 7) == PaymentOutcome::nothing);
  club.world.report("r3/2", CommandRef::to(payment::Result{payment::Status::succeeded, {}, {}}));
  CHECK(bounced("evt_4", "re_3", 7) == PaymentOutcome::nothing);
  CHECK(bounced("evt_5", "re_4", 7) == PaymentOutcome::bounced);
}

TEST_CASE("payment event: one that isn't in bounds isn't recorded") {
  Club club;
  auto long_one = Club::paid("ann");
  long_one.player = std::string(PaymentNotice::text_bytes_max + 1, 'x');
  CHECK(club.receive("evt_1", long_one) == Code::invalid_request);
  CHECK(club.receive("evt 1", Club::paid("ann")) == Code::invalid_request);
  auto odd = Club::paid("ann");
  odd.payment = "pi 1";
  CHECK(club.receive("evt_1", odd) == Code::invalid_request);
  auto negative = Club::paid("ann");
  negative.amount = {-1};
  CHECK(club.receive("evt_1", negative) == Code::invalid_request);
}

TEST_CASE("payment event: of closed ones the oldest are forgotten, of payments none") {
  PaymentEvents::State events;
  for (std::size_t i = 0; i <= PaymentEvents::closed_max; ++i) {
    const std::string id = "evt_" + std::to_string(i);
    PaymentNotice notice;
    notice.type = "x";
    PaymentEvents::apply(events, PaymentEvents::Received{id, notice, {1}});
    PaymentEvents::apply(events, PaymentEvents::Settled{id, PaymentOutcome::not_ours});
  }
  CHECK(PaymentEvents::check(events));
  CHECK(events.events.size() == PaymentEvents::closed_max);
  CHECK(!events.events.contains("evt_0"));
  CHECK(events.events.contains("evt_1"));
}

}  // namespace
}  // namespace tote
