// Seats paid by card: held, charged outside, confirmed; every way in which that can end.
#include "tests/actors/match_words.h"

namespace tote {
namespace {

// How often this charge is in the refund queue.
std::size_t refunds_of(Club& club, std::string_view charge) {
  std::size_t count = 0;
  for (const auto& [id, refund] : club.queue().refunds) count += refund.charge == charge ? 1 : 0;
  return count;
}

TEST_CASE("book, card: the seat is held while the card is charged, then it is the player's") {
  Club club(1);
  club.wallet("bob", 500);
  const std::size_t before = club.world.records();
  CHECK(club.book(with_card("ann", "tok_1")).code == Code::accepted);
  CHECK(club.world.records() == before + 1);
  const std::string saga = club.saga_of("ann");
  CHECK(club.said() == "match=thu;player=ann;status=pending;saga=booking:" + saga + ";");
  CHECK(club.recorded<Match>("thu").starts_with("seat_held{player=ann;saga=booking:" + saga));
  CHECK(club.attempts("ann") == 1);
  const payment::Charge charge = club.charge("ann");
  CHECK(charge.key == "booking:" + saga + ":" + saga + ":charge");
  CHECK(charge.token == "tok_1");
  CHECK(charge.amount.minor == 500);
  CHECK(charge.currency.text() == "EUR");
  CHECK(club.book(from_wallet("bob")).code == Code::match_full);
  CHECK(club.book(with_card("ann")).code == Code::already_booked);
  CHECK(club.report("ann", charge_succeeded()).code == Code::ok);
  CHECK(club.text() == "ann card");
  CHECK(club.text_of_saga(saga) == "booking completed: hold completed, charge completed 1, confirm completed");
  CHECK(club.match().players.at("ann").payment.reference == "ch_1");
  CHECK(club.match().players.at("ann").payment.amount.minor == 500);
  CHECK(club.queue().refunds.empty());
  club.world.pass(20 * minute_ns);
  CHECK(club.text() == "ann card");
}

TEST_CASE("book, card: declined: the seat is free, nothing is refunded, and it may be tried again") {
  Club club(1);
  club.book(with_card("ann"));
  const std::string saga = club.saga_of("ann");
  club.report("ann", charge_declined());
  CHECK(club.text().empty());
  CHECK(club.text_of_saga(saga) ==
        "booking compensated: hold compensated, charge failed 1 [no money], confirm pending");
  CHECK(club.queue().refunds.empty());
  CHECK(club.attempts("ann") == 1);
  CHECK(club.book(with_card("ann")).code == Code::accepted);
  CHECK(club.saga_of("ann") != saga);
  club.report("ann", charge_succeeded());
  CHECK(club.text() == "ann card");
}

TEST_CASE("book, card: declined: the first who waits and can pay has the seat in the very next record") {
  Club club(1);
  for (const char* player : {"bob", "cid"}) club.wallet(player, player[0] == 'b' ? 0 : 500);
  club.book(with_card("ann"));
  REQUIRE(club.join(from_wallet("bob")).code == Code::accepted);
  REQUIRE(club.join(from_wallet("cid")).code == Code::accepted);
  const std::size_t before = club.world.records();
  club.report("ann", charge_declined());
  CHECK(club.world.records() == before + 2);
  CHECK(club.text() == "cid wallet | bob");
  CHECK(club.balance("cid") == 0);
}

TEST_CASE("book, card: an answer that is lost is asked for again, with the same key; a late first one is nobody's") {
  Club club(1);
  club.book(with_card("ann"));
  const std::string key = club.charge("ann").key;
  const std::string saga = club.saga_of("ann");
  club.report("ann", charge_lost());
  CHECK(!club.is_charging("ann"));
  CHECK(club.text() == "ann pending");
  club.world.pass(ns_per_s);
  REQUIRE(club.is_charging("ann"));
  CHECK(club.charge("ann").key == key);
  const auto late = charge_declined();
  club.world.report(CardBooking::kind_id, saga, "charge/1", CommandRef::to(late));
  CHECK(club.text() == "ann pending");
  club.report("ann", charge_succeeded());
  CHECK(club.text() == "ann card");
  CHECK(club.text_of_saga(saga).starts_with("booking completed: hold completed, charge completed 2"));
}

TEST_CASE("book, card: an answer that comes twice changes nothing the second time") {
  Club club(1);
  club.book(with_card("ann"));
  const std::string saga = club.saga_of("ann");
  club.report("ann", charge_succeeded());
  const std::size_t before = club.world.records();
  for (const auto& result : {charge_succeeded(), charge_succeeded("ch_2"), charge_declined(), charge_lost()})
    club.world.report(CardBooking::kind_id, saga, "charge/1", CommandRef::to(result));
  CHECK(club.world.records() == before);
  CHECK(club.text() == "ann card");
}

TEST_CASE("book, card: nobody answers in ten minutes: no seat any more; the hold lasts as long as the charge is open") {
  Club club(1);
  club.wallet("bob", 500);
  club.book(with_card("ann"));
  const std::string saga = club.saga_of("ann");
  REQUIRE(club.join(from_wallet("bob")).code == Code::accepted);
  club.world.pass(11 * minute_ns);
  CHECK(club.world.state<CardBooking>(saga).progress.code == Code::deadline_exceeded);
  CHECK(club.text() == "ann pending | bob");
  SUBCASE("then it says charged: paid back, and the seat goes on") {
    club.report("ann", charge_succeeded());
    CHECK(refunds_of(club, "ch_1") == 1);
    CHECK(club.text() == "bob wallet");
  }
  SUBCASE("then it says declined: the seat goes on") {
    club.report("ann", charge_declined());
    CHECK(club.queue().refunds.empty());
    CHECK(club.text() == "bob wallet");
  }
  CHECK(club.text_of_saga(saga).starts_with("booking compensated: hold compensated"));
}

TEST_CASE("book, card: a hold lasts 15 minutes, to the nanosecond; then the seat is offered to who waits") {
  Club club(1);
  club.wallet("bob", 500);
  club.book(with_card("ann"));
  const Time end = after(club.world.now(), 900);
  CHECK(club.match().players.at("ann").hold_until == end);
  REQUIRE(club.join(from_wallet("bob")).code == Code::accepted);
  club.world.pass(end.ns - 1 - club.world.now().ns);
  CHECK(club.text() == "ann pending | bob");
  club.world.pass(1);
  CHECK(club.text() == "bob wallet");
  CHECK(club.balance("bob") == 0);
}

TEST_CASE("book, card: charged, but the hold has expired and the seat is another's: paid back once") {
  Club club(1);
  club.wallet("bob", 500);
  club.book(with_card("ann"));
  const std::string saga = club.saga_of("ann");
  club.world.pass(15 * minute_ns);
  CHECK(club.book(from_wallet("bob")).code == Code::created);
  const auto charged = charge_succeeded();
  for (int i = 0; i < 3; ++i) {
    club.world.report(CardBooking::kind_id, saga, "charge/1", CommandRef::to(charged));
    CHECK(refunds_of(club, "ch_1") == 1);
    CHECK(club.queue().count == 1);
  }
  CHECK(club.queue().refunds.contains(refund_id(saga)));
  CHECK(club.text_of_saga(saga) == "booking compensated: hold compensated, charge compensated 1, confirm pending");
  CHECK(club.text() == "bob wallet");
}

TEST_CASE("book, card: charged in time, but the seat is gone: the money goes back by itself") {
  Club club(1);
  club.wallet("bob", 500);
  club.book(with_card("ann"));
  const std::string saga = club.saga_of("ann");
  club.lose_hold("ann");
  SUBCASE("another has it") {
    CHECK(club.book(from_wallet("bob")).code == Code::created);
    club.report("ann", charge_succeeded());
    CHECK(club.text_of_saga(saga) ==
          "booking compensated: hold compensated, charge compensated 1, confirm failed [match_full]");
    CHECK(club.text() == "bob wallet");
  }
  SUBCASE("the same player has paid for it otherwise") {
    CHECK(club.book(from_wallet("ann", "bob")).code == Code::created);
    club.report("ann", charge_succeeded());
    CHECK(club.text_of_saga(saga).ends_with("confirm failed [already_booked]"));
    CHECK(club.text() == "ann wallet");
  }
  SUBCASE("the same player has it held by another charge") {
    CHECK(club.book(with_card("ann")).code == Code::accepted);
    const auto charged = charge_succeeded();
    club.world.report(CardBooking::kind_id, saga, "charge/1", CommandRef::to(charged));
    CHECK(club.text_of_saga(saga).ends_with("confirm failed [already_booked]"));
    CHECK(club.text() == "ann pending");
    club.report("ann", charge_succeeded("ch_2"));
    CHECK(club.text() == "ann card");
    CHECK(club.match().players.at("ann").payment.reference == "ch_2");
    CHECK(refunds_of(club, "ch_2") == 0);
  }
  CHECK(refunds_of(club, "ch_1") == 1);
  CHECK(club.queue().count == 1);
}

TEST_CASE("book, card: charged in time, the hold is gone but a seat is free: it is the player's") {
  Club club(1);
  club.book(with_card("ann"));
  club.lose_hold("ann");
  CHECK(club.text().empty());
  club.report("ann", charge_succeeded());
  CHECK(club.text() == "ann card");
  CHECK(club.queue().refunds.empty());
}

TEST_CASE(
    "book, card: charged in time, but the match is sold in another currency now: the money goes back in its own") {
  Club club(1);
  club.book(with_card("ann"));
  const std::string saga = club.saga_of("ann");
  club.lose_hold("ann");
  const Match::Change dollars{.price = Money{500}, .currency = *currency_of("USD")};
  CHECK(club.world.command<Match>("thu", dollars).code == Code::ok);
  club.report("ann", charge_succeeded());
  CHECK(club.text().empty());
  CHECK(club.text_of_saga(saga).ends_with("confirm failed [currency_mismatch]"));
  CHECK(club.queue().refunds.at(refund_id(saga)).currency.text() == "EUR");
}

TEST_CASE("book, card: a seat that is held when the match starts is still the player's; one that isn't is refunded") {
  const Time start{2'000 * ns_per_s};
  Club club(match_with(1, start));
  club.next_at({start.ns - 10});
  club.book(with_card("ann"));
  const std::string saga = club.saga_of("ann");
  SUBCASE("held") {
    club.world.pass(minute_ns);
    club.report("ann", charge_succeeded());
    CHECK(club.text() == "ann card");
    CHECK(club.queue().refunds.empty());
  }
  SUBCASE("not held") {
    club.lose_hold("ann");
    club.world.pass(minute_ns);
    club.report("ann", charge_succeeded());
    CHECK(club.text_of_saga(saga).ends_with("confirm failed [sales_closed]"));
    CHECK(refunds_of(club, "ch_1") == 1);
    CHECK(club.text().empty());
  }
}

TEST_CASE("book, card: a charge without a name can't be paid back: an operator is told") {
  Club club(1);
  club.book(with_card("ann"));
  const std::string saga = club.saga_of("ann");
  club.report("ann", charge_succeeded(""));
  CHECK(club.world.state<CardBooking>(saga).progress.status == saga::Status::stuck);
  CHECK(!club.world.alert(CardBooking::kind_id, saga).empty());
  club.world.run(*saga::operate_script<CardBooking>(saga, saga::Remedy::skip, "paid back by hand"));
  CHECK(club.text().empty());
  CHECK(club.queue().refunds.empty());
}

TEST_CASE("book, card: refused while card payments are paused; wallets and passes still pay") {
  Club club(3);
  club.wallet("ann", 500);
  club.pass("season");
  club.wait_for_funds(3);
  CHECK(club.book(with_card("bob")).code == Code::payments_paused);
  CHECK(club.attempts("bob") == 1);
  CHECK(!club.is_charging("bob"));
  CHECK(club.book(from_wallet("ann")).code == Code::created);
  CHECK(club.book(with_pass("cid")).code == Code::created);
  CHECK(club.run(resume_payments("money is there")).code == Code::ok);
  CHECK(club.book(with_card("bob")).code == Code::accepted);
}

TEST_CASE("book, card: money that comes in wakes the refunds that wait for it") {
  Club club(2);
  club.wait_for_funds(1);
  CHECK(club.queue().later.size() == 1);
  club.book(with_card("ann"));
  CHECK(club.queue().later.size() == 1);
  club.report("ann", charge_succeeded());
  CHECK(club.queue().later.empty());
  CHECK(club.queue().sent.size() == 1);
}

TEST_CASE("cancel, card: the seat is free at once, the money goes through the refund queue, once") {
  Club club(1);
  club.wallet("bob", 500);
  club.book(with_card("ann"));
  const std::string saga = club.saga_of("ann");
  club.report("ann", charge_succeeded());
  REQUIRE(club.join(from_wallet("bob")).code == Code::accepted);
  const std::size_t before = club.world.records();
  CHECK(club.cancel("ann").code == Code::ok);
  CHECK(club.world.records() == before + 2);
  CHECK(club.text() == "bob wallet");
  const auto& refund = club.queue().refunds.at(refund_id(saga));
  CHECK(refund.charge == "ch_1");
  CHECK(refund.amount.minor == 500);
  CHECK(refund.currency.text() == "EUR");
  CHECK(club.cancel("ann").code == Code::not_booked);
  CHECK(club.queue().count == 1);
}

}  // namespace
}  // namespace tote
