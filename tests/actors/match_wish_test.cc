// A booking that is cancelled while its card is being charged: nobody ends up charged and in, or charged for nothing.
#include "tests/actors/match_words.h"

namespace tote {
namespace {

struct ChargingClub : Club {
  ChargingClub() : Club(1) { REQUIRE(book(with_card("ann")).code == Code::accepted); }
};

TEST_CASE("wish: is recorded while the card is charged, as often as it is said, and the seat is held until then") {
  ChargingClub club;
  const std::size_t before = club.world.records();
  CHECK(club.cancel("ann").code == Code::accepted);
  CHECK(club.said() == "match=thu;player=ann;status=cancelling;");
  CHECK(club.recorded<Match>("thu").starts_with("cancel_wished{player=ann;"));
  CHECK(club.cancel("ann").code == Code::accepted);
  CHECK(club.said() == "match=thu;player=ann;status=cancelling;");
  CHECK(club.world.records() == before + 1);
  CHECK(club.text() == "ann cancelling");
  CHECK(club.book(with_card("bob")).code == Code::match_full);
  CHECK(club.book(with_card("ann")).code == Code::already_booked);
}

TEST_CASE("wish: the charge is undone once when it has succeeded, and the seat goes to the first who waits") {
  ChargingClub club;
  club.wallet("bob", 500);
  REQUIRE(club.join(from_wallet("bob")).code == Code::accepted);
  const std::string saga = club.saga_of("ann");
  club.cancel("ann");
  club.report("ann", charge_succeeded("ch_1"));
  CHECK(club.text() == "bob wallet");
  REQUIRE(club.queue().refunds.size() == 1);
  CHECK(club.queue().refunds.begin()->second.charge == "ch_1");
  CHECK(club.queue().refunds.begin()->second.amount.minor == 500);
  CHECK(club.match().wishes.empty());
  CHECK(club.world.state<CardBooking>(saga).progress.status == saga::Status::compensated);
  CHECK(club.cancel("ann").code == Code::not_booked);
}

TEST_CASE("wish: a charge that is declined, or never answered, needs no undoing") {
  ChargingClub club;
  club.cancel("ann");
  club.report("ann", charge_declined());
  CHECK(club.text() == "");
  CHECK(club.match().wishes.empty());
  CHECK(club.queue().refunds.empty());
  CHECK(club.match().free() == 1);
}

TEST_CASE("wish: a hold that has expired doesn't let a late charge in") {
  Club club(1);
  Match::State match = club.match();
  const Time until{2'000 * ns_per_s};
  for (const Match::Event& event :
       {Match::Event{Match::SeatHeld{"ann", "s1", until}}, Match::Event{Match::CancelWished{"ann", "s1"}},
        Match::Event{Match::HoldExpired{"ann"}}})
    Match::apply(match, event);
  CHECK(match.free() == 1);
  CHECK(Match::decide(match, Match::Cancel{"ann"}, until).code() == Code::accepted);
  CHECK(Match::decide(match, Match::Confirm{"ann", "s1", "ch_1", {500}}, until).code() == Code::not_booked);
  // Another booking of the same player is another matter.
  CHECK(Match::decide(match, Match::Confirm{"ann", "s2", "ch_2", {500}}, until).code() == Code::ok);
  const auto dropped = Match::decide(match, Match::DropHold{"ann", "s1"}, until);
  REQUIRE(dropped.begin() != dropped.end());
  Match::apply(match, *dropped.begin());
  CHECK(match.wishes.empty());
  CHECK(Match::decide(match, Match::Cancel{"ann"}, until).code() == Code::not_booked);
}

}  // namespace
}  // namespace tote
