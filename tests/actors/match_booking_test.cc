// Booking a seat: paid from a wallet or with a pass, or refused; what is recorded either way.
#include "tests/actors/match_words.h"

namespace tote {
namespace {

TEST_CASE("book, wallet: the seat and its payment are one record") {
  Club club(2);
  club.wallet("ann", 700);
  const std::size_t before = club.world.records();
  CHECK(club.book(from_wallet("ann")).code == Code::created);
  CHECK(club.world.records() == before + 1);
  CHECK(club.recorded<Match>("thu") ==
        "seat_taken{player=ann;paid_by=wallet;reference=ann;amount=500;}attempted{player=ann;}");
  CHECK(club.recorded<Wallet>("ann").starts_with("debited{amount=500;"));
  CHECK(club.text() == "ann wallet");
  CHECK(club.balance("ann") == 200);
  CHECK(club.said() == "match=thu;player=ann;status=in;payment{method=wallet;wallet=ann;amount=500;currency=EUR;}");
}

TEST_CASE("book, wallet: somebody else's wallet pays, too") {
  Club club(2);
  club.wallet("mum", 500);
  CHECK(club.book(from_wallet("ann", "mum")).code == Code::created);
  CHECK(club.balance("mum") == 0);
  CHECK(club.match().players.at("ann").payment.reference == "mum");
}

TEST_CASE("book, wallet: without the money there is no seat, but an attempt") {
  Club club(2);
  club.wallet("ann", 499);
  const std::size_t before = club.world.records();
  const Verdict verdict = club.book(from_wallet("ann"));
  CHECK(verdict.code == Code::insufficient_funds);
  CHECK(verdict.facts == Facts{{FactName::available, 499}, {FactName::requested, 500}});
  CHECK(club.world.records() == before + 1);
  CHECK(club.recorded<Match>("thu") == "attempted{player=ann;}");
  CHECK(club.world.events_of(Wallet::kind_id, "ann").size() == 2);
  CHECK(club.match().taken() == 0);
  CHECK(club.balance("ann") == 499);
  CHECK(club.attempts("ann") == 1);
}

TEST_CASE("book, wallet: money that is held doesn't pay, an overdraft does") {
  Club club(2);
  club.wallet("ann", 500);
  REQUIRE(!club.world.command<Wallet>("ann", Wallet::Hold{"h1", {1}}).refused());
  CHECK(club.book(from_wallet("ann")).code == Code::insufficient_funds);
  REQUIRE(!club.world.command<Wallet>("bob", Wallet::Open{*currency_of("EUR"), {500}}).refused());
  CHECK(club.book(from_wallet("bob")).code == Code::created);
  CHECK(club.balance("bob") == -500);
}

TEST_CASE("book, wallet: one that doesn't exist, or has another currency") {
  Club club(2);
  club.wallet("yen", 10'000, "JPY");
  CHECK(club.book(from_wallet("ann")).code == Code::not_found);
  CHECK(club.book(from_wallet("ann", "yen")).code == Code::currency_mismatch);
  CHECK(club.balance("yen") == 10'000);
  CHECK(club.text().empty());
  CHECK(club.attempts("ann") == 2);
}

TEST_CASE("book: a payment that names nothing is required, and an attempt") {
  Club club(2);
  for (const Booking& booking : {from_wallet("ann", ""), with_pass("ann", ""), with_card("ann", ""),
                                 with_card("ann", std::string(256, 't')), from_wallet("ann", "no/id")})
    CHECK(club.book(booking).code == Code::payment_required);
  CHECK(club.attempts("ann") == 5);
  CHECK(club.text().empty());
  CHECK(!club.is_charging("ann"));
}

TEST_CASE("book: no such match, or a player who is none: nothing is recorded") {
  Club club(2);
  club.wallet("ann", 500);
  const std::size_t before = club.world.records();
  Booking booking = from_wallet("ann");
  booking.match = "fri";
  CHECK(club.book(booking).code == Code::not_found);
  CHECK(club.book(from_wallet("", "ann")).code == Code::invalid_id);
  CHECK(club.book(from_wallet("a/b", "ann")).code == Code::invalid_id);
  CHECK(club.book(from_wallet(std::string(129, 'a'), "ann")).code == Code::invalid_id);
  CHECK(club.world.records() == before);
}

TEST_CASE("book, pass: a valid one pays, as often as it is shown") {
  Club club(2);
  club.pass("season", "ann");
  CHECK(club.book(with_pass("ann")).code == Code::created);
  CHECK(club.recorded<Match>("thu") == "seat_taken{player=ann;paid_by=pass;reference=season;}attempted{player=ann;}");
  CHECK(club.said() == "match=thu;player=ann;status=in;payment{method=pass;pass=season;}");
  CHECK(club.cancel("ann").code == Code::ok);
  CHECK(club.book(with_pass("ann")).code == Code::created);
  CHECK(club.text() == "ann pass");
}

TEST_CASE("book, pass: not of another player, unless it is anybody's") {
  Club club(2);
  club.pass("season", "ann");
  club.pass("open");
  CHECK(club.book(with_pass("bob")).code == Code::payment_required);
  CHECK(club.attempts("bob") == 1);
  CHECK(club.book(with_pass("bob", "open")).code == Code::created);
  CHECK(club.text() == "bob pass");
}

TEST_CASE("book, pass: none that never was or that is revoked") {
  Club club(3);
  club.pass("season");
  CHECK(club.book(with_pass("ann")).code == Code::created);
  REQUIRE(!club.world.command<Pass>("season", Pass::Revoke{}).refused());
  CHECK(club.book(with_pass("bob")).code == Code::payment_required);
  CHECK(club.book(with_pass("bob", "never")).code == Code::payment_required);
  CHECK(club.text() == "");
}

TEST_CASE("book, pass: up to the last nanosecond before it ends") {
  Club club(3);
  const Time end = after(club.world.now(), 60);
  club.pass("season", {}, end);
  club.next_at({end.ns - 1});
  CHECK(club.book(with_pass("ann")).code == Code::created);
  CHECK(club.world.now() == Time{end.ns - 1});
  CHECK(club.book(with_pass("bob")).code == Code::payment_required);
  CHECK(club.world.now() == end);
  CHECK(club.text() == "ann pass");
}

TEST_CASE("book: who is in is already booked, however they pay now; nobody pays twice") {
  Club club(3);
  club.wallet("ann", 5'000);
  club.pass("season");
  CHECK(club.book(from_wallet("ann")).code == Code::created);
  for (const Booking& booking : {from_wallet("ann"), with_pass("ann"), with_card("ann"), or_waitlist(with_pass("ann"))})
    CHECK(club.book(booking).code == Code::already_booked);
  CHECK(club.balance("ann") == 4'500);
  CHECK(club.attempts("ann") == 5);
  CHECK(club.text() == "ann wallet");
}

TEST_CASE("book: a full match takes nobody, and nobody's money") {
  Club club(1);
  club.wallet("ann", 500);
  club.wallet("bob", 500);
  club.pass("season");
  CHECK(club.book(from_wallet("ann")).code == Code::created);
  CHECK(club.book(from_wallet("bob")).code == Code::match_full);
  CHECK(club.book(with_pass("bob")).code == Code::match_full);
  CHECK(club.book(with_card("bob")).code == Code::match_full);
  CHECK(!club.is_charging("bob"));
  CHECK(club.balance("bob") == 500);
  CHECK(club.attempts("bob") == 3);
  CHECK(club.text() == "ann wallet");
}

TEST_CASE("book: full, or the waiting list: a place there, the money stays") {
  Club club(1);
  for (const char* player : {"ann", "bob", "cid"}) club.wallet(player, 500);
  CHECK(club.book(or_waitlist(from_wallet("ann"))).code == Code::created);
  CHECK(club.book(or_waitlist(from_wallet("bob"))).code == Code::accepted);
  CHECK(club.recorded<Match>("thu") == "waitlisted{player=bob;paid_by=wallet;}attempted{player=bob;}");
  CHECK(club.book(or_waitlist(from_wallet("cid"))).code == Code::accepted);
  CHECK(club.said() == "match=thu;player=cid;status=waitlisted;position=2;");
  CHECK(club.text() == "ann wallet | bob cid");
  CHECK(club.balance("bob") == 500);
  SUBCASE("again: the same place, another attempt") {
    CHECK(club.book(or_waitlist(from_wallet("bob"))).code == Code::accepted);
    CHECK(club.said() == "match=thu;player=bob;status=waitlisted;position=1;");
    CHECK(club.text() == "ann wallet | bob cid");
    CHECK(club.attempts("bob") == 2);
  }
}

TEST_CASE("book: free seats, or the waiting list: who can't pay isn't put on it") {
  Club club(1);
  club.wallet("ann", 1);
  CHECK(club.book(or_waitlist(from_wallet("ann"))).code == Code::insufficient_funds);
  CHECK(club.book(or_waitlist(with_pass("ann"))).code == Code::payment_required);
  CHECK(club.text().empty());
}

TEST_CASE("book: sales close when the match starts, to the nanosecond") {
  const Time start{2'000 * ns_per_s};
  Club club(match_with(5, start));
  club.wallet("ann", 500);
  club.wallet("bob", 500);
  club.pass("season");
  club.next_at({start.ns - 1});
  CHECK(club.book(from_wallet("ann")).code == Code::created);
  CHECK(club.world.now() == Time{start.ns - 1});
  CHECK(club.book(from_wallet("bob")).code == Code::sales_closed);
  CHECK(club.world.now() == start);
  CHECK(club.book(with_pass("bob")).code == Code::sales_closed);
  CHECK(club.book(or_waitlist(with_card("bob"))).code == Code::sales_closed);
  CHECK(club.join(from_wallet("bob")).code == Code::sales_closed);
  CHECK(club.attempts("bob") == 3);
  CHECK(club.balance("bob") == 500);
  CHECK(club.text() == "ann wallet");
}

TEST_CASE("book: two commands that ask the same have the same digest, others haven't") {
  const auto digest = [](const Command& command) {
    std::string bytes;
    (*command.get<ScriptPtr>())->digest(bytes);
    return bytes;
  };
  std::set<std::string> seen;
  for (const Booking& booking : {from_wallet("ann"), from_wallet("bob"), from_wallet("ann", "bob"),
                                 with_pass("ann", "ann"), with_card("ann", "ann"), or_waitlist(from_wallet("ann")),
                                 Booking{"fri", "ann", Match::Method::wallet, "ann", false}}) {
    CHECK(digest(book_command(booking)) == digest(book_command(booking)));
    CHECK(seen.insert(digest(book_command(booking))).second);
    CHECK(seen.insert(digest(join_waitlist_command(booking))).second);
  }
  for (const char* player : {"ann", "bob"}) {
    CHECK(seen.insert(digest(cancel_command("thu", player))).second);
    CHECK(seen.insert(digest(leave_waitlist_command("thu", player))).second);
  }
}

}  // namespace
}  // namespace tote
