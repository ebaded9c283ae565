// Bets: what providers ask, in which order they like.
#include "tests/actors/bet_words.h"

namespace tote {
namespace {

TEST_CASE("a bet takes its stake, and a win pays it out, each under an id of its own") {
  Book book;
  CHECK(!book.make("b1", 300).refused());
  CHECK(book.told() == "acme:b1:1 bet 300, balance 700");
  CHECK(book.status("b1") == "open");
  CHECK(!book.commit("b1").refused());
  CHECK(book.told() == "yes");
  CHECK(book.status("b1") == "committed");
  CHECK(!book.win("b1", "w1", 500).refused());
  CHECK(book.told() == "acme:b1:2 win 500 of acme:b1:1, balance 1200");
  CHECK(book.status("b1") == "won");
  CHECK(book.bet("b1").payout().minor == 500);
}

TEST_CASE("the sequence that providers test: each settlement is rolled back, and the next one counts") {
  Book book;
  book.make("b1", 300);
  book.commit("b1");
  const auto after = [&](const Verdict& verdict, std::int64_t available, std::string_view status) {
    CHECK(!verdict.refused());
    CHECK(book.available() == available);
    CHECK(book.status("b1") == status);
  };
  after(book.win("b1", "w1", 500), 1'200, "won");
  after(book.roll_back("b1", "r1", 2), 700, "committed");
  CHECK(book.told() == "acme:b1:3 rollback 500 of acme:b1:2, balance 700");
  after(book.win("b1", "w2", 600), 1'300, "won");
  after(book.roll_back("b1", "r2", 4), 700, "committed");
  after(book.refund("b1", "f1"), 1'000, "refunded");
  after(book.roll_back("b1", "r3", 6), 700, "committed");
  after(book.lose("b1", "l1"), 700, "lost");
  after(book.roll_back("b1", "r4", 8), 700, "committed");
  after(book.refund("b1", "f2", 300), 1'000, "refunded");
  after(book.settle("b1", Bet::Status::refunded), 1'000, "refunded");
  CHECK(book.bet("b1").payout().minor == 300);
}

TEST_CASE("the same callback again is answered the same, whatever has happened since, and moves nothing") {
  Book book;
  book.make("b1", 300);
  book.win("b1", "w1", 500);
  book.roll_back("b1", "r1", 2);
  const std::size_t records = book.world.records();
  book.make("b1", 300);
  CHECK(book.told() == "acme:b1:1 bet 300, balance 700");
  book.win("b1", "w1", 500);
  CHECK(book.told() == "acme:b1:2 win 500 of acme:b1:1, balance 1200");
  book.roll_back("b1", "r1", 2);
  CHECK(book.told() == "acme:b1:3 rollback 500 of acme:b1:2, balance 700");
  CHECK(book.world.records() == records);
  CHECK(book.available() == 700);
}

TEST_CASE("a transaction id that was used says only what it said first") {
  Book book;
  book.make("b1", 300);
  book.make("b2", 100);
  book.win("b1", "w1", 500);
  const std::int64_t available = book.available();
  CHECK(book.make("b1", 301, 2).code == Code::bet_conflict);
  CHECK(book.win("b1", "w1", 501, 2).code == Code::bet_conflict);
  CHECK(book.win("b2", "w1", 500).code == Code::bet_conflict);  // of another bet
  CHECK(book.refund("b2", "b1").code == Code::bet_conflict);    // the id of a bet
  CHECK(book.refund("b2", "b2", 100).code == Code::bet_conflict);
  CHECK(book.make("w1", 100).code == Code::bet_conflict);  // the id of a win
  CHECK(book.available() == available);
}

TEST_CASE("several wins and cash-outs of a bet all pay, and each is rolled back by itself") {
  Book book;
  book.make("b1", 300);
  book.cash_out("b1", "c1", 100);
  CHECK(book.status("b1") == "cashed_out");
  book.win("b1", "w1", 200);
  CHECK(book.bet("b1").payout().minor == 300);
  book.roll_back("b1", "r1", 2);
  CHECK(book.status("b1") == "won");
  CHECK(book.available() == 900);
  CHECK(book.roll_back("b1", "r2", 2).code == Code::bet_unknown);  // twice
  CHECK(book.roll_back("b1", "r3", 4).code == Code::bet_unknown);  // a rollback
  CHECK(book.roll_back("b1", "r4", 9).code == Code::bet_unknown);
  book.roll_back("b1", "r5", 3);
  CHECK(book.status("b1") == "open");
  CHECK(book.available() == 700);
}

TEST_CASE("a bet is never paid twice: nothing wins what was refunded, nothing is refunded beyond its stake") {
  Book book;
  book.make("b1", 300);
  CHECK(book.refund("b1", "f0", 301).code == Code::bet_conflict);
  book.refund("b1", "f1", 100);
  CHECK(!book.refund("b1", "f2", 200).refused());
  CHECK(book.refund("b1", "f3", 1).code == Code::bet_conflict);
  CHECK(book.win("b1", "w1", 500).code == Code::bet_conflict);
  CHECK(book.lose("b1", "l1").code == Code::bet_conflict);
  book.make("b2", 300);
  book.win("b2", "w2", 1);
  CHECK(book.refund("b2", "f4").code == Code::bet_conflict);
  book.make("b3", 300);
  book.lose("b3", "l3");
  CHECK(book.win("b3", "w3", 1).code == Code::bet_conflict);
  CHECK(book.available() == 1'000 - 300 - 300 + 1);
}

TEST_CASE("a make that is refused stays refused, with the same words") {
  Book book(100);
  CHECK(!book.make("b1", 300).refused());
  CHECK(book.told() == "declined not_enough_money, balance 100");
  book.world.command<Wallet>("ann", Wallet::Credit{{1'000}});
  book.make("b1", 300);
  CHECK(book.told() == "declined not_enough_money, balance 100");
  CHECK(book.available() == 1'100);
  CHECK(book.make("b1", 200, 2).code == Code::bet_conflict);
  CHECK(book.win("b1", "w1", 500).code == Code::bet_unknown);
  book.make("b2", stake(300));
  CHECK(book.told() == "acme:b2:1 bet 300, balance 800");
}

TEST_CASE("a make is refused for a player who is unknown or blocked, and in another currency") {
  Book book;
  auto unknown = stake(1);
  unknown.wallet = "nobody";
  book.make("b1", unknown);
  CHECK(book.told() == "declined player_not_found");
  auto foreign = stake(1);
  foreign.currency = *currency_of("USD");
  book.make("b2", foreign);
  CHECK(book.told() == "declined invalid_currency");
  book.world.command<Wallet>("ann", Wallet::SetStatus{Wallet::Status::frozen});
  book.make("b3", stake(1));
  CHECK(book.told() == "declined player_blocked");
  CHECK(book.available() == 1'000);
}

TEST_CASE("a make needs a session of that player where the provider's settings say so, and nothing else does") {
  Book book;
  auto asked = stake(300);
  asked.needs_session = true;
  book.make("b1", asked);
  CHECK(book.told() == "declined session_expired");
  book.world.command<Session>("s1", Session::Open{"ann", {}, 60});
  book.world.command<Session>("s2", Session::Open{"bob", {}, 60});
  asked.session = "s2";
  book.make("b2", asked);
  CHECK(book.told() == "declined session_expired");
  asked.session = "s1";
  book.make("b3", asked);
  CHECK(book.told() == "acme:b3:1 bet 300, balance 700");
  book.world.pass(61 * ns_per_s);
  book.make("b4", asked);
  CHECK(book.told() == "declined session_expired");
  book.world.command<Wallet>("ann", Wallet::SetStatus{Wallet::Status::frozen});
  CHECK(!book.win("b3", "w3", 500).refused());
  CHECK(!book.roll_back("b3", "r3", 2).refused());
  CHECK(book.available() == 700);
}

TEST_CASE("a discard gives the stake back once; what comes after finds no bet") {
  Book book;
  book.make("b1", 300);
  CHECK(!book.discard("b1").refused());
  CHECK(book.told() == "yes");
  CHECK(book.available() == 1'000);
  CHECK(!book.discard("b1").refused());
  CHECK(book.available() == 1'000);
  CHECK(book.make("b1", 300).code == Code::bet_conflict);
  CHECK(book.win("b1", "w1", 500).code == Code::bet_unknown);
  CHECK(book.lose("b1", "l1").code == Code::bet_unknown);
  CHECK(book.refund("b1", "f1").code == Code::bet_unknown);
  CHECK(book.commit("b1").code == Code::bet_unknown);
  CHECK(book.status("b1") == "discarded");
}

TEST_CASE("a discard that comes before its make keeps it from ever happening") {
  Book book;
  CHECK(!book.discard("b1").refused());
  CHECK(book.status("b1") == "tombstoned");
  CHECK(book.make("b1", 300).code == Code::bet_conflict);
  CHECK(book.win("b1", "w1", 500).code == Code::bet_unknown);
  CHECK(book.available() == 1'000);
}

TEST_CASE("a rollback of a bet that isn't known leaves a tombstone, whatever it is answered") {
  Book book;
  CHECK(!book.roll_back("b1", "r1", 1).refused());
  CHECK(book.told() == "unknown");
  CHECK(book.status("b1") == "tombstoned");
  book.roll_back("b1", "r1", 1);
  CHECK(book.told() == "unknown");
  CHECK(book.make("b1", 300).code == Code::bet_conflict);
  book.unknown_is_ok = true;
  book.roll_back("b2", "r2", 1);
  CHECK(book.told() == "acme:b2:1 rollback 0");
  book.roll_back("b2", "r2", 1);
  CHECK(book.told() == "acme:b2:1 rollback 0");
  CHECK(book.make("b2", 300).code == Code::bet_conflict);
  CHECK(book.available() == 1'000);
}

TEST_CASE("win, lost and refund of a bet that isn't known never mint money") {
  Book book;
  CHECK(book.win("b1", "w1", 500).code == Code::bet_unknown);
  CHECK(book.lose("b1", "l1").code == Code::bet_unknown);
  CHECK(book.refund("b1", "f1", 500).code == Code::bet_unknown);
  CHECK(book.commit("b1").code == Code::bet_unknown);
  CHECK(book.settle("b1", Bet::Status::won).code == Code::bet_unknown);
  CHECK(!book.make("b1", 300).refused());
  book.unknown_is_ok = true;
  CHECK(!book.win("b2", "w2", 500).refused());
  CHECK(book.told() == "acme:b2:1 win 0");
  CHECK(book.make("b2", 300).code == Code::bet_conflict);
  CHECK(book.available() == 700);
}

TEST_CASE("a rollback may go below zero, or what isn't there is kept as a debt") {
  for (const bool may_overdraw : {true, false}) {
    Book book;
    book.may_overdraw = may_overdraw;
    book.make("b1", 300);
    book.win("b1", "w1", 500);
    book.world.command<Wallet>("ann", Wallet::Debit{{1'000}});
    CHECK(!book.roll_back("b1", "r1", 2).refused());
    CHECK(book.told() == std::string("acme:b1:3 rollback 500 of acme:b1:2, balance ") + (may_overdraw ? "-300" : "0"));
    CHECK(book.available() == (may_overdraw ? -300 : 0));
    CHECK(book.wallet().debt.minor == (may_overdraw ? 0 : 300));
    book.make("b2", 1);
    CHECK(book.told().starts_with("declined not_enough_money"));
    book.world.command<Wallet>("ann", Wallet::Credit{{400}});
    CHECK(book.available() == 100);
  }
}

TEST_CASE("a rollback of the make itself gives the stake back, unless the bet is settled") {
  Book book;
  book.make("b1", 300);
  book.win("b1", "w1", 500);
  CHECK(book.roll_back("b1", "r1", 1).code == Code::bet_conflict);
  book.roll_back("b1", "r2", 2);
  CHECK(!book.roll_back("b1", "r3", 1).refused());
  CHECK(book.status("b1") == "discarded");
  CHECK(book.available() == 1'000);
  CHECK(book.roll_back("b1", "r4", 1).code == Code::bet_unknown);
}

TEST_CASE("a bet is found by our id of its make, too") {
  Book book;
  book.make("b1", 300);
  CHECK(!book.win("acme:b1:1", "w1", 500).refused());
  CHECK(book.told() == "acme:b1:2 win 500 of acme:b1:1, balance 1200");
  CHECK(book.win("acme:b1:7", "w2", 500).code == Code::bet_unknown);
}

TEST_CASE("commit and settlement are said once with one content, the latter again after a rollback") {
  Book book;
  book.make("b1", 300);
  book.commit("b1", 1);
  CHECK(!book.commit("b1", 1).refused());
  CHECK(book.commit("b1", 2).code == Code::bet_conflict);
  book.win("b1", "w1", 500);
  book.settle("b1", Bet::Status::won, 3);
  CHECK(!book.settle("b1", Bet::Status::won, 3).refused());
  CHECK(book.settle("b1", Bet::Status::lost, 4).code == Code::bet_conflict);
  book.roll_back("b1", "r1", 2);
  CHECK(book.status("b1") == "committed");
  CHECK(!book.settle("b1", Bet::Status::lost, 5).refused());
  CHECK(book.status("b1") == "lost");
}

TEST_CASE("a win in another currency, or for a closed wallet, moves nothing and may come again") {
  Book book(300);
  book.make("b1", 300);
  const auto in_dollars = bet::Settle{Bet::Type::win, false, {5}, *currency_of("USD")};
  CHECK(book.run(bet::settle(book.said("b1", "w1"), in_dollars)).code == Code::currency_mismatch);
  book.world.command<Wallet>("ann", Wallet::SetStatus{Wallet::Status::closed});
  CHECK(book.win("b1", "w1", 5).code == Code::wallet_closed);
  book.world.command<Wallet>("ann", Wallet::SetStatus{Wallet::Status::open});
  CHECK(!book.win("b1", "w1", 5).refused());
  CHECK(book.available() == 5);
}

TEST_CASE("a bet has 256 operations at most") {
  Book book;
  book.make("b1", 300);
  for (std::size_t i = 2; i <= Bet::operations_max; i += 1)
    CHECK(!book.win("b1", "w" + std::to_string(i), 1).refused());
  const std::int64_t available = book.available();
  CHECK(book.win("b1", "one-more", 1).code == Code::bet_conflict);
  CHECK(book.available() == available);
}

TEST_CASE("what a bet names is there afterwards, each once, and a declined bet names nothing") {
  Book book;
  auto asked = stake(300);
  asked.selections = {{.event = "e1",
                       .sport = "1",
                       .sport_name = "Soccer",
                       .category = "c1",
                       .tournament = "t1",
                       .competitors = {{"Real Madrid"},
                                       {"Bar\xc3\xa7"
                                        "a"}}},
                      {.event = "e2", .sport = "1", .category = "c1", .category_name = "Spain", .tournament = "t1"}};
  book.make("b1", asked);
  const auto& sports = book.world.state<Reference>("sport").entries;
  CHECK(sports.size() == 1);
  CHECK(sports.at("1").name == "Soccer");
  CHECK(sports.at("1").version == 1);
  CHECK(book.world.state<Reference>("category").entries.at("c1").name == "Spain");
  CHECK(book.world.state<Reference>("tournament").entries.at("t1").name.empty());
  CHECK(book.world.state<Reference>("event").entries.size() == 2);
  CHECK(book.world.state<Reference>("competitor").entries.size() == 2);
  CHECK(Reference::id_of_name("Real Madrid").starts_with("real-madrid-"));
  CHECK(Reference::id_of_name("Real Madrid") != Reference::id_of_name("real madrid"));
  asked.amount = {100'000};
  asked.selections = {{.sport = "2"}};
  book.make("b2", asked);
  CHECK(book.told().starts_with("declined"));
  CHECK(!book.world.state<Reference>("sport").entries.contains("2"));
}

}  // namespace
}  // namespace tote
