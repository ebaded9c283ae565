// The waiting list can't be used to get around a rule, and nobody on it is forgotten or charged in vain.
#include "tests/actors/match_words.h"

namespace tote {
namespace {

constexpr std::int64_t minute_ns = 60 * ns_per_s;

// One seat, which ann has paid from her wallet.
struct FullClub : Club {
  FullClub() : Club(1) {
    wallet("ann", 500);
    REQUIRE(book(from_wallet("ann")).code == Code::created);
  }
};

TEST_CASE("waiting list: to ask for a free seat is an attempt: joining and leaving doesn't get around the limit") {
  Club club(1);
  for (int i = 0; i < 5; ++i) {
    CHECK(club.join(with_card("bob")).code == Code::accepted);
    club.report("bob", charge_declined());
    CHECK(club.leave("bob").code == Code::ok);
  }
  CHECK(club.attempts("bob") == 5);
  CHECK(club.join(with_card("bob")).code == Code::too_many_attempts);
  CHECK(!club.is_charging("bob"));
}

TEST_CASE("waiting list: to wait for a seat that isn't free is no attempt") {
  FullClub club;
  for (int i = 0; i < 10; ++i) {
    CHECK(club.join(with_card("bob")).code == Code::accepted);
    CHECK(club.leave("bob").code == Code::ok);
  }
  CHECK(club.attempts("bob") == 0);
}

TEST_CASE("waiting list: who is being charged can't leave") {
  FullClub club;
  club.join(with_card("bob"));
  club.cancel("ann");
  REQUIRE(club.is_charging("bob"));
  CHECK(club.leave("bob").code == Code::already_booked);
  club.report("bob", charge_declined());
  CHECK(club.leave("bob").code == Code::ok);
  CHECK(club.text() == "");
}

TEST_CASE("waiting list: to join again with another payment keeps the place, and that payment counts") {
  FullClub club;
  club.wallet("poor", 0);
  club.wallet("rich", 1'000);
  CHECK(club.join(from_wallet("bob", "poor")).code == Code::accepted);
  CHECK(club.join(from_wallet("cid", "rich")).code == Code::accepted);
  CHECK(club.join(from_wallet("bob", "rich")).code == Code::accepted);
  CHECK(club.recorded<Match>("thu") == "payment_changed{player=bob;paid_by=wallet;}");
  CHECK(club.text() == "ann wallet | bob cid");
  club.cancel("ann");
  CHECK(club.text() == "bob wallet | cid");
  CHECK(club.balance("rich") == 500);
}

TEST_CASE("waiting list: a declined card is asked again for a seat that is freed, not because others are declined") {
  Club club(1);
  CHECK(club.join(with_card("bob")).code == Code::accepted);
  club.report("bob", charge_declined());
  for (const char* player : {"cid", "dan", "eve"}) {
    CHECK(club.book(with_card(player)).code == Code::accepted);
    club.report(player, charge_declined());
    CHECK(!club.is_charging("bob"));
  }
  club.wallet("fay", 500);
  CHECK(club.book(from_wallet("fay")).code == Code::created);
  club.cancel("fay");
  CHECK(club.is_charging("bob"));
}

TEST_CASE("waiting list: a seat that is freed while card payments are paused is offered when they run again") {
  FullClub club;
  club.join(with_card("bob"));
  club.wait_for_funds(3);
  club.cancel("ann");
  CHECK(!club.is_charging("bob"));
  club.world.pass(10 * minute_ns);
  CHECK(!club.is_charging("bob"));
  REQUIRE(!club.world.run(**resume_payments("the account is filled").get<ScriptPtr>()).refused());
  club.world.pass(2 * minute_ns);
  REQUIRE(club.is_charging("bob"));
  club.report("bob", charge_succeeded());
  CHECK(club.text() == "bob card");
}

}  // namespace
}  // namespace tote
