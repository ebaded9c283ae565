// What a refusal is about: the member of the body that names it, its id, an order's line; the same after a replay, a
// look-up and a restart.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "tests/http/api_words.h"
#include "tests/http/own_server.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

struct NamingFixture : OwnServer {
  NamingFixture() {
    REQUIRE(client->ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
    REQUIRE(post("/v1/wallets/alice/credits", R"({"amount":1000})").status == 200);
    REQUIRE(client->ask("PUT", "/v1/items/ball", R"({"quantity":3})").status == 201);
  }
  Response post(const std::string& target, std::string_view body, const HeaderList& headers = {}) {
    return client->ask("POST", target, body, headers);
  }
};

// "not_found /to bob"
std::string about(const Response& refused) {
  const auto problem = json::parse(refused.body).as_object();
  std::string text = code_of(refused);
  for (const char* name : {"pointer", "id"})
    if (problem.contains(name)) text += ' ' + std::string(problem.at(name).as_string());
  for (const char* name : {"index", "line"})
    if (problem.contains(name)) text += ' ' + std::string(name) + ' ' + std::to_string(problem.at(name).as_int64());
  return text;
}

std::string order_of(std::string_view lines, std::string_view pay = R"({"wallet":"alice","amount":10})") {
  return R"({"order":"o1","lines":[)" + std::string(lines) + R"(],"pay":)" + std::string(pay) + '}';
}

}  // namespace

TEST_CASE_FIXTURE(NamingFixture, "what isn't there is named: by its id, and where the body names it") {
  CHECK(about(client->get("/v1/wallets/ghost")) == "not_found ghost");
  CHECK(about(client->get("/v1/orders/ghost")) == "not_found ghost");
  CHECK(about(post("/v1/wallets/ghost/debits", R"({"amount":1})")) == "not_found ghost");
  CHECK(about(post("/v1/items/ball/picks", R"({"quantity":4})")) == "out_of_stock ball");
  CHECK(about(post("/v1/transfers", R"({"from":"ghost","to":"alice","amount":1})")) == "not_found /from ghost");
  CHECK(about(post("/v1/transfers", R"({"from":"alice","to":"bob","amount":1})")) == "not_found /to bob");
  CHECK(about(post("/v1/transactions", R"({"commands":[{"wallet":"alice","debit":1},{"item":"none","pick":1}]})")) ==
        "not_found /commands/1/item none index 1");
  CHECK(about(post("/v1/transactions", R"({"commands":[{"wallet":"alice","debit":1},{"item":"ball","pick":4}]})")) ==
        "out_of_stock /commands/1/item ball index 1");
}

TEST_CASE_FIXTURE(NamingFixture, "every refusal of a 404 says which thing isn't there") {
  REQUIRE(client->ask("PUT", "/v1/matches/thu", R"({"seats":2,"price":{"amount":5,"currency":"EUR"}})").status == 201);
  const auto remove = [&](const std::string& target) { return client->ask("DELETE", target); };
  for (const char* kind : {"wallets", "items", "matches", "orders", "passes"})
    CHECK(about(client->get(std::string("/v1/") + kind + "/ghost")) == "not_found ghost");
  for (const char* kind : {"wallets", "items", "matches"})
    CHECK(about(client->get(std::string("/v1/") + kind + "/ghost/history")) == "not_found ghost");
  CHECK(about(client->get("/v1/matches/ghost/players")) == "not_found ghost");
  CHECK(about(client->get("/v1/matches/ghost/bookings/ann")) == "not_found ghost");
  CHECK(about(client->get("/v1/sagas/order:ghost")) == "not_found order:ghost");
  CHECK(about(post("/v1/sagas/booking:17/retry", R"({"reason":"x"})")) == "not_found booking:17");
  CHECK(about(post("/v1/sagas/order:ghost/skip", R"({"reason":"x"})")) == "not_found order:ghost");
  CHECK(about(post("/v1/refunds/b-17/retry", "{}")) == "not_found b-17");
  CHECK(about(post("/v1/passes/ghost/revoke", "{}")) == "not_found ghost");
  CHECK(about(client->get("/v1/outcomes/k17")) == "outcome_unknown k17");
  for (const char* end : {"capture", "release"}) {
    CHECK(about(post(std::string("/v1/wallets/alice/holds/h1/") + end, "{}")) == "hold_not_found h1");
    CHECK(about(post(std::string("/v1/wallets/ghost/holds/h1/") + end, "{}")) == "not_found ghost");
  }
  for (const char* end : {"commit", "release"}) {
    CHECK(about(post(std::string("/v1/items/ball/reservations/r1/") + end, "{}")) == "reservation_not_found r1");
    CHECK(about(post(std::string("/v1/items/ghost/reservations/r1/") + end, "{}")) == "not_found ghost");
  }
  for (const char* list : {"bookings", "waitlist"}) {
    CHECK(about(remove(std::string("/v1/matches/thu/") + list + "/ann")) == "not_booked ann");
    CHECK(about(remove(std::string("/v1/matches/ghost/") + list + "/ann")) == "not_found ghost");
  }
  CHECK(about(client->get("/v1/matches/thu/bookings/ann")) == "not_booked ann");
}

TEST_CASE_FIXTURE(NamingFixture, "a booking's refusal names the match, the wallet or the pass, as it was asked") {
  REQUIRE(client->ask("PUT", "/v1/matches/thu", R"({"seats":2,"price":{"amount":5,"currency":"EUR"}})").status == 201);
  const auto book = [&](std::string_view match, std::string_view pay) {
    return about(
        post("/v1/matches/" + std::string(match) + "/bookings", R"({"player":"ann","pay":)" + std::string(pay) + '}'));
  };
  CHECK(book("ghost", R"({"wallet":"alice"})") == "not_found ghost");
  CHECK(book("thu", R"({"wallet":"ghost"})") == "not_found /pay/wallet ghost");
  CHECK(book("thu", R"({"pass":"season"})") == "payment_required /pay/pass season");
  CHECK(about(post("/v1/matches/ghost/waitlist", R"({"player":"ann","pay":{"wallet":"alice"}})")) == "not_found ghost");
  const auto transact = [&](std::string_view part) {
    return about(post("/v1/transactions", R"({"commands":[{"wallet":"alice","debit":1},)" + std::string(part) + "]}"));
  };
  CHECK(transact(R"({"match":"ghost","book":"ann"})") == "not_found /commands/1/match ghost index 1");
  CHECK(transact(R"({"match":"thu","book":"ann"})") == "not_found /commands/1/book ann index 1");
  CHECK(transact(R"({"match":"thu","book":"ann","pay":{"wallet":"ghost"}})") ==
        "not_found /commands/1/pay/wallet ghost index 1");
}

TEST_CASE_FIXTURE(NamingFixture, "what of an entity isn't there is named in replays, too, also after a restart") {
  const HeaderList key{{"Idempotency-Key", "k1"}};
  const auto first = post("/v1/wallets/alice/holds/h1/release", "{}", key);
  CHECK(about(first) == "hold_not_found h1");
  restart();
  const auto again = post("/v1/wallets/alice/holds/h1/release", "{}", key);
  CHECK(again.header("Idempotent-Replayed") == "true");
  CHECK(again.body == first.body);
  CHECK(client->get("/v1/log?after=0").body.find(first.body) != std::string::npos);
}

TEST_CASE_FIXTURE(NamingFixture, "an order's refusal names the line, for wallets as for cards") {
  const char* card = R"({"card":{"token":"tok_ok"},"amount":10,"currency":"EUR"})";
  const char* short_of = R"({"item":"ball","quantity":1},{"item":"ball","quantity":3})";
  const char* unknown = R"({"item":"ball","quantity":1},{"item":"none","quantity":3})";
  CHECK(about(post("/v1/orders", order_of(short_of))) == "out_of_stock /lines/0/item ball line 0");
  CHECK(about(post("/v1/orders", order_of(unknown))) == "not_found /lines/1/item none line 1");
  CHECK(about(post("/v1/orders", order_of(short_of, card))) == "out_of_stock /lines/0/item ball line 0");
  CHECK(about(post("/v1/orders", order_of(unknown, card))) == "not_found /lines/1/item none line 1");
  const char* ghost = R"({"wallet":"ghost","amount":10})";
  CHECK(about(post("/v1/orders", order_of(R"({"item":"ball","quantity":1})", ghost))) == "not_found /pay/wallet ghost");
  CHECK(about(client->get("/v1/wallets/ghost")) == "not_found ghost");
}

TEST_CASE_FIXTURE(NamingFixture,
                  "what a refusal named is in its replay, in its outcome and in the log, also after a restart") {
  const HeaderList key{{"Idempotency-Key", "k1"}};
  const char* body = R"({"from":"alice","to":"bob","amount":1})";
  const auto first = post("/v1/transfers", body, key);
  CHECK(about(first) == "not_found /to bob");
  REQUIRE(client->ask("PUT", "/v1/wallets/bob", R"({"currency":"EUR"})").status == 201);
  for (int round = 0; round < 2; ++round) {
    const auto again = post("/v1/transfers", body, key);
    CHECK(again.header("Idempotent-Replayed") == "true");
    CHECK(again.body == first.body);
    CHECK(json::parse(client->get("/v1/outcomes/k1").body).at("body") == json::parse(first.body));
    CHECK(client->get("/v1/log?after=0").body.find(first.body) != std::string::npos);
    restart();
  }
}

TEST_CASE_FIXTURE(NamingFixture, "If-Match is refused where no one entity has the version") {
  const HeaderList match{{"If-Match", "\"v2\""}};
  const auto line = order_of(R"({"item":"ball","quantity":1})");
  const std::pair<const char*, std::string> changes[] = {
      {"/v1/transfers", R"({"from":"alice","to":"bob","amount":1})"},
      {"/v1/transactions", R"({"commands":[{"wallet":"alice","debit":1}]})"},
      {"/v1/batch", R"({"wallet":"alice","debit":1})"},
      {"/v1/orders", line},
      {"/v1/refunds/r1/retry", "{}"},
      {"/v1/payments/resume", R"({"reason":"x"})"},
  };
  for (const auto& [path, body] : changes) {
    const auto refused = post(path, body, match);
    CHECK_MESSAGE(refused.status == 400, path);
    CHECK(code_of(refused) == "invalid_request");
    CHECK(post(path, body, {{"If-Match", "*"}}).status == 400);
  }
  CHECK(client->ask("PUT", "/test-gateway/balance", R"({"amount":1})", match).status == 400);
  CHECK(number(client->get("/v1/wallets/alice"), "version") == 2);
  CHECK(post("/v1/wallets/alice/debits", R"({"amount":1})", match).status == 200);
}
