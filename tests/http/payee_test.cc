// Money goes somewhere: matches, orders and captures that name a payee and a fee make and destroy none (API.md).
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "tests/http/api_words.h"
#include "tests/http/running_server.h"
#include "tests/http/wait_until.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

constexpr const char* to_club = R"(,"payee":{"wallet":"club"},"fee":{"wallet":"platform","amount":50})";

struct PayeeFixture {
  TempDirectory directory;
  RunningServer server{directory.path()};
  Client client{server.port()};

  PayeeFixture() {
    for (const char* wallet : {"p1", "p2", "club", "platform"})
      REQUIRE(client.ask("PUT", std::string("/v1/wallets/") + wallet, R"({"currency":"EUR"})").status == 201);
    for (const char* player : {"p1", "p2"})
      REQUIRE(client.ask("POST", std::string("/v1/wallets/") + player + "/credits", R"({"amount":1000})").status ==
              200);
  }
  Response post(const std::string& target, std::string_view body) { return client.ask("POST", target, body); }
  std::int64_t balance(const std::string& wallet) { return number(client.get("/v1/wallets/" + wallet), "balance"); }
  // "p1 p2 club platform"
  std::string balances() {
    std::string all;
    for (const char* wallet : {"p1", "p2", "club", "platform"})
      all += (all.empty() ? "" : " ") + std::to_string(balance(wallet));
    return all;
  }
  void open_match(const std::string& more) {
    const auto opened =
        client.ask("PUT", "/v1/matches/thu", R"({"seats":2,"price":{"amount":500,"currency":"EUR"})" + more + '}');
    REQUIRE_MESSAGE(opened.status == 201, opened.body);
  }
  template <class Condition>
  void wait_until(const Condition& condition) {
    CHECK(tests::http::wait_until(server, client, "/v1/wallets/p1", condition));
  }
};

}  // namespace

TEST_CASE_FIXTURE(PayeeFixture, "a seat's price goes to the payee, less the fee, and a cancellation takes both back") {
  open_match(to_club);
  const auto match = json::parse(client.get("/v1/matches/thu").body).as_object();
  CHECK(text(match.at("payee"), "wallet") == "club");
  CHECK(match.at("fee").at("amount").as_int64() == 50);
  CHECK(post("/v1/matches/thu/bookings", R"({"player":"p1","pay":{"wallet":"p1"}})").status == 201);
  CHECK(balances() == "500 1000 450 50");
  CHECK(client.ask("DELETE", "/v1/matches/thu/bookings/p1", "").status == 200);
  CHECK(balances() == "1000 1000 0 0");
}

TEST_CASE_FIXTURE(PayeeFixture, "a cancellation takes back what the payee has spent meanwhile: it goes below zero") {
  open_match(to_club);
  CHECK(post("/v1/matches/thu/bookings", R"({"player":"p1","pay":{"wallet":"p1"}})").status == 201);
  CHECK(post("/v1/transfers", R"({"from":"club","to":"p2","amount":450})").status == 200);
  CHECK(post("/v1/matches/thu/cancel", R"({"reason":"rain"})").status == 200);
  wait_until([&] { return balances() == "1000 1450 -450 0"; });
}

TEST_CASE_FIXTURE(PayeeFixture, "a seat from the waiting list and one by card pay the payee, too") {
  open_match(to_club);
  CHECK(post("/v1/matches/thu/bookings", R"({"player":"p1","pay":{"wallet":"p1"}})").status == 201);
  CHECK(post("/v1/matches/thu/bookings", R"({"player":"c","pay":{"card":{"token":"tok_ok"}}})").status == 202);
  wait_until([&] { return balances() == "500 1000 900 100"; });
  CHECK(post("/v1/matches/thu/waitlist", R"({"player":"p2","pay":{"wallet":"p2"}})").status == 202);
  CHECK(client.ask("DELETE", "/v1/matches/thu/bookings/c", "").status == 200);
  wait_until([&] { return balances() == "500 500 900 100"; });
}

TEST_CASE_FIXTURE(PayeeFixture,
                  "who is to be paid must be there, in the same currency, and a fee is a part of the price") {
  const auto open = [&](const std::string& more) {
    return client.ask("PUT", "/v1/matches/thu", R"({"seats":2,"price":{"amount":500,"currency":"EUR"})" + more + '}');
  };
  const auto nobody = open(R"(,"payee":{"wallet":"nobody"})");
  CHECK(code_of(nobody) == "not_found");
  CHECK(text(nobody, "pointer") == "/payee/wallet");
  CHECK(text(nobody, "id") == "nobody");
  CHECK(text(open(R"(,"fee":{"wallet":"platform","amount":5})"), "pointer") == "/fee");
  CHECK(text(open(R"(,"payee":{"wallet":"club"},"fee":{"wallet":"platform","amount":501})"), "pointer") == "/fee");
  CHECK(code_of(client.ask("PUT", "/v1/matches/free", R"({"seats":2,"payee":{"wallet":"club"}})")) ==
        "invalid_request");
  REQUIRE(client.ask("PUT", "/v1/wallets/yen", R"({"currency":"JPY"})").status == 201);
  CHECK(code_of(open(R"(,"payee":{"wallet":"yen"})")) == "currency_mismatch");
}

TEST_CASE_FIXTURE(PayeeFixture, "a payee that takes no money refuses the seat, and nothing has moved") {
  open_match(to_club);
  REQUIRE(client.ask("PUT", "/v1/wallets/club/status", R"({"status":"closed"})").status == 200);
  const auto refused = post("/v1/matches/thu/bookings", R"({"player":"p1","pay":{"wallet":"p1"}})");
  CHECK(code_of(refused) == "wallet_closed");
  CHECK(balances() == "1000 1000 0 0");
  CHECK(number(client.get("/v1/matches/thu"), "taken") == 0);
}

TEST_CASE_FIXTURE(PayeeFixture,
                  "an order pays its payee; what goes back comes from the payee first, from the fee last") {
  REQUIRE(client.ask("PUT", "/v1/items/i", R"({"quantity":5})").status == 201);
  const auto placed = post("/v1/orders", R"({"order":"o1","lines":[{"item":"i","quantity":1}],)"
                                         R"("pay":{"wallet":"p1","amount":500})" +
                                             std::string(to_club) + '}');
  REQUIRE_MESSAGE(placed.status == 201, placed.body);
  CHECK(balances() == "500 1000 450 50");
  REQUIRE(post("/v1/orders/o1/refunds", R"({"refund":"r1","amount":100,"reason":"x"})").status == 201);
  CHECK(balances() == "600 1000 350 50");
  REQUIRE(post("/v1/orders/o1/refunds", R"({"refund":"r2","amount":370,"reason":"x"})").status == 201);
  CHECK(balances() == "970 1000 0 30");
  REQUIRE(post("/v1/orders/o1/cancel", R"({"reason":"x"})").status == 200);
  CHECK(balances() == "1000 1000 0 0");
}

TEST_CASE_FIXTURE(PayeeFixture, "a card order pays its payee once it is confirmed") {
  REQUIRE(client.ask("PUT", "/v1/items/i", R"({"quantity":5})").status == 201);
  const auto placed = post("/v1/orders", R"({"order":"o1","lines":[{"item":"i","quantity":1}],)"
                                         R"("pay":{"card":{"token":"tok_ok"},"amount":500,"currency":"EUR"})" +
                                             std::string(to_club) + '}');
  REQUIRE_MESSAGE(placed.status == 202, placed.body);
  wait_until([&] { return balances() == "1000 1000 450 50"; });
  const auto unknown = post("/v1/orders", R"({"order":"o2","lines":[{"item":"i","quantity":1}],)"
                                          R"("pay":{"card":{"token":"tok_ok"},"amount":500,"currency":"EUR"},)"
                                          R"("payee":{"wallet":"nobody"}})");
  CHECK(code_of(unknown) == "not_found");
  CHECK(text(unknown, "pointer") == "/payee/wallet");
}

TEST_CASE_FIXTURE(PayeeFixture, "held money that is captured goes to its payee") {
  REQUIRE(post("/v1/wallets/p1/holds", R"({"hold":"h1","amount":600})").status == 201);
  const std::string capture = "/v1/wallets/p1/holds/h1/capture";
  CHECK(code_of(post(capture, R"({"amount":40,"payee":{"wallet":"club"},"fee":{"wallet":"platform","amount":50}})")) ==
        "invalid_request");
  const auto captured =
      post(capture, R"({"amount":500,"payee":{"wallet":"club"},"fee":{"wallet":"platform","amount":50}})");
  REQUIRE_MESSAGE(captured.status == 200, captured.body);
  CHECK(text(json::parse(captured.body).at("hold"), "status") == "captured");
  CHECK(balances() == "500 1000 450 50");
  CHECK(code_of(post(capture, R"({"payee":{"wallet":"club"}})")) == "hold_closed");
  REQUIRE(post("/v1/wallets/p2/holds", R"({"hold":"h1","amount":30})").status == 201);
  const auto fee =
      post("/v1/wallets/p2/holds/h1/capture", R"({"payee":{"wallet":"club"},"fee":{"wallet":"platform","amount":31}})");
  CHECK(code_of(fee) == "capture_exceeds_hold");
  CHECK(balances() == "500 1000 450 50");
}

TEST_CASE_FIXTURE(PayeeFixture, "a free match needs no payment, and everybody is in for nothing") {
  REQUIRE(client.ask("PUT", "/v1/matches/free", R"({"seats":1})").status == 201);
  const auto match = json::parse(client.get("/v1/matches/free").body).as_object();
  CHECK_FALSE(match.contains("price"));
  const auto booked = post("/v1/matches/free/bookings", R"({"player":"p1"})");
  REQUIRE_MESSAGE(booked.status == 201, booked.body);
  CHECK(text(json::parse(booked.body).at("payment"), "method") == "free");
  CHECK(post("/v1/matches/free/bookings", R"({"player":"p2","or_waitlist":true})").status == 202);
  CHECK(client.ask("DELETE", "/v1/matches/free/bookings/p1", "").status == 200);
  wait_until([&] { return text(client.get("/v1/matches/free/bookings/p2"), "status") == "in"; });
  CHECK(balances() == "1000 1000 0 0");
  CHECK(text(json::parse(client.get("/v1/matches/free").body).at("players").at(0), "paid_by") == "free");
}

TEST_CASE_FIXTURE(PayeeFixture, "who names no payment for a match that costs something is told so") {
  open_match({});
  CHECK(code_of(post("/v1/matches/thu/bookings", R"({"player":"p1"})")) == "payment_required");
  CHECK(code_of(post("/v1/matches/thu/waitlist", R"({"player":"p1"})")) == "payment_required");
}
