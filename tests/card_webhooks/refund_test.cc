// What the provider says of money that goes back, and of the account that it comes from.
#include <doctest/doctest.h>

#include "tests/card_webhooks/scene.h"

using namespace tests::card_webhooks;
using namespace tests::http;

namespace {

struct Club : Scene {
  Club() { open_match(1); }

  // pi_<name> is queued to go back, because the match is full.
  void refuse(const std::string& name) {
    pays("first", "evt_first");
    say("evt_of_" + name, "checkout.session.completed", session(name, of_match(name)));
    REQUIRE(outcome_of("evt_of_" + name) == "refunded: match_full");
  }
  static std::string refund(const std::string& name, const std::string& status, int amount = 500,
                            const std::string& id = "re_x") {
    return R"({"id":")" + id + R"(","payment_intent":"pi_)" + name + R"(","charge":"ch_)" + name + R"(","amount":)" +
           std::to_string(amount) + R"(,"status":")" + status + "\"}";
  }
  // The last that the gateway has made.
  std::string made() { return text(paid_back().back(), "id"); }
  bool is_paused() { return text(boost::json::parse(client->get("/v1/refunds").body), "card_payments") == "paused"; }
};

}  // namespace

TEST_CASE_FIXTURE(Club, "refunds that wait for money go out when the provider says that there is some") {
  refuse("a");
  REQUIRE(wait_for_refunds("pending_funds", 1));
  set_balance(500);
  say("evt_funds", "balance.available", "{}");
  CHECK(outcome_of("evt_funds") == "woken");
  CHECK(wait_for_refunds("succeeded", 1));
  say("evt_funds_2", "balance.available", "{}");
  CHECK(outcome_of("evt_funds_2") == "nothing");
}

TEST_CASE_FIXTURE(Club, "payments from outside are seated while card payments are paused, and so is an order's taken") {
  for (const std::string name : {"a", "b", "c"}) refuse(name);
  REQUIRE(wait_until([&] { return is_paused(); }));
  CHECK(client->ask("DELETE", "/v1/matches/thu/bookings/first").status == 200);
  say("evt_d", "checkout.session.completed", session("d", of_match("d")));
  CHECK(outcome_of("evt_d") == "booked");
  CHECK(player_status("d") == "in");
  CHECK(client->ask("PUT", "/v1/items/sku1", R"({"quantity":1})").status == 201);
  CHECK(
      client
          ->ask(
              "POST", "/v1/orders",
              R"({"order":"o1","lines":[{"item":"sku1","quantity":1}],"pay":{"webhook":"stripe","amount":5,"currency":"EUR"}})")
          .status == 202);
}

TEST_CASE_FIXTURE(Club, "a refund that the provider says is made isn't made again") {
  refuse("a");
  REQUIRE(wait_for_refunds("pending_funds", 1));
  say("evt_1", "refund.updated", refund("a", "succeeded", 499));
  CHECK(outcome_of("evt_1") == "nothing");
  say("evt_2", "refund.updated", refund("a", "succeeded"));
  CHECK(outcome_of("evt_2") == "returned");
  CHECK(refunds("succeeded").size() == 1);
  set_balance(5'000);
  say("evt_3", "balance.available", "{}");
  say("evt_4", "charge.refunded",
      R"({"id":"ch_a","payment_intent":"pi_a","amount":500,"amount_refunded":500,"refunded":true})");
  CHECK(status_of("evt_4") == "processed");
  CHECK(paid_back().empty());
}

TEST_CASE_FIXTURE(Club, "a refund that didn't arrive is an operator's, in whatever order that is said") {
  set_balance(5'000);
  refuse("a");
  REQUIRE(wait_for_refunds("succeeded", 1));
  say("evt_1", "refund.failed", refund("a", "failed", 500, made()));
  say("evt_2", "refund.created", refund("a", "pending", 500, made()));
  CHECK(outcome_of("evt_1") == "bounced");
  CHECK(status_of("evt_2") == "ignored");
  REQUIRE(refunds("failed").size() == 1);
  CHECK(text(refunds("failed").front(), "last_error").find("refund.failed") != std::string::npos);
}

TEST_CASE_FIXTURE(Club,
                  "a refund that didn't arrive is said so by several events, and what was sent again isn't meant") {
  set_balance(5'000);
  refuse("a");
  REQUIRE(wait_for_refunds("succeeded", 1));
  const std::string first = made();
  say("evt_1", "refund.failed", refund("a", "failed", 500, first));
  CHECK(outcome_of("evt_1") == "bounced");
  const std::string id = text(refunds("failed").front(), "id");
  CHECK(client->ask("POST", "/v1/refunds/" + id + "/retry", R"({"reason":"another card"})").status == 200);
  REQUIRE(wait_for_refunds("succeeded", 1));
  restart();
  for (const std::string type : {"refund.updated", "charge.refund.updated"}) {
    say("evt_" + type, type, refund("a", "failed", 500, first));
    CHECK(outcome_of("evt_" + type) == "nothing");
  }
  CHECK(refunds("failed").empty());
}

TEST_CASE_FIXTURE(Club, "somebody else's refund of the same payment that didn't arrive isn't ours") {
  set_balance(5'000);
  refuse("a");
  REQUIRE(wait_for_refunds("succeeded", 1));
  say("evt_1", "refund.failed", refund("a", "failed", 500, "re_of_the_dashboard"));
  CHECK(outcome_of("evt_1") == "nothing");
  CHECK(refunds("succeeded").size() == 1);
}

TEST_CASE_FIXTURE(Club, "a dispute keeps a refund from going out until an operator says so") {
  refuse("a");
  REQUIRE(wait_for_refunds("pending_funds", 1));
  say("evt_1", "charge.dispute.created", R"({"id":"dp_1","charge":"ch_a","payment_intent":"pi_a"})");
  CHECK(outcome_of("evt_1") == "frozen");
  set_balance(5'000);
  say("evt_2", "balance.available", "{}");
  CHECK(status_of("evt_2") == "processed");
  CHECK(refunds("failed").size() == 1);
  CHECK(paid_back().empty());
  const std::string id = text(refunds("failed").front(), "id");
  CHECK(client->ask("POST", "/v1/refunds/" + id + "/retry", R"({"reason":"the bank has decided"})").status == 200);
  CHECK(wait_for_refunds("succeeded", 1));
}

TEST_CASE_FIXTURE(Club, "a payment that went back before its success was told gives no seat") {
  say("evt_1", "charge.refunded",
      R"({"id":"ch_a","payment_intent":"pi_a","amount":500,"amount_refunded":500,"refunded":true,"metadata":)" +
          of_match("a") + "}");
  say("evt_2", "checkout.session.completed", session("a", of_match("a")));
  CHECK(outcome_of("evt_1") == "returned");
  CHECK(outcome_of("evt_2") == "returned");
  CHECK(taken() == 0);
  CHECK(refunds().empty());
}

TEST_CASE_FIXTURE(Club, "what is said of payments that aren't ours is ignored") {
  say("evt_1", "refund.updated", refund("theirs", "succeeded"));
  say("evt_2", "charge.dispute.created", R"({"id":"dp_1","charge":"ch_x","payment_intent":"pi_x"})");
  say("evt_3", "refund.failed", refund("theirs", "failed"));
  for (const std::string event : {"evt_1", "evt_2", "evt_3"}) CHECK(status_of(event) == "ignored");
}
