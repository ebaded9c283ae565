// Orders that are paid for on the provider's page.
#include <doctest/doctest.h>

#include "tests/card_webhooks/scene.h"

using namespace tests::card_webhooks;
using namespace tests::http;

namespace {

struct Shop : Scene {
  Shop() { REQUIRE(client->ask("PUT", "/v1/items/sku1", R"({"quantity":10})").status == 201); }

  Response place(const std::string& order, int amount = 3000, const std::string& webhook = "stripe") {
    return client->ask("POST", "/v1/orders",
                       R"({"order":")" + order + R"(","lines":[{"item":"sku1","quantity":2}],"pay":{"webhook":")" +
                           webhook + R"(","amount":)" + std::to_string(amount) + R"(,"currency":"EUR"}})");
  }
  // o1 was paid by pi_a, and gives back some of it, under an id of its own.
  void give_back(const std::string& refund, int amount) {
    CHECK(client
              ->ask("POST", "/v1/orders/o1/refunds",
                    R"({"refund":")" + refund + R"(","amount":)" + std::to_string(amount) + R"(,"reason":"late"})")
              .status == 201);
  }
  void say_bounced(const std::string& event, int amount, const std::string& id) {
    say(event, "refund.failed",
        R"({"id":")" + id + R"(","payment_intent":"pi_a","charge":"ch_a","amount":)" + std::to_string(amount) +
            R"(,"status":"failed"})");
  }
  // The last that the gateway has made.
  std::string made() { return text(paid_back().back(), "id"); }
  std::string order_status(const std::string& order) { return text(client->get("/v1/orders/" + order), "status"); }
  std::int64_t on_hand() { return number(client->get("/v1/items/sku1"), "on_hand"); }
  std::int64_t available() { return number(client->get("/v1/items/sku1"), "available"); }
};

}  // namespace

TEST_CASE_FIXTURE(Shop, "an order waits for the customer's payment with its stock reserved, and is confirmed by it") {
  const auto placed = place("o1");
  CHECK(placed.status == 202);
  CHECK(text(placed, "status") == "pending");
  CHECK(available() == 8);
  restart();
  CHECK(order_status("o1") == "pending");
  say("evt_1", "checkout.session.completed", session("a", of_order("o1"), 3000));
  CHECK(outcome_of("evt_1") == "confirmed");
  CHECK(order_status("o1") == "confirmed");
  CHECK(on_hand() == 8);
  say("evt_2", "payment_intent.succeeded", intent("a", of_order("o1"), 3000));
  CHECK(outcome_of("evt_2") == "known");
  CHECK(refunds().empty());
}

TEST_CASE_FIXTURE(Shop, "an order whose payment doesn't come fails, and its stock is free") {
  place("o1");
  place("o2");
  CHECK(available() == 6);
  say("evt_1", "checkout.session.expired", session("a", of_order("o1"), 3000, "unpaid"));
  say("evt_2", "payment_intent.payment_failed", intent("b", of_order("o2"), 3000));
  CHECK(outcome_of("evt_1") == "released");
  CHECK(outcome_of("evt_2") == "released");
  CHECK(order_status("o1") == "failed");
  CHECK(order_status("o2") == "failed");
  CHECK(available() == 10);
  CHECK(place("o1").status == 202);
}

TEST_CASE_FIXTURE(Shop, "an expired session that comes after the payment changes nothing") {
  place("o1");
  say("evt_1", "checkout.session.completed", session("a", of_order("o1"), 3000));
  say("evt_2", "checkout.session.expired", session("a", of_order("o1"), 3000, "unpaid"));
  CHECK(outcome_of("evt_2") == "nothing");
  CHECK(order_status("o1") == "confirmed");
}

TEST_CASE_FIXTURE(Shop, "a payment that comes when the order has failed, or is another's, goes back") {
  set_balance(100'000);
  place("o1");
  say("evt_1", "checkout.session.expired", session("a", of_order("o1"), 3000, "unpaid"));
  say("evt_2", "checkout.session.completed", session("b", of_order("o1"), 3000));
  CHECK(outcome_of("evt_2") == "refunded: not_awaited");
  place("o2");
  say("evt_3", "checkout.session.completed", session("c", of_order("o2"), 2999));
  CHECK(outcome_of("evt_3") == "refunded: wrong_amount");
  CHECK(order_status("o2") == "pending");
  say("evt_4", "checkout.session.completed", session("d", of_order("o2"), 3000));
  say("evt_5", "checkout.session.completed", session("e", of_order("o2"), 3000));
  CHECK(outcome_of("evt_4") == "confirmed");
  CHECK(outcome_of("evt_5") == "refunded: not_awaited");
  CHECK(wait_for_refunds("succeeded", 3));
  CHECK(paid_back().size() == 3);
}

TEST_CASE_FIXTURE(Shop, "an order names a webhook that there is, and stock that there is") {
  CHECK(code_of(place("o1", 3000, "somebody")) == "invalid_request");
  for (int i = 0; i < 5; ++i) CHECK(place("o" + std::to_string(i)).status == 202);
  CHECK(code_of(place("o9")) == "out_of_stock");
  CHECK(code_of(place("o1")) == "order_exists");
}

TEST_CASE_FIXTURE(Shop,
                  "a part that went back and didn't arrive is an operator's, once; of two alike the one that it is") {
  set_balance(100'000);
  place("o1");
  say("evt_1", "checkout.session.completed", session("a", of_order("o1"), 3000));
  REQUIRE(outcome_of("evt_1") == "confirmed");
  std::vector<std::string> parts;
  for (const int amount : {500, 700, 700}) {
    give_back("r" + std::to_string(parts.size()), amount);
    REQUIRE(wait_for_refunds("succeeded", parts.size() + 1));
    parts.push_back(made());
  }
  say_bounced("evt_2", 500, parts[0]);
  CHECK(outcome_of("evt_2") == "bounced");
  REQUIRE(refunds("failed").size() == 1);
  CHECK(refunds("failed").front().at("amount").as_int64() == 500);
  say_bounced("evt_3", 500, parts[0]);
  CHECK(outcome_of("evt_3") == "nothing");
  say_bounced("evt_4", 700, "re_of_the_dashboard");
  CHECK(outcome_of("evt_4") == "nothing");
  say_bounced("evt_5", 700, parts[1]);
  CHECK(outcome_of("evt_5") == "bounced");
  REQUIRE(refunds("failed").size() == 2);
  const std::string again = text(refunds("failed").front(), "id");
  CHECK(client->ask("POST", "/v1/refunds/" + again + "/retry", R"({"reason":"another card"})").status == 200);
  REQUIRE(wait_for_refunds("succeeded", 2));
  say_bounced("evt_6", 700, parts[1]);
  CHECK(outcome_of("evt_6") == "nothing");
  say_bounced("evt_7", 700, parts[2]);
  CHECK(outcome_of("evt_7") == "bounced");
  CHECK(refunds("failed").size() == 2);
}

TEST_CASE_FIXTURE(Shop, "a dispute keeps all parts from going out that aren't on their way") {
  set_balance(500);
  place("o1");
  say("evt_1", "checkout.session.completed", session("a", of_order("o1"), 3000));
  REQUIRE(outcome_of("evt_1") == "confirmed");
  give_back("r1", 500);
  REQUIRE(wait_for_refunds("succeeded", 1));
  give_back("r2", 700);
  give_back("r3", 800);
  REQUIRE(wait_for_refunds("pending_funds", 2));
  say("evt_2", "charge.dispute.created", R"({"id":"dp_1","charge":"ch_a","payment_intent":"pi_a"})");
  CHECK(outcome_of("evt_2") == "frozen");
  set_balance(100'000);
  say("evt_3", "balance.available", "{}");
  CHECK(status_of("evt_3") == "processed");
  CHECK(refunds("failed").size() == 2);
  CHECK(refunds("succeeded").size() == 1);
}
