// What others are told of bookings by card: that they failed, that they are paid back; whose they were, and how much.
#include "tests/actors/match_words.h"

namespace tote {
namespace {

// What the saga's last record tells.
std::string told(Club& club, const std::string& saga) {
  OrderText fields;
  CHECK(kind_of<CardBooking>()->tell(saga, club.world.events_of(CardBooking::kind_id, saga).back(), fields));
  CHECK(fields.depth == 0);
  return fields.out;
}

const std::string of_ann = "match=thu;player=ann;amount=500;currency=EUR;changes{";

TEST_CASE("book, card: while the card is charged nobody is told of the saga, and once it is the match tells it") {
  Club club(1);
  club.book(with_card("ann"));
  const std::string saga = club.saga_of("ann");
  CHECK(told(club, saga).empty());
  club.report("ann", charge_succeeded());
  CHECK(told(club, saga).empty());
}

TEST_CASE("book, card: declined: told as failed, with player and amount") {
  Club club(1);
  club.book(with_card("ann"));
  const std::string saga = club.saga_of("ann");
  club.report("ann", charge_declined());
  CHECK(told(club, saga).starts_with("booking.failed{" + of_ann));
  CHECK(told(club, saga).find("booking.refunded") == std::string::npos);
}

TEST_CASE("book, card: charged, but the seat is another's: told as paid back, then as failed") {
  Club club(1);
  club.wallet("bob", 500);
  club.book(with_card("ann"));
  const std::string saga = club.saga_of("ann");
  club.lose_hold("ann");
  REQUIRE(club.book(from_wallet("bob")).code == Code::created);
  club.world.report(CardBooking::kind_id, saga, "charge/1", CommandRef::to(charge_succeeded()));
  const std::string both = told(club, saga);
  CHECK(both.starts_with("booking.refunded{" + of_ann));
  CHECK(both.find("}booking.failed{" + of_ann) != std::string::npos);
}

// What the match's record of a cancellation tells.
std::string told_of_cancelling(Club& club, const std::string& player) {
  REQUIRE(club.cancel(player).code == Code::ok);
  OrderText fields;
  CHECK(kind_of<Match>()->tell("thu", club.world.events_of(Match::kind_id, "thu").back(), fields));
  CHECK(fields.depth == 0);
  return fields.out;
}

TEST_CASE("cancel: who gets money back is told of as paid back, with player, amount and what was written on it") {
  Club club(2);
  club.wallet("ann", 500);
  Booking ann = from_wallet("ann"), bob = with_card("bob");
  ann.labels = bob.labels = share({"invoice 17", {{"shirt", "red"}}});
  REQUIRE(club.book(ann).code == Code::created);
  REQUIRE(club.book(bob).code == Code::accepted);
  REQUIRE(!club.report("bob", charge_succeeded()).refused());
  const auto both = [](const std::string& player) {
    return "match.cancelled{player=" + player + ";booking_reference=invoice 17;metadata{shirt=red;}}" +
           "booking.refunded{match=thu;player=" + player +
           ";amount=500;currency=EUR;reference=invoice 17;metadata{shirt=red;}}";
  };
  CHECK(told_of_cancelling(club, "ann") == both("ann"));
  CHECK(club.balance("ann") == 500);
  CHECK(told_of_cancelling(club, "bob") == both("bob"));
  CHECK(club.queue().refunds.size() == 1);
}

TEST_CASE("cancel: a pass pays nothing back") {
  Club club(1);
  club.pass("season");
  REQUIRE(club.book(with_pass("ann")).code == Code::created);
  CHECK(told_of_cancelling(club, "ann") == "match.cancelled{player=ann;}");
}

TEST_CASE("match: its own business isn't told") {
  Club club(1);
  CHECK(club.book(with_pass("ann", "none")).code == Code::payment_required);
  OrderText fields;
  CHECK(kind_of<Match>()->tell("thu", club.world.events_of(Match::kind_id, "thu").back(), fields));
  CHECK(fields.out.empty());
}

}  // namespace
}  // namespace tote
