// A pass is good for a seat only as long as it is good: at the booking, and until the match starts.
#include "tests/actors/match_words.h"

namespace tote {
namespace {

TEST_CASE("pass: one that is revoked frees its seats, and those who wait get them") {
  Club club(2);
  club.pass("season");
  club.wallet("dan", 500);
  for (const char* player : {"ann", "bob"}) REQUIRE(club.book(with_pass(player)).code == Code::created);
  REQUIRE(club.join(from_wallet("dan")).code == Code::accepted);
  REQUIRE(!club.world.command<Pass>("season", Pass::Revoke{"left the club"}).refused());
  CHECK(club.recorded<Pass>("season") == "revoked{reason=left the club;}");
  CHECK(club.text() == "dan wallet");
  CHECK(club.match().free() == 1);
  CHECK(club.match().pass_uses.empty());
  CHECK(club.match().watches.names().empty());
}

TEST_CASE("pass: many seats of one pass are freed a few at a time, all of them") {
  Club club(100);
  club.pass("season");
  club.pass("other");
  for (int i = 0; i < 90; ++i) REQUIRE(club.book(with_pass("p" + std::to_string(i))).code == Code::created);
  REQUIRE(club.book(with_pass("ann", "other")).code == Code::created);
  REQUIRE(!club.world.command<Pass>("season", Pass::Revoke{}).refused());
  CHECK(club.text() == "ann pass");
  for (const std::string& events : club.world.events_of(Match::kind_id, "thu")) {
    std::string_view rest = events, event;
    int count = 0;
    while (next_event(rest, event)) ++count;
    CHECK(count <= 16);
  }
}

TEST_CASE("pass: one that ends before the match starts doesn't pay, from the waiting list neither") {
  const Time start{5'000 * ns_per_s};
  Club club(match_with(1, start));
  club.pass("short", {}, {start.ns - 1});
  club.pass("long", {}, start);
  CHECK(club.book(with_pass("ann", "short")).code == Code::payment_required);
  CHECK(club.join(with_pass("bob", "short")).code == Code::accepted);
  CHECK(club.text() == "| bob");
  CHECK(club.book(with_pass("ann", "long")).code == Code::created);
}

TEST_CASE("pass: after the start it is history, whatever becomes of the pass") {
  const Time start{2'000 * ns_per_s};
  Club club(match_with(1, start));
  club.pass("season");
  REQUIRE(club.book(with_pass("ann")).code == Code::created);
  club.next_at(start);
  REQUIRE(!club.world.command<Pass>("season", Pass::Revoke{}).refused());
  CHECK(club.text() == "ann pass");
}

}  // namespace
}  // namespace tote
