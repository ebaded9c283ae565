// The waiting list can't be used to get around a rule, and nobody on it is forgotten or charged in vain.
#include "actors/transaction/transfer.h"
#include "tests/actors/match_words.h"

namespace tote {
namespace {

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

TEST_CASE("waiting list: who is being charged and leaves has neither seat nor place, and gets the money back") {
  FullClub club;
  club.join(with_card("bob"));
  club.cancel("ann");
  REQUIRE(club.is_charging("bob"));
  CHECK(club.leave("bob").code == Code::accepted);
  CHECK(club.said() == "match=thu;player=bob;status=cancelling;");
  CHECK(club.leave("bob").code == Code::accepted);
  club.report("bob", charge_succeeded("ch_1"));
  CHECK(club.text() == "");
  CHECK(club.queue().refunds.size() == 1);
  CHECK(club.leave("bob").code == Code::not_booked);
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

TEST_CASE("waiting list: who couldn't pay is asked again as soon as the wallet has got the money, from wherever") {
  FullClub club;
  club.wallet("bob", 100);
  REQUIRE(club.join(from_wallet("bob")).code == Code::accepted);
  club.cancel("ann");
  REQUIRE(club.text() == "| bob");
  SUBCASE("a credit") {
    REQUIRE(!club.world.command<Wallet>("bob", Wallet::Credit{{399}}).refused());
    CHECK(club.text() == "| bob");
    REQUIRE(!club.world.command<Wallet>("bob", Wallet::Credit{{1}}).refused());
  }
  SUBCASE("a transfer") { REQUIRE(!club.run(transfer_command("ann", "bob", {400})).refused()); }
  SUBCASE("a hold that ends") {
    REQUIRE(!club.world.command<Wallet>("bob", Wallet::Hold{"h1", {100}, 60}).refused());
    REQUIRE(!club.world.command<Wallet>("bob", Wallet::Credit{{400}}).refused());
    CHECK(club.text() == "| bob");
    club.world.pass(61 * ns_per_s);
  }
  SUBCASE("a hold that is released") {
    REQUIRE(!club.world.command<Wallet>("bob", Wallet::Hold{"h1", {100}, 60}).refused());
    REQUIRE(!club.world.command<Wallet>("bob", Wallet::Credit{{400}}).refused());
    REQUIRE(!club.world.command<Wallet>("bob", Wallet::Release{"h1"}).refused());
  }
  CHECK(club.text() == "bob wallet");
  CHECK(club.balance("bob") == 0);
}

TEST_CASE("waiting list: a wallet or a pass that only comes to be later lets its player in") {
  FullClub club;
  REQUIRE(club.join(from_wallet("bob")).code == Code::accepted);
  REQUIRE(club.join(with_pass("cid", "late")).code == Code::accepted);
  REQUIRE(club.join(with_pass("dan", "late")).code == Code::accepted);
  club.cancel("ann");
  CHECK(club.text() == "| bob cid dan");
  SUBCASE("a wallet") {
    club.wallet("bob", 500);
    CHECK(club.text() == "bob wallet | cid dan");
  }
  SUBCASE("a pass of the second who waits with it") {
    club.pass("late", "dan");
    CHECK(club.text() == "dan pass | bob cid");
  }
}

TEST_CASE("waiting list: who couldn't pay is asked again by a timer, too, and a seat that is gone is no reason") {
  FullClub club;
  club.wallet("bob", 0);
  REQUIRE(club.join(from_wallet("bob")).code == Code::accepted);
  club.cancel("ann");
  const std::size_t before = club.world.records();
  club.world.pass(5 * minute_ns);
  CHECK(club.world.records() > before);
  REQUIRE(club.book(from_wallet("ann")).code == Code::created);
  club.world.pass(5 * minute_ns);
  const std::size_t booked = club.world.records();
  club.world.pass(60 * minute_ns);
  CHECK(club.world.records() == booked);
}

// A world in which nothing follows by itself: what a walk-in meets between a cancellation and the offer after it.
TEST_CASE("waiting list: a walk-in never passes somebody who waits and can pay, and the latter is asked on the way") {
  Club club(1);
  for (const char* player : {"bob", "eve"}) club.wallet(player, 500);
  Match::State match = club.match();
  Match::apply(match, Match::Waitlisted{"bob", {Match::Method::wallet, "bob", {}}});
  CHECK(is_passing(match, "eve", true));
  CHECK(!is_passing(match, "bob", true));
  Match::apply(match, Match::PassedOver{"bob"});
  CHECK(!is_passing(match, "eve", true));
  Match::apply(match, Match::PayerWoken{Match::Method::wallet, "bob"});
  CHECK(is_passing(match, "eve", true));
}

TEST_CASE("waiting list: who can pay, and whose payee can't take the money, is asked again by the clock, not at once") {
  Match::Open settings = match_with(1);
  settings.payee.wallet = "club";
  std::string closed = "club";
  SUBCASE("the payee") {}
  SUBCASE("who gets the fee") {
    closed = settings.payee.fee_wallet = "platform";
    settings.payee.fee = {seat_price};
  }
  Club club(settings);
  for (const char* wallet : {"club", "platform"}) club.wallet(wallet, 0);
  for (const char* player : {"ann", "bob"}) club.wallet(player, seat_price);
  REQUIRE(club.book(from_wallet("ann")).code == Code::created);
  REQUIRE(club.join(from_wallet("bob")).code == Code::accepted);
  REQUIRE(!club.world.command<Wallet>(closed, Wallet::Debit{{seat_price}}).refused());
  REQUIRE(!club.world.command<Wallet>(closed, Wallet::SetStatus{Wallet::Status::closed, {}}).refused());
  const std::size_t before = club.world.records();
  REQUIRE(!club.world.command<Match>("thu", Match::Change{.seats = 2}).refused());
  CHECK(club.text() == "ann wallet | bob");
  CHECK(club.world.records() <= before + 3);
  const std::size_t asked = club.world.records();
  club.world.pass(60 * minute_ns);
  CHECK(club.text() == "ann wallet | bob");
  CHECK(club.world.records() > asked);
  CHECK(club.world.records() < asked + 1'000);
  REQUIRE(!club.world.command<Wallet>(closed, Wallet::SetStatus{Wallet::Status::open, {}}).refused());
  club.world.pass(60 * minute_ns);
  CHECK(club.text() == "ann wallet, bob wallet");
  CHECK(club.balance(closed) == seat_price);
  CHECK(club.balance("bob") == 0);
}

TEST_CASE("waiting list: who waits with one wallet is asked in order, as long as it pays") {
  FullClub club;
  club.wallet("mum", 0);
  for (const char* player : {"bob", "cid", "dan"})
    REQUIRE(club.join(from_wallet(player, "mum")).code == Code::accepted);
  club.cancel("ann");
  CHECK(club.text() == "| bob cid dan");
  REQUIRE(!club.world.command<Wallet>("mum", Wallet::Credit{{1'000}}).refused());
  CHECK(club.text() == "bob wallet | cid dan");
  club.cancel("bob");
  CHECK(club.text() == "cid wallet | dan");
  CHECK(club.balance("mum") == 500);
}

}  // namespace
}  // namespace tote
