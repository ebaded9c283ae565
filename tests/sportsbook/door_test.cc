// A provider's door, over HTTP, with real signatures.
#include "adapters/sportsbook/door.h"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <thread>

#include "tests/http/api_words.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"
#include "tests/sportsbook/signing.h"

namespace tests::sportsbook {
namespace {

using http::Client, http::Response, http::RunningServer, tests::TempDirectory;

Options options_of(std::string name) {
  Options options;
  options.name = name;
  options.path = "/callbacks/" + name;
  options.issuer = "acme";
  options.audience = "shop";
  options.keys = {"in memory"};
  return options;
}

struct DoorFixture {
  TempDirectory directory;
  std::unique_ptr<RunningServer> owned = std::make_unique<RunningServer>(directory.path());
  RunningServer& server = *owned;
  Client client{server.port()};
  const Signer& by = signer(Algorithm::es256);

  DoorFixture() {
    mount(options_of("acme"));
    open_wallet("p1", 1'000);
  }
  void mount(const Options& options) {
    const auto door = std::make_shared<Door>(options, keys_of({by.pem}));
    REQUIRE(door->attach(server.engine()).empty());
    server.mount(options.path, door);
  }
  void open_wallet(const std::string& id, int amount) {
    REQUIRE(client.ask("PUT", "/v1/wallets/" + id, R"({"currency":"EUR"})").status == 201);
    if (amount == 0) return;
    REQUIRE(
        client.ask("POST", "/v1/wallets/" + id + "/credits", R"({"amount":)" + std::to_string(amount) + "}").status ==
        200);
  }
  Response call(const std::string& path, const std::string& payload, const std::string& door = "acme") {
    return client.ask("POST", "/callbacks/" + door + path, body_of(by, payload));
  }
  std::int64_t available(const std::string& wallet = "p1") {
    return http::number(client.get("/v1/wallets/" + wallet), "available");
  }
};

// `id` as JSON: a number, or a text in its quotes.
std::string make(const std::string& id, int amount, const std::string& player = "p1") {
  const std::string event = id.front() == '"' ? id.substr(1, id.size() - 2) : id;
  return R"({"amount":)" + std::to_string(amount) + R"(,"currency":"EUR","player_id":")" + player +
         R"(","session_id":"s1","transaction":{"id":)" + id + R"(,"amount":)" + std::to_string(amount) +
         R"(,"operation":"bet"},"betslip":{"id":"slip1","bets":[{"event_id":"e)" + event +
         R"(","sport_id":1,"sport_name":"Soccer","category_id":"c1","tournament_id":"t1","competitor_name":["A","B"],"odds":"1.50","live":true}]}})";
}
std::string settle(const std::string& bet, const std::string& id, int amount) {
  return R"({"amount":)" + std::to_string(amount) + R"(,"currency":"EUR","bet_transaction_id":)" + bet +
         R"(,"transaction":{"id":")" + id + R"("}})";
}
std::string roll_back(const std::string& bet, const std::string& parent, const std::string& id) {
  return R"({"bet_transaction_id":)" + bet + R"(,"parent_transaction_id":")" + parent + R"(","transaction":{"id":")" +
         id + R"("}})";
}
int code_in(const Response& response) { return static_cast<int>(http::number(response, "code")); }

TEST_CASE_FIXTURE(DoorFixture, "a bet is made, committed and won, and the API shows it") {
  const Response made = call("/bet/make", make("9223372036854775808", 300));
  CHECK(made.status == 200);
  CHECK(made.body ==
        R"({"id":"acme:9223372036854775808:1","ext_transaction_id":"9223372036854775808","parent_transaction_id":null,)"
        R"("user_id":"p1","operation":"bet","amount":300,"currency":"EUR","balance":700})");
  CHECK(call("/bet/commit", R"({"bet_transaction_id":"9223372036854775808"})").body == "{}");
  CHECK(call("/bet/win", settle("9223372036854775808", "w1", 500)).body ==
        R"({"id":"acme:9223372036854775808:2","ext_transaction_id":"w1",)"
        R"("parent_transaction_id":"acme:9223372036854775808:1","user_id":"p1","operation":"win","amount":500,)"
        R"("currency":"EUR","balance":1200})");
  CHECK(call("/bet/settlement", R"({"bet_transaction_id":"9223372036854775808","status":"won"})").body == "{}");
  const auto bet = boost::json::parse(client.get("/v1/bets/acme:9223372036854775808").body);
  CHECK(bet.at("status").as_string() == "won");
  CHECK(bet.at("payout").as_int64() == 500);
  CHECK(bet.at("operations").as_array().size() == 3);
  CHECK(bet.at("operations").as_array()[0].at("lsn").as_int64() == 3);
  CHECK(bet.at("selections").as_array()[0].at("odds").as_string() == "1.50");
  CHECK(available() == 1'200);
  const auto sport = client.get("/v1/references/sport/1");
  CHECK(http::text(sport, "name") == "Soccer");
  CHECK(http::code_of(client.get("/v1/references/sport/2")) == "not_found");
  CHECK(boost::json::parse(client.get("/v1/references/competitor?limit=1").body).at("references").as_array().size() ==
        1);
  CHECK(boost::json::parse(client.get("/v1/bets?player=p1&status=won").body).at("bets").as_array().size() == 1);
  CHECK(boost::json::parse(client.get("/v1/bets?player=p2").body).at("bets").as_array().empty());
}

TEST_CASE_FIXTURE(DoorFixture, "the provider's test sequence, over HTTP") {
  const auto id_of = [&](const std::string& path, const std::string& payload) {
    const Response response = call(path, payload);
    CHECK(response.status == 200);
    return http::text(response, "id");
  };
  id_of("/bet/make", make("1", 300));
  CHECK(call("/bet/commit", R"({"bet_transaction_id":1})").status == 200);
  const auto win1 = id_of("/bet/win", settle("1", "w1", 500));
  id_of("/bet/rollback", roll_back("1", win1, "r1"));
  const auto win2 = id_of("/bet/win", settle("\"1\"", "w2", 600));
  id_of("/bet/rollback", roll_back("1", win2, "r2"));
  const auto refund1 = id_of("/bet/refund", settle("1", "f1", 300));
  id_of("/bet/rollback", roll_back("1", refund1, "r3"));
  const auto lost = id_of("/bet/lost", settle("1", "l1", 0));
  id_of("/bet/rollback", roll_back("1", lost, "r4"));
  id_of("/bet/refund", settle("1", "f2", 300));
  CHECK(call("/bet/settlement", R"({"bet_transaction_id":1,"status":"refunded"})").body == "{}");
  CHECK(available() == 1'000);
  CHECK(http::text(client.get("/v1/bets/acme:1"), "status") == "refunded");
}

TEST_CASE_FIXTURE(DoorFixture, "with entities_max reached no bet is taken, and what was taken is won and rolled back") {
  REQUIRE(call("/bet/make", make("1", 300)).status == 200);
  server.engine().limit_entities(server.engine().tenant("default").value(), 1);
  CHECK(call("/bet/make", make("2", 100)).status == 503);
  CHECK(call("/bet/commit", R"({"bet_transaction_id":1})").status == 200);
  const Response won = call("/bet/win", settle("1", "w1", 500));
  CHECK(won.status == 200);
  CHECK(available() == 1'200);
  CHECK(call("/bet/rollback", roll_back("1", http::text(won, "id"), "r1")).status == 200);
  CHECK(call("/bet/refund", settle("1", "f1", 300)).status == 200);
  CHECK(available() == 1'000);
  CHECK(call("/bet/discard", R"({"ext_player_id":"p1","transaction_id":2,"reason":"timeout"})").status == 200);
  CHECK(code_in(call("/bet/make", make("2", 100))) == 2004);  // it is buried
}

TEST_CASE_FIXTURE(DoorFixture,
                  "a retry with another token, another order and ids of another type gets the same bytes") {
  const std::string first = call("/bet/make", make("12", 300)).body;
  const std::string again =
      R"({"transaction":{"operation":"bet","amount":"300","id":"12"},"session_id":"s1","player_id":"p1",)"
      R"("currency":"EUR","amount":300,"betslip":{"id":"slip1","bets":[{"event_id":"e12",)"
      R"("sport_id":"1","sport_name":"Soccer","category_id":"c1","tournament_id":"t1",)"
      R"("competitor_name":["A","B"],"odds":"1.50","live":true}]}})";
  CHECK(call("/bet/make", make("\"12\"", 300)).body == first);
  CHECK(code_in(call("/bet/make", again)) == 2004);  // an amount as a text isn't this door's
  CHECK(code_in(call("/bet/make", make("12", 301))) == 2004);
  CHECK(available() == 700);
}

TEST_CASE_FIXTURE(DoorFixture, "every no has its code") {
  CHECK(code_in(call("/bet/make", make("1", 300, "nobody"))) == 1006);
  const Response poor = call("/bet/make", make("2", 5'000));
  CHECK(poor.status == 400);
  CHECK(poor.body == R"({"code":2001,"message":"Not enough money","balance":1000})");
  CHECK(call("/bet/make", make("2", 5'000)).body == poor.body);
  CHECK(client.ask("PUT", "/v1/wallets/p1/status", R"({"status":"frozen"})").status == 200);
  CHECK(code_in(call("/bet/make", make("3", 1))) == 1005);
  CHECK(client.ask("PUT", "/v1/wallets/p1/status", R"({"status":"open"})").status == 200);
  CHECK(code_in(call("/bet/make", make("3", 1))) == 1005);
  std::string dollars = make("4", 1);
  dollars.replace(dollars.find("EUR"), 3, "USD");
  CHECK(code_in(call("/bet/make", dollars)) == 2002);
  CHECK(code_in(call("/bet/win", settle("5", "w5", 1))) == 2003);
  CHECK(code_in(call("/bet/make", make("\"a b\"", 1))) == 2004);
  CHECK(code_in(call("/bet/make", make("6", 0))) == 2004);
  CHECK(code_in(call("/bet/make", "{}")) == 2004);
  CHECK(code_in(client.ask("POST", "/callbacks/acme/bet/make", "{}")) == 2004);
  CHECK(code_in(client.ask("POST", "/callbacks/acme/bet/make", body_of(signer(Algorithm::rs256), make("7", 1)))) ==
        2005);
  CHECK(client.ask("POST", "/callbacks/acme/bet/nothing", "{}").status == 404);
  CHECK(http::code_of(client.get("/v1/bets/acme:1")) == "not_found");
  CHECK(available() == 1'000);
}

TEST_CASE_FIXTURE(DoorFixture, "discard before make, rollback before make: the late make is refused") {
  CHECK(call("/bet/discard", R"({"ext_player_id":"p1","transaction_id":1,"reason":"timeout"})").body == "{}");
  CHECK(code_in(call("/bet/make", make("1", 300))) == 2004);
  CHECK(code_in(call("/bet/rollback", roll_back("2", "acme:2:1", "r2"))) == 2003);
  CHECK(code_in(call("/bet/make", make("2", 300))) == 2004);
  CHECK(http::text(client.get("/v1/bets/acme:2"), "status") == "tombstoned");
  CHECK(available() == 1'000);
}

TEST_CASE_FIXTURE(DoorFixture, "the balance, and whether anybody is there") {
  CHECK(call("/balance", R"({"player_id":"p1","currency":"EUR","session_id":"s1"})").body ==
        R"({"user_id":"p1","balance":1000,"currency":"EUR"})");
  CHECK(code_in(call("/balance", R"({"player_id":"p9","currency":"EUR"})")) == 1006);
  CHECK(code_in(call("/balance", R"({"player_id":"p1","currency":"USD"})")) == 2002);
  CHECK(client.get("/callbacks/acme/ping").status == 200);
  CHECK(http::number(client.ask("POST", "/callbacks/acme/ping", "{}"), "timestamp") >= now_s() - 1);
  CHECK(client.ask("PUT", "/callbacks/acme/ping", "{}").header("Allow") == "GET, HEAD, POST");
  const http::Response asked = client.get("/callbacks/acme/bet/make");
  CHECK(asked.status == 405);
  CHECK(asked.header("Allow") == "POST");
  CHECK(client.ask("POST", "/callbacks/acme/bet/none", "{}").status == 404);
}

TEST_CASE_FIXTURE(DoorFixture, "two doors side by side have their own bets, units and ways to say no") {
  Options other = options_of("beta");
  other.unit = Unit::decimal;
  other.error_status = 200;
  other.unknown_is_ok = true;
  mount(other);
  call("/bet/make", make("1", 300));
  std::string decimal = make("1", 300);
  for (auto at = decimal.find(":300"); at != std::string::npos; at = decimal.find(":300"))
    decimal.replace(at, 4, R"(:"1.50")");
  CHECK(call("/bet/make", decimal, "beta").body ==
        R"({"id":"beta:1:1","ext_transaction_id":"1","parent_transaction_id":null,"user_id":"p1","operation":"bet",)"
        R"("amount":"1.50","currency":"EUR","balance":"5.50"})");
  const Response unknown = call("/bet/rollback", roll_back("9", "beta:9:1", "r9"), "beta");
  CHECK(unknown.status == 200);
  CHECK(http::text(unknown, "operation") == "rollback");
  const Response poor =
      call("/bet/make", R"({"amount":"99.00","currency":"EUR","player_id":"p1","transaction":{"id":"3"}})", "beta");
  CHECK(poor.status == 200);
  CHECK(poor.body == R"({"code":2001,"message":"Not enough money","balance":"5.50"})");
  CHECK(available() == 550);
}

TEST_CASE_FIXTURE(DoorFixture, "200 first bets of one player at once on an empty system all succeed") {
  open_wallet("p2", 2'000);
  std::vector<std::string> bodies;
  for (int i = 0; i < 200; ++i) bodies.push_back(body_of(by, make(std::to_string(1'000 + i), 10, "p2")));
  std::vector<std::thread> threads;
  std::atomic<int> successes{0};
  for (int t = 0; t < 20; ++t)
    threads.emplace_back([&, t] {
      Client own(server.port());
      for (int i = t * 10; i < t * 10 + 10; ++i)
        own.send(Client::text_of("POST", "/callbacks/acme/bet/make", bodies[static_cast<std::size_t>(i)], {}));
      for (int i = 0; i < 10; ++i) successes += own.receive().status == 200 ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(successes == 200);
  CHECK(available("p2") == 0);
  CHECK(boost::json::parse(client.get("/v1/references/event?limit=1000").body).at("references").as_array().size() ==
        200);
  std::size_t listed = 0;
  for (std::string after;;) {
    const auto page = boost::json::parse(client.get("/v1/bets?player=p2&limit=90" + after).body);
    listed += page.at("bets").as_array().size();
    if (page.at("next").is_null()) break;
    after = "&after=" + std::string(page.at("next").as_string());
  }
  CHECK(listed == 200);
}

}  // namespace
}  // namespace tests::sportsbook
