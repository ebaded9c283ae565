// The waiting list, paid by card: a free seat is held for the first who waits while the card is charged.
#include "tests/actors/match_words.h"

namespace tote {
namespace {

TEST_CASE("waiting list, card: nothing is charged before a seat is free") {
  FullClub club;
  club.waits(with_card("bob"));
  CHECK(club.book(or_waitlist(with_card("cid"))).code == Code::accepted);
  CHECK(!club.is_charging("bob"));
  CHECK(!club.is_charging("cid"));
  CHECK(club.text() == "ann wallet | bob cid");
}

TEST_CASE("waiting list, card: a freed seat is held for the first, who keeps the place until the card is charged") {
  FullClub club;
  club.waits(with_card("bob", "tok_b"));
  club.waits(with_card("cid"));
  const std::size_t before = club.world.records();
  club.cancel("ann");
  CHECK(club.world.records() == before + 2);
  CHECK(club.text() == "bob pending | bob cid");
  CHECK(club.charge("bob").token == "tok_b");
  CHECK(!club.is_charging("cid"));
  CHECK(club.attempts("bob") == 0);
  club.report("bob", charge_succeeded());
  CHECK(club.text() == "bob card | cid");
}

TEST_CASE("waiting list, card: declined: passed over for the next, and not asked again for the same seat") {
  FullClub club;
  club.wallet("dan", 500);
  club.waits(with_card("bob"));
  club.waits(with_card("cid"));
  club.waits(from_wallet("dan"));
  club.cancel("ann");
  club.report("bob", charge_declined());
  CHECK(club.text() == "cid pending | bob cid dan");
  CHECK(!club.is_charging("bob"));
  club.report("cid", charge_declined());
  CHECK(club.text() == "dan wallet | bob cid");
  CHECK(!club.is_charging("bob"));
  CHECK(!club.is_charging("cid"));
  SUBCASE("but for the next one that is free") {
    club.cancel("dan");
    CHECK(club.text() == "bob pending | bob cid");
    club.report("bob", charge_succeeded());
    CHECK(club.text() == "bob card | cid");
  }
}

TEST_CASE("waiting list, card: all are declined: the seat stays free, nobody is asked for ever") {
  FullClub club;
  club.waits(with_card("bob"));
  club.waits(with_card("cid"));
  club.cancel("ann");
  club.report("bob", charge_declined());
  club.report("cid", charge_declined());
  CHECK(club.text() == "| bob cid");
  CHECK(club.world.calls().empty());
  CHECK(!club.world.pass_to_next_timer());
}

TEST_CASE("waiting list, card: a hold that expires goes on to the next; what was charged too late is paid back") {
  FullClub club;
  club.waits(with_card("bob"));
  club.waits(with_card("cid"));
  club.cancel("ann");
  const std::string saga = club.saga_of("bob");
  club.world.pass(900 * ns_per_s);
  CHECK(club.text() == "cid pending | bob cid");
  club.report("cid", charge_succeeded("ch_c"));
  CHECK(club.text() == "cid card | bob");
  const auto charged = charge_succeeded("ch_b");
  club.world.report(CardBooking::kind_id, saga, "charge/1", CommandRef::to(charged));
  CHECK(club.text() == "cid card | bob");
  CHECK(club.queue().count == 1);
  CHECK(club.queue().refunds.at(refund_id(saga)).charge == "ch_b");
}

TEST_CASE("waiting list, card: two seats free, two cards charged at once") {
  Club club(2);
  for (const char* player : {"ann", "bob"}) {
    club.wallet(player, 500);
    REQUIRE(club.book(from_wallet(player)).code == Code::created);
  }
  for (const char* player : {"cid", "dan", "eve"}) REQUIRE(club.join(with_card(player)).code == Code::accepted);
  club.cancel("ann");
  club.cancel("bob");
  CHECK(club.text() == "cid pending, dan pending | cid dan eve");
  CHECK(club.charge("cid").key != club.charge("dan").key);
  club.report("dan", charge_succeeded("ch_d"));
  club.report("cid", charge_succeeded("ch_c"));
  CHECK(club.text() == "cid card, dan card | eve");
}

TEST_CASE("waiting list, card: a seat is free: the card is charged at once") {
  Club club(1);
  CHECK(club.join(with_card("ann")).code == Code::accepted);
  CHECK(club.said().starts_with("match=thu;player=ann;status=pending;"));
  CHECK(club.text() == "ann pending | ann");
  CHECK(club.join(with_card("ann")).code == Code::already_booked);
  club.report("ann", charge_succeeded());
  CHECK(club.text() == "ann card");
}

TEST_CASE("waiting list, card: passed over while card payments are paused, with the place kept") {
  FullClub club;
  club.wallet("cid", 500);
  club.waits(with_card("bob"));
  club.waits(from_wallet("cid"));
  club.wait_for_funds(3);
  club.cancel("ann");
  CHECK(club.text() == "cid wallet | bob");
  REQUIRE(club.run(resume_payments("money is there")).code == Code::ok);
  club.cancel("cid");
  CHECK(club.text() == "bob pending | bob");
}

TEST_CASE("waiting list, card: a match that starts meanwhile keeps the seat for who is charged, and asks nobody else") {
  const Time start{2'000 * ns_per_s};
  Club club(match_with(1, start));
  club.wallet("bob", 500);
  club.next_at({start.ns - ns_per_s});
  CHECK(club.book(with_card("ann")).code == Code::accepted);
  REQUIRE(club.join(from_wallet("bob")).code == Code::accepted);
  club.world.pass(start.ns - club.world.now().ns);
  SUBCASE("declined") {
    club.report("ann", charge_declined());
    CHECK(club.text() == "| bob");
    CHECK(club.balance("bob") == 500);
  }
  SUBCASE("never answered") {
    club.world.pass(900 * ns_per_s);
    CHECK(club.text() == "| bob");
    CHECK(club.balance("bob") == 500);
  }
}

}  // namespace
}  // namespace tote
