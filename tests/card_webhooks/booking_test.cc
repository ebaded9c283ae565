// Seats that are paid for on the provider's page, which knows nothing of seats.
#include <doctest/doctest.h>

#include <set>

#include "tests/card_webhooks/scene.h"

using namespace tests::card_webhooks;
using namespace tests::http;

TEST_CASE_FIXTURE(Scene, "five pay for one seat at once: one is in, four are refunded, and nobody had to act") {
  open_match(1);
  set_balance(10'000);
  std::string all;
  for (int i = 1; i <= 5; ++i) {
    const std::string player = "p" + std::to_string(i);
    const std::string body = R"({"id":"evt_)" + player + R"(","type":"checkout.session.completed","data":{"object":)" +
                             session(player, of_match(player)) + "}}";
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto now_s = std::chrono::duration_cast<std::chrono::seconds>(now).count();
    all += Client::text_of("POST", path, body, {{"Stripe-Signature", tote::card_webhooks::sign(secret, now_s, body)}});
  }
  client->send(all);
  for (int i = 1; i <= 5; ++i) {
    const auto received = client->receive();
    CHECK(received.status == 200);
    CHECK(received.body == R"({"received":true})");
  }
  REQUIRE(wait_for_refunds("succeeded", 4));
  int in = 0;
  for (int i = 1; i <= 5; ++i) {
    const std::string player = "p" + std::to_string(i);
    CHECK(status_of("evt_" + player) == "processed");
    const bool is_in = player_status(player) == "in";
    in += is_in ? 1 : 0;
    CHECK(outcome_of("evt_" + player) == (is_in ? "booked" : "refunded: match_full"));
  }
  CHECK(in == 1);
  CHECK(taken() == 1);
  std::set<std::string> keys;
  for (const auto& one : paid_back()) {
    CHECK(one.at("amount").as_int64() == 500);
    keys.insert(text(one, "key"));
  }
  CHECK(keys.size() == 4);
}

TEST_CASE_FIXTURE(Scene, "a payment is one, however many events speak of it, in whatever order") {
  open_match(2);
  set_balance(10'000);
  CHECK(say("evt_1", "payment_intent.succeeded", intent("p1", of_match("p1"))).status == 200);
  CHECK(pays("p1", "evt_2").status == 200);
  CHECK(pays("p1", "evt_2").status == 200);
  CHECK(pays("p1", "evt_3").status == 200);
  CHECK(outcome_of("evt_1") == "booked");
  CHECK(outcome_of("evt_2") == "known");
  CHECK(status_of("evt_3") == "ignored");
  CHECK(outcome_of("evt_3") == "repeated");
  CHECK(taken() == 1);
  CHECK(refunds().empty());
}

TEST_CASE_FIXTURE(Scene, "who pays twice for one seat gets the second payment back") {
  open_match(2);
  set_balance(10'000);
  pays("p1", "evt_1");
  say("evt_2", "checkout.session.completed", session("other", of_match("p1")));
  CHECK(outcome_of("evt_1") == "booked");
  CHECK(outcome_of("evt_2") == "refunded: already_booked");
  CHECK(wait_for_refunds("succeeded", 1));
}

TEST_CASE_FIXTURE(Scene, "what isn't the price, or names nothing that exists, goes back") {
  open_match(5);
  set_balance(10'000);
  say("evt_1", "checkout.session.completed", session("a", of_match("a"), 499));
  say("evt_2", "checkout.session.completed", session("b", of_match("b"), 500, "paid", "usd"));
  say("evt_3", "checkout.session.completed", session("c", of_match("c", "never"), 500));
  say("evt_4", "checkout.session.completed", session("d", of_match("not an id"), 500));
  say("evt_5", "checkout.session.completed", session("e", of_order("none"), 500));
  CHECK(outcome_of("evt_1") == "refunded: wrong_amount");
  CHECK(outcome_of("evt_2") == "refunded: currency_mismatch");
  CHECK(outcome_of("evt_3") == "refunded: not_found");
  CHECK(outcome_of("evt_4") == "refunded: invalid_id");
  CHECK(outcome_of("evt_5") == "refunded: not_found");
  CHECK(wait_for_refunds("succeeded", 5));
  CHECK(taken() == 0);
}

TEST_CASE_FIXTURE(Scene, "without our metadata an event is ignored, and nothing is refunded") {
  open_match(5);
  say("evt_1", "checkout.session.completed", session("a", "{}"));
  say("evt_2", "checkout.session.completed", session("b", R"({"their_order":"7"})"));
  say("evt_3", "customer.created", R"({"id":"cus_1"})");
  for (const std::string event : {"evt_1", "evt_2", "evt_3"}) CHECK(status_of(event) == "ignored");
  CHECK(refunds().empty());
}

TEST_CASE_FIXTURE(Scene, "a session that isn't paid gives no seat until the money is there") {
  open_match(1);
  say("evt_1", "checkout.session.completed", session("p1", of_match("p1"), 500, "unpaid"));
  CHECK(outcome_of("evt_1") == "waiting");
  CHECK(taken() == 0);
  say("evt_2", "checkout.session.async_payment_succeeded", session("p1", of_match("p1")));
  CHECK(outcome_of("evt_2") == "booked");
  CHECK(player_status("p1") == "in");
}

TEST_CASE_FIXTURE(Scene, "a seat that was paid for outside is paid back, once, when it is given up") {
  open_match(1);
  set_balance(10'000);
  pays("p1", "evt_1");
  CHECK(outcome_of("evt_1") == "booked");
  CHECK(client->ask("DELETE", "/v1/matches/thu/bookings/p1").status == 200);
  CHECK(wait_for_refunds("succeeded", 1));
  say("evt_2", "payment_intent.succeeded", intent("p1", of_match("p1")));
  CHECK(outcome_of("evt_2") == "known");
  CHECK(taken() == 0);
  CHECK(paid_back().size() == 1);
}

TEST_CASE_FIXTURE(Scene, "an event about a card that was charged here is that payment, never a second one") {
  open_match(3);
  const auto booked =
      client->ask("POST", "/v1/matches/thu/bookings", R"({"player":"p1","pay":{"card":{"token":"tok_ok"}}})");
  REQUIRE(booked.status == 202);
  REQUIRE(wait_until([&] { return player_status("p1") == "in"; }));
  const std::string charge =
      text(boost::json::parse(client->get("/v1/matches/thu/bookings/p1").body).at("payment"), "charge");
  say("evt_1", "payment_intent.succeeded",
      R"({"id":"pi_x","amount":500,"currency":"eur","latest_charge":")" + charge + R"(","metadata":)" + of_match("p1") +
          "}");
  CHECK(outcome_of("evt_1") == "booked");
  CHECK(refunds().empty());
}

TEST_CASE_FIXTURE(Scene, "an event that was received before a crash is acted upon after it") {
  open_match(1);
  set_balance(10'000);
  for (int i = 1; i <= 3; ++i) CHECK(pays("p" + std::to_string(i), "evt_" + std::to_string(i)).status == 200);
  restart();
  CHECK(wait_for_refunds("succeeded", 2));
  CHECK(taken() == 1);
  CHECK(pays("p1", "evt_1").status == 200);
  CHECK(taken() == 1);
  CHECK(paid_back().size() == 2);
}
