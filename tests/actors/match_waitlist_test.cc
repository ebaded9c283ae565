// Cancelling, and the waiting list: a freed seat goes to the first whose payment goes through, nobody else's way.
#include "actors/match/offer.h"
#include "tests/actors/match_words.h"

namespace tote {
namespace {

TEST_CASE("cancel: the seat is free and the money back, in one record") {
  Club club(1);
  club.wallet("ann", 700);
  club.book(from_wallet("ann"));
  const std::size_t before = club.world.records();
  CHECK(club.cancel("ann").code == Code::ok);
  CHECK(club.world.records() == before + 1);
  CHECK(club.recorded<Match>("thu") == "cancelled{player=ann;}");
  CHECK(club.recorded<Wallet>("ann").starts_with("credited{amount=500;"));
  CHECK(club.said() == "match=thu;player=ann;status=cancelled;");
  CHECK(club.balance("ann") == 700);
  CHECK(club.text().empty());
}

TEST_CASE("cancel: the money goes back to the wallet that paid") {
  Club club(1);
  club.wallet("ann", 0);
  club.wallet("mum", 500);
  club.book(from_wallet("ann", "mum"));
  CHECK(club.cancel("ann").code == Code::ok);
  CHECK(club.balance("ann") == 0);
  CHECK(club.balance("mum") == 500);
}

TEST_CASE("cancel: who isn't in has nothing to cancel; nothing is recorded") {
  FullClub club;
  club.waits("bob", 500);
  const std::size_t before = club.world.records();
  CHECK(club.cancel("nobody").code == Code::not_booked);
  CHECK(club.cancel("bob").code == Code::not_booked);
  CHECK(club.run(cancel_command("fri", "ann")).code == Code::not_found);
  CHECK(club.world.records() == before);
  CHECK(club.cancel("ann").code == Code::ok);
  CHECK(club.cancel("ann").code == Code::not_booked);
  CHECK(club.balance("ann") == 500);
}

TEST_CASE("cancel: a wallet that can't take the money back keeps the seat") {
  FullClub club;
  club.waits("bob", 500);
  for (int i = 0; i < 9; ++i) club.world.command<Wallet>("ann", Wallet::Credit{{limits::amount_max}});
  REQUIRE(club.balance("ann") == limits::balance_max);
  const std::size_t before = club.world.records();
  CHECK(club.cancel("ann").code == Code::balance_limit);
  CHECK(club.world.records() == before);
  CHECK(club.text() == "ann wallet | bob");
  CHECK(club.balance("bob") == 500);
}

TEST_CASE("cancel: the first who waits has the seat, and has paid for it, in the very next record") {
  FullClub club;
  club.waits("bob", 500);
  club.waits("cid", 500);
  const std::size_t before = club.world.records();
  CHECK(club.cancel("ann").code == Code::ok);
  CHECK(club.world.records() == before + 2);
  CHECK(club.recorded<Match>("thu") == "seat_taken{player=bob;paid_by=wallet;reference=bob;amount=500;from=waitlist;}");
  CHECK(club.text() == "bob wallet | cid");
  CHECK(club.balance("ann") == 500);
  CHECK(club.balance("bob") == 0);
  CHECK(club.balance("cid") == 500);
}

TEST_CASE("cancel: who can't pay is passed over and keeps the place") {
  FullClub club;
  club.waits("bob", 499);
  club.waits("cid", 500);
  club.waits("dan", 500);
  club.cancel("ann");
  CHECK(club.text() == "cid wallet | bob dan");
  CHECK(club.balance("bob") == 499);
  REQUIRE(!club.world.command<Wallet>("bob", Wallet::Credit{{1}}).refused());
  CHECK(club.text() == "cid wallet | bob dan");
  club.cancel("cid");
  CHECK(club.text() == "bob wallet | dan");
  CHECK(club.balance("bob") == 0);
}

TEST_CASE("cancel: nobody who waits can pay: the seat stays free for who can") {
  FullClub club;
  club.waits("bob", 0);
  club.waits("cid", 0);
  club.cancel("ann");
  CHECK(club.text() == "| bob cid");
  CHECK(club.match().free() == 1);
  club.wallet("eve", 500);
  CHECK(club.book(from_wallet("eve")).code == Code::created);
  CHECK(club.text() == "eve wallet | bob cid");
}

TEST_CASE("cancel: the money that comes back may pay for who waits") {
  FullClub club;
  REQUIRE(club.join(from_wallet("bob", "ann")).code == Code::accepted);
  REQUIRE(club.join(from_wallet("cid", "ann")).code == Code::accepted);
  CHECK(club.balance("ann") == 0);
  club.cancel("ann");
  CHECK(club.text() == "bob wallet | cid");
  CHECK(club.balance("ann") == 0);
}

TEST_CASE("cancel: passes that end or are revoked while one waits don't pay") {
  FullClub club;
  const Time end = after(club.world.now(), 60);
  club.pass("ends", {}, end);
  club.pass("revoked");
  club.pass("ann-only", "ann");
  club.pass("good", "eve");
  for (const auto& [player, pass] : std::map<std::string, std::string>{
           {"bob", "ends"}, {"cid", "revoked"}, {"dan", "ann-only"}, {"dot", "never"}, {"eve", "good"}})
    REQUIRE(club.join(with_pass(player, pass)).code == Code::accepted);
  REQUIRE(!club.world.command<Pass>("revoked", Pass::Revoke{}).refused());
  SUBCASE("at its end") {
    club.next_at(end);
    club.cancel("ann");
    CHECK(club.text() == "eve pass | bob cid dan dot");
  }
  SUBCASE("before its end") {
    club.next_at({end.ns - 2});
    club.cancel("ann");
    CHECK(club.text() == "bob pass | cid dan dot eve");
  }
}

TEST_CASE("cancel: a wallet of another currency, or none, doesn't pay") {
  FullClub club;
  club.wallet("yen", 5'000, "JPY");
  REQUIRE(club.join(from_wallet("bob", "yen")).code == Code::accepted);
  REQUIRE(club.join(from_wallet("cid", "none")).code == Code::accepted);
  club.cancel("ann");
  CHECK(club.text() == "| bob cid");
  CHECK(club.balance("yen") == 5'000);
}

TEST_CASE("cancel: after the start the money goes back, but the seat to nobody") {
  const Time start{2'000 * ns_per_s};
  Club club(match_with(1, start));
  for (const char* player : {"ann", "bob"}) club.wallet(player, 500);
  club.book(from_wallet("ann"));
  REQUIRE(club.join(from_wallet("bob")).code == Code::accepted);
  club.next_at(start);
  CHECK(club.cancel("ann").code == Code::ok);
  CHECK(club.text() == "| bob");
  CHECK(club.balance("ann") == 500);
  CHECK(club.balance("bob") == 500);
}

TEST_CASE("waiting list: a full match: a place, the position in it, no attempt") {
  FullClub club;
  club.waits("bob", 500);
  CHECK(club.said() == "match=thu;player=bob;status=waitlisted;position=1;");
  club.waits("cid", 500);
  CHECK(club.said() == "match=thu;player=cid;status=waitlisted;position=2;");
  CHECK(club.attempts("bob") == 0);
  CHECK(club.join(from_wallet("bob")).code == Code::accepted);
  CHECK(club.said() == "match=thu;player=bob;status=waitlisted;position=1;");
  CHECK(club.text() == "ann wallet | bob cid");
}

TEST_CASE("waiting list: whoever is in can't wait, and nobody waits without naming a payment") {
  FullClub club;
  const std::size_t before = club.world.records();
  CHECK(club.join(from_wallet("ann")).code == Code::already_booked);
  CHECK(club.join(from_wallet("bob", "")).code == Code::payment_required);
  CHECK(club.join(with_card("bob", "")).code == Code::payment_required);
  CHECK(club.join(from_wallet("a/b", "bob")).code == Code::invalid_id);
  Booking friday = from_wallet("bob");
  friday.match = "fri";
  CHECK(club.join(friday).code == Code::not_found);
  CHECK(club.world.records() == before);
}

TEST_CASE("waiting list: a seat is free: who can pay is in at once, who can't waits") {
  Club club(2);
  club.wallet("ann", 500);
  club.wallet("bob", 499);
  CHECK(club.join(from_wallet("bob")).code == Code::accepted);
  CHECK(club.text() == "| bob");
  CHECK(club.join(from_wallet("ann")).code == Code::created);
  CHECK(club.said() == "match=thu;player=ann;status=in;payment{method=wallet;wallet=ann;amount=500;currency=EUR;}");
  CHECK(club.text() == "ann wallet | bob");
  CHECK(club.balance("ann") == 0);
  CHECK(club.join(with_pass("cid", "none")).code == Code::accepted);
  CHECK(club.text() == "ann wallet | bob cid");
}

TEST_CASE("waiting list: a seat is free: those who came before are asked before") {
  Club club(1);
  club.wallet("ann", 0);
  club.wallet("bob", 500);
  CHECK(club.join(from_wallet("ann")).code == Code::accepted);
  REQUIRE(!club.world.command<Wallet>("ann", Wallet::Credit{{500}}).refused());
  CHECK(club.join(from_wallet("bob")).code == Code::accepted);
  CHECK(club.text() == "ann wallet | bob");
  CHECK(club.balance("bob") == 500);
}

TEST_CASE("waiting list: who leaves gets no seat and loses the place") {
  FullClub club;
  club.waits("bob", 500);
  club.waits("cid", 500);
  CHECK(club.leave("bob").code == Code::ok);
  CHECK(club.leave("bob").code == Code::not_booked);
  CHECK(club.leave("ann").code == Code::not_booked);
  CHECK(club.run(leave_waitlist_command("fri", "bob")).code == Code::not_found);
  CHECK(club.join(from_wallet("bob")).code == Code::accepted);
  CHECK(club.text() == "ann wallet | cid bob");
  club.cancel("ann");
  CHECK(club.text() == "cid wallet | bob");
}

TEST_CASE("waiting list: who waits and books a free seat doesn't wait any more") {
  Club club(1);
  club.wallet("poor", 0);
  club.wallet("rich", 1'000);
  CHECK(club.join(from_wallet("ann", "poor")).code == Code::accepted);
  CHECK(club.book(from_wallet("ann", "rich")).code == Code::created);
  CHECK(club.text() == "ann wallet");
  CHECK(club.balance("rich") == 500);
}

TEST_CASE("waiting list: an administrator who offers seats gives none away") {
  struct OfferAll final : Script {
    void entities(std::vector<EntityRef>& out) const override { out.push_back({Match::kind_id, "thu"}); }
    Verdict run(Transaction& on) const override {
      offer_seats(on, "thu");
      return {};
    }
    void answer(Transaction&, std::string&) const override {}
    void digest(std::string&) const override {}
  };
  Club club(3);
  for (const char* player : {"ann", "bob"}) {
    club.wallet(player, 0);
    REQUIRE(club.join(from_wallet(player)).code == Code::accepted);
  }
  REQUIRE(club.join(with_pass("cid", "none")).code == Code::accepted);
  const std::size_t before = club.world.records();
  club.world.run(OfferAll());
  CHECK(club.world.records() == before);
  CHECK(club.text() == "| ann bob cid");
  REQUIRE(!club.world.command<Wallet>("bob", Wallet::Credit{{500}}).refused());
  CHECK(club.text() == "bob wallet | ann cid");
  CHECK(club.balance("bob") == 0);
}

}  // namespace
}  // namespace tote
