// What operators change afterwards (API.md, Lists, corrections, roles): orders that go back, whole or in part, matches
// that change or are cancelled, overdrafts; and that history names who did it, and why.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "tests/http/api_words.h"
#include "tests/http/own_server.h"
#include "tests/http/wait_until.h"
#include "tests/support/token_hashes.h"

using namespace tests::http;
using tote::http::Role;
namespace json = boost::json;

namespace {

struct CorrectionsFixture : OwnServer {
  Response ask(const std::string& method, const std::string& target, std::string_view body,
               const HeaderList& headers = {}) {
    return client->ask(method, target, body, headers);
  }
  Response post(const std::string& target, std::string_view body, const HeaderList& headers = {}) {
    return ask("POST", target, body, headers);
  }
  Response get(const std::string& target) { return client->get(target); }
  json::object read(const std::string& target) { return json::parse(get(target).body).as_object(); }
  std::int64_t balance(const std::string& wallet) { return number(get("/v1/wallets/" + wallet), "balance"); }
  std::int64_t on_hand(const std::string& item) { return number(get("/v1/items/" + item), "on_hand"); }

  void fund(const std::string& wallet, int money) {
    REQUIRE(ask("PUT", "/v1/wallets/" + wallet, R"({"currency":"EUR"})").status == 201);
    if (money > 0)
      REQUIRE(post("/v1/wallets/" + wallet + "/credits", "{\"amount\":" + std::to_string(money) + '}').status == 200);
  }
  void stock() {
    REQUIRE(ask("PUT", "/v1/items/sku1", R"({"quantity":10})").status == 201);
    REQUIRE(ask("PUT", "/v1/items/sku2", R"({"quantity":10})").status == 201);
  }
  // Two of sku1 and three of sku2.
  void order(const std::string& pay, unsigned status, const std::string& more = {}) {
    const auto placed = post("/v1/orders", R"({"order":"o1","lines":[{"item":"sku1","quantity":2},)"
                                           R"({"item":"sku2","quantity":3}],"pay":)" +
                                               pay + more + '}');
    REQUIRE_MESSAGE(placed.status == status, placed.body);
  }
  template <class Condition>
  void wait_until(const Condition& condition) {
    CHECK(tests::http::wait_until(*server, *client, "/v1/wallets/p1", condition));
  }
  void book(const std::string& player, unsigned status = 201) {
    const auto booked =
        post("/v1/matches/thu/bookings", R"({"player":")" + player + R"(","pay":{"wallet":")" + player + "\"}}");
    CHECK_MESSAGE(booked.status == status, booked.body);
  }
};

constexpr const char* refunds = "/v1/orders/o1/refunds";
constexpr const char* by_alice = R"({"wallet":"alice","amount":300})";

}  // namespace

TEST_CASE_FIXTURE(CorrectionsFixture,
                  "an order goes back in parts: money to the wallet, goods into stock, never more than there was") {
  fund("alice", 1000);
  stock();
  order(by_alice, 201);
  const auto first =
      post(refunds, R"({"refund":"r1","amount":100,"lines":[{"item":"sku1","quantity":1}],"reason":"broken"})");
  REQUIRE_MESSAGE(first.status == 201, first.body);
  CHECK(number(first, "refunded") == 100);
  CHECK(number(first, "version") == 2);
  CHECK(balance("alice") == 800);
  CHECK(on_hand("sku1") == 9);

  CHECK(code_of(post(refunds, R"({"refund":"r1","amount":1,"reason":"x"})")) == "refund_exists");
  const auto too_much = post(refunds, R"({"refund":"r2","amount":201,"reason":"x"})");
  CHECK(code_of(too_much) == "refund_exceeds_order");
  CHECK(number(too_much, "available") == 200);
  CHECK(number(too_much, "requested") == 201);
  const auto too_many = post(refunds, R"({"refund":"r2","amount":1,"lines":[{"item":"sku2","quantity":1},)"
                                      R"({"item":"sku1","quantity":2}],"reason":"x"})");
  CHECK(code_of(too_many) == "refund_exceeds_order");
  CHECK(number(too_many, "line") == 1);
  CHECK(text(too_many, "pointer") == "/lines/1/item");
  CHECK(code_of(post(refunds, R"({"refund":"r2","lines":[{"item":"other","quantity":1}],"reason":"x"})")) ==
        "refund_exceeds_order");
  CHECK(balance("alice") == 800);
  CHECK(on_hand("sku2") == 7);

  const auto rest = post(refunds, R"({"refund":"r2","reason":"all that is left"})");
  CHECK(number(rest, "refunded") == 300);
  CHECK(balance("alice") == 1000);
  CHECK(on_hand("sku1") == 9);
  CHECK(text(rest, "status") == "confirmed");
  CHECK(code_of(post(refunds, R"({"refund":"r3","reason":"x"})")) == "refund_exceeds_order");
}

TEST_CASE_FIXTURE(CorrectionsFixture, "an order has so many refunds, and can be cancelled after that") {
  fund("alice", 1000);
  stock();
  order(by_alice, 201);
  for (int i = 0; i < 100; ++i)
    REQUIRE(post(refunds, R"({"refund":"r)" + std::to_string(i) + R"(","amount":1,"reason":"x"})").status == 201);
  const auto refused = post(refunds, R"({"refund":"more","amount":1,"reason":"x"})");
  CHECK(code_of(refused) == "too_many_refunds");
  CHECK(number(refused, "limit") == 100);
  CHECK(number(post("/v1/orders/o1/cancel", ""), "refunded") == 300);
  CHECK(balance("alice") == 1000);
}

TEST_CASE_FIXTURE(CorrectionsFixture, "a refund is done once under its key, also over a restart") {
  fund("alice", 1000);
  stock();
  order(by_alice, 201);
  const HeaderList key{{"Idempotency-Key", "k1"}};
  const std::string body = R"({"refund":"r1","amount":50,"reason":"late"})";
  const auto first = post(refunds, body, key);
  REQUIRE(first.status == 201);
  restart();
  const auto again = post(refunds, body, key);
  CHECK(again.status == 201);
  CHECK(again.body == first.body);
  CHECK(again.header("Idempotent-Replayed") == "true");
  CHECK(balance("alice") == 750);
  CHECK(number(get("/v1/orders/o1"), "refunded") == 50);
}

TEST_CASE_FIXTURE(CorrectionsFixture, "a cancelled order gives back what is left, and nothing after that") {
  fund("alice", 1000);
  stock();
  order(by_alice, 201);
  REQUIRE(post(refunds, R"({"refund":"r1","amount":100,"lines":[{"item":"sku2","quantity":3}],"reason":"x"})").status ==
          201);
  const auto cancelled = post("/v1/orders/o1/cancel", R"({"reason":"asked by the customer"})");
  REQUIRE_MESSAGE(cancelled.status == 200, cancelled.body);
  CHECK(text(cancelled, "status") == "cancelled");
  CHECK(text(cancelled, "reason") == "asked by the customer");
  CHECK(number(cancelled, "refunded") == 300);
  CHECK(balance("alice") == 1000);
  CHECK(on_hand("sku1") == 10);
  CHECK(on_hand("sku2") == 10);
  const auto again = post("/v1/orders/o1/cancel", R"({"reason":"twice"})");
  CHECK(again.status == 200);
  CHECK(number(again, "version") == number(cancelled, "version"));
  CHECK(code_of(post(refunds, R"({"refund":"r2","reason":"x"})")) == "order_not_confirmed");
  CHECK(balance("alice") == 1000);
  CHECK(code_of(post("/v1/orders/none/cancel", "{}")) == "not_found");
}

TEST_CASE_FIXTURE(CorrectionsFixture, "parts of what a card paid go back through the refund queue, each once") {
  stock();
  order(R"({"card":{"token":"tok_ok"},"amount":300,"currency":"EUR"})", 202);
  wait_until([&] { return text(get("/v1/orders/o1"), "status") == "confirmed"; });
  REQUIRE(post(refunds, R"({"refund":"r1","amount":100,"reason":"x"})").status == 201);
  REQUIRE(post(refunds, R"({"refund":"r2","amount":100,"reason":"y"})").status == 201);
  REQUIRE(post("/v1/orders/o1/cancel", "").status == 200);
  const auto are_back = [&] {
    std::int64_t sum = 0;
    const json::value all = json::parse(get("/test-gateway/refunds").body);
    for (const auto& refund : all.as_array()) sum += refund.at("amount").as_int64();
    return sum;
  };
  wait_until([&] { return are_back() == 300; });
  CHECK(json::parse(get("/test-gateway/refunds").body).as_array().size() == 3);
  const auto queue = read("/v1/refunds").at("refunds").as_array();
  CHECK(queue.size() == 3);
  wait_until(
      [&] { return json::parse(get("/v1/refunds?status=succeeded").body).at("refunds").as_array().size() == 3; });
}

TEST_CASE_FIXTURE(CorrectionsFixture, "an order whose card is being charged is cancelled once that is decided") {
  stock();
  order(R"({"card":{"token":"tok_slow"},"amount":300,"currency":"EUR"})", 202);
  const auto wished = post("/v1/orders/o1/cancel", R"({"reason":"changed my mind"})");
  CHECK(wished.status == 202);
  CHECK(text(wished, "status") == "pending");
  CHECK(text(wished, "wish") == "cancel");
  restart();
  wait_until([&] { return text(get("/v1/orders/o1"), "status") == "cancelled"; });
  CHECK(on_hand("sku1") == 10);
  CHECK(on_hand("sku2") == 10);
  wait_until([&] { return json::parse(get("/test-gateway/refunds").body).as_array().size() == 1; });
}

TEST_CASE_FIXTURE(CorrectionsFixture, "an order that has failed by itself has nothing to give back") {
  fund("alice", 0);
  stock();
  order(by_alice, 402);
  CHECK(code_of(post("/v1/orders/o1/cancel", "{}")) == "order_not_confirmed");
  CHECK(code_of(post(refunds, R"({"refund":"r1","reason":"x"})")) == "order_not_confirmed");
}

TEST_CASE_FIXTURE(CorrectionsFixture, "seats that are added go to those who wait, before anybody else") {
  for (const char* player : {"p1", "p2", "p3"}) fund(player, 1000);
  REQUIRE(ask("PUT", "/v1/matches/thu", R"({"seats":1,"price":{"amount":500,"currency":"EUR"}})").status == 201);
  book("p1");
  REQUIRE(post("/v1/matches/thu/waitlist", R"({"player":"p2","pay":{"wallet":"p2"}})").status == 202);
  const auto changed = ask("PATCH", "/v1/matches/thu", R"({"seats":2,"reason":"one more"})");
  REQUIRE_MESSAGE(changed.status == 200, changed.body);
  CHECK(number(changed, "seats") == 2);
  book("p3", 409);
  wait_until([&] { return balance("p2") == 500; });
  CHECK(number(get("/v1/matches/thu"), "taken") == 2);
  const auto too_few = ask("PATCH", "/v1/matches/thu", R"({"seats":1})");
  CHECK(code_of(too_few) == "seats_taken");
  CHECK(number(too_few, "available") == 2);
}

TEST_CASE_FIXTURE(CorrectionsFixture,
                  "a match's price changes for those who come, and who has paid gets back what was paid") {
  for (const char* player : {"p1", "p2", "p3"}) fund(player, 1000);
  REQUIRE(ask("PUT", "/v1/matches/thu", R"({"seats":5,"price":{"amount":500,"currency":"EUR"}})").status == 201);
  book("p1");
  CHECK(code_of(ask("PATCH", "/v1/matches/thu", R"({"price":{"amount":500,"currency":"USD"}})")) ==
        "currency_mismatch");
  REQUIRE(ask("PATCH", "/v1/matches/thu", R"({"price":{"amount":700,"currency":"EUR"}})").status == 200);
  book("p2");
  CHECK(balance("p2") == 300);
  const auto is_free = ask("PATCH", "/v1/matches/thu", R"({"price":null})");
  REQUIRE(is_free.status == 200);
  CHECK_FALSE(json::parse(is_free.body).as_object().contains("price"));
  REQUIRE(post("/v1/matches/thu/bookings", R"({"player":"p3"})").status == 201);
  CHECK(balance("p3") == 1000);
  for (const char* player : {"p1", "p2", "p3"})
    CHECK(ask("DELETE", std::string("/v1/matches/thu/bookings/") + player, "").status == 200);
  for (const char* player : {"p1", "p2", "p3"}) CHECK(balance(player) == 1000);
}

TEST_CASE_FIXTURE(CorrectionsFixture, "who waits without the money is asked again when the match costs less") {
  fund("p1", 1000);
  fund("p2", 200);
  REQUIRE(ask("PUT", "/v1/matches/thu", R"({"seats":1,"price":{"amount":500,"currency":"EUR"}})").status == 201);
  book("p1");
  REQUIRE(post("/v1/matches/thu/waitlist", R"({"player":"p2","pay":{"wallet":"p2"}})").status == 202);
  REQUIRE(ask("PATCH", "/v1/matches/thu", R"({"seats":2})").status == 200);
  CHECK(number(get("/v1/matches/thu"), "taken") == 1);
  REQUIRE(ask("PATCH", "/v1/matches/thu", R"({"price":{"amount":200,"currency":"EUR"}})").status == 200);
  wait_until([&] { return balance("p2") == 0; });
}

TEST_CASE_FIXTURE(CorrectionsFixture, "while sales are closed nobody gets in, also not from the waiting list") {
  for (const char* player : {"p1", "p2", "p3"}) fund(player, 1000);
  REQUIRE(ask("PUT", "/v1/matches/thu", R"({"seats":1,"price":{"amount":500,"currency":"EUR"}})").status == 201);
  book("p1");
  REQUIRE(post("/v1/matches/thu/waitlist", R"({"player":"p2","pay":{"wallet":"p2"}})").status == 202);
  const auto closed = ask("PATCH", "/v1/matches/thu", R"({"sales":"closed"})");
  CHECK(text(closed, "sales") == "closed");
  CHECK(ask("DELETE", "/v1/matches/thu/bookings/p1", "").status == 200);
  book("p3", 409);
  CHECK(code_of(post("/v1/matches/thu/waitlist", R"({"player":"p3","pay":{"wallet":"p3"}})")) == "sales_closed");
  CHECK(number(get("/v1/matches/thu"), "taken") == 0);
  REQUIRE(ask("PATCH", "/v1/matches/thu", R"({"sales":"open"})").status == 200);
  wait_until([&] { return balance("p2") == 500; });
}

TEST_CASE_FIXTURE(CorrectionsFixture,
                  "a cancelled match pays everybody back, whatever they paid with, over a restart, too") {
  constexpr int players = 100;
  REQUIRE(ask("PUT", "/v1/matches/thu", R"({"seats":103,"price":{"amount":500,"currency":"EUR"}})").status == 201);
  for (int i = 0; i < players; ++i) {
    fund("p" + std::to_string(i), 500);
    book("p" + std::to_string(i));
  }
  REQUIRE(ask("PUT", "/v1/passes/season", "{}").status == 201);
  REQUIRE(post("/v1/matches/thu/bookings", R"({"player":"pass","pay":{"pass":"season"}})").status == 201);
  REQUIRE(post("/v1/matches/thu/bookings", R"({"player":"card","pay":{"card":{"token":"tok_ok"}}})").status == 202);
  wait_until([&] { return text(get("/v1/matches/thu/bookings/card"), "status") == "in"; });
  REQUIRE(post("/v1/matches/thu/bookings", R"({"player":"slow","pay":{"card":{"token":"tok_slow"}}})").status == 202);
  REQUIRE(post("/v1/matches/thu/waitlist", R"({"player":"late","pay":{"wallet":"p1"}})").status == 202);
  const auto cancelled = post("/v1/matches/thu/cancel", R"({"reason":"rain"})");
  REQUIRE_MESSAGE(cancelled.status == 200, cancelled.body);
  CHECK(text(cancelled, "status") == "cancelled");
  CHECK(text(cancelled, "reason") == "rain");
  restart();
  wait_until([&] { return number(get("/v1/matches/thu"), "taken") == 0; });
  wait_until([&] { return number(get("/v1/matches/thu"), "waitlist") == 0; });
  for (int i = 0; i < players; ++i) CHECK(balance("p" + std::to_string(i)) == 500);
  wait_until([&] { return json::parse(get("/test-gateway/refunds").body).as_array().size() == 2; });
  book("p1", 409);
  CHECK(code_of(post("/v1/matches/thu/bookings", R"({"player":"p1","pay":{"wallet":"p1"}})")) == "sales_closed");
  const auto again = post("/v1/matches/thu/cancel", R"({"reason":"snow"})");
  CHECK(again.status == 200);
  CHECK(text(again, "reason") == "rain");
}

TEST_CASE_FIXTURE(CorrectionsFixture, "an overdraft is changed, and never taken below what is used of it") {
  fund("alice", 0);
  REQUIRE(ask("PATCH", "/v1/wallets/alice", R"({"overdraft_limit":500,"reason":"a good customer"})").status == 200);
  REQUIRE(post("/v1/wallets/alice/debits", R"({"amount":400})").status == 200);
  const auto refused = ask("PATCH", "/v1/wallets/alice", R"({"overdraft_limit":399})");
  CHECK(code_of(refused) == "insufficient_funds");
  CHECK(number(refused, "available") == 100);
  const auto lowered = ask("PATCH", "/v1/wallets/alice", R"({"overdraft_limit":400})", {{"If-Match", "\"v3\""}});
  CHECK(lowered.status == 200);
  CHECK(number(lowered, "available") == 0);
  CHECK(code_of(ask("PATCH", "/v1/wallets/alice", "{}")) == "invalid_request");
  CHECK(ask("DELETE", "/v1/wallets/alice", "").header("Allow") == "GET, HEAD, PUT, PATCH");
  restart();
  CHECK(number(get("/v1/wallets/alice"), "overdraft_limit") == 400);
}

TEST_CASE("what operators and issuers do is told with their names and reasons, what others do isn't") {
  tote::http::ServerOptions options;
  options.tenants = {{"shop",
                      {},
                      {},
                      {{tests::secret_b_sha256, Role::writer, "bob"},
                       {"26d46203179f0c4ddf89791220bc5493aeceadbc1c34590ef45cd89d302e302e", Role::operator_, "cleo"},
                       {"a59cda8fa17b05d1d6efee57611f18f5df8b5c51eb929d922fac602f3f15682c", Role::issuer, "dora"}}}};
  const HeaderList bob{{"Authorization", "Bearer secret-b"}}, cleo{{"Authorization", "Bearer secret-c"}},
      dora{{"Authorization", "Bearer secret-d"}};
  TempDirectory directory;
  RunningServer server(directory.path(), options);
  Client client(server.port());
  REQUIRE(client.ask("PUT", "/v1/wallets/a", R"({"currency":"EUR"})", bob).status == 201);
  REQUIRE(client.ask("POST", "/v1/wallets/a/credits", R"({"amount":500})", dora).status == 200);
  REQUIRE(client.ask("PUT", "/v1/items/i", R"({"quantity":5})", bob).status == 201);
  REQUIRE(client
              .ask("POST", "/v1/orders",
                   R"({"order":"o1","lines":[{"item":"i","quantity":1}],"pay":{"wallet":"a","amount":100}})", bob)
              .status == 201);
  CHECK(client.ask("POST", refunds, R"({"refund":"r1","amount":10,"reason":"r"})", bob).status == 403);
  REQUIRE(client.ask("POST", refunds, R"({"refund":"r1","amount":10,"reason":"broken"})", cleo).status == 201);
  REQUIRE(client.ask("PUT", "/v1/wallets/a/status", R"({"status":"frozen","reason":"fraud"})", cleo).status == 200);
  CHECK(client.ask("PATCH", "/v1/wallets/a", R"({"overdraft_limit":5})", cleo).status == 403);
  REQUIRE(client.ask("PATCH", "/v1/wallets/a", R"({"overdraft_limit":5,"reason":"trust"})", dora).status == 200);
  const std::string line = R"({"put":"/v1/wallets/a/status","body":{"status":"open","reason":"checked"}})";
  REQUIRE(client.ask("POST", "/v1/batch", line, cleo).body.starts_with(R"({"status":200)"));

  const auto entries = json::parse(client.get("/v1/wallets/a/history", bob).body).at("entries").as_array();
  std::string told;
  for (const auto& entry : entries) {
    const auto& one = entry.as_object();
    told += std::string(one.at("event").as_string()) + ':';
    if (one.contains("actor")) told += std::string(one.at("actor").as_string());
    if (one.contains("reason")) told += '(' + std::string(one.at("reason").as_string()) + ')';
    told += ' ';
  }
  CHECK(told ==
        "opened: credited:dora debited: credited:cleo status_set:cleo(fraud) overdraft_set:dora(trust) "
        "status_set:cleo(checked) ");
  const std::string order = client.get("/v1/orders/o1/history", bob).body;
  CHECK(order.find(R"("event":"refunded","refund":"r1","amount":10,"reason":"broken")") != std::string::npos);
  CHECK(order.find(R"("actor":"cleo")") != std::string::npos);
  CHECK(client.get("/v1/log?limit=100", bob).body.find(R"("actor":"cleo")") != std::string::npos);
}
