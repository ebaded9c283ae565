// The door itself: what it takes, what it says, what it shows.
#include <doctest/doctest.h>

#include "tests/card_webhooks/scene.h"

using namespace tests::card_webhooks;
using namespace tests::http;

TEST_CASE_FIXTURE(Scene, "an event that nobody signed, or somebody else, isn't taken") {
  const std::string body = R"({"id":"evt_1","type":"x","data":{"object":{}}})";
  const auto post = [&](const HeaderList& headers) {
    Client other(server->port());
    return code_of(other.ask("POST", path, body, headers));
  };
  CHECK(post({}) == "signature_invalid");
  CHECK(post({{"Stripe-Signature", "t=1,v1=00"}}) == "signature_invalid");
  CHECK(post({{"Stripe-Signature", tote::card_webhooks::sign("whsec_of_somebody", 1'700'000'000, body)}}) ==
        "signature_invalid");
  CHECK(post({{"Stripe-Signature", tote::card_webhooks::sign(secret, 1'700'000'000, body)}}) == "signature_expired");
  CHECK(client->get("/v1/payment-events/evt_1").status == 404);
  CHECK(client->get("/v1/payment-events").body == R"({"payment_events":[],"next":null})");
}

TEST_CASE_FIXTURE(Scene, "what is signed and isn't an event is refused, and nothing is recorded") {
  for (const std::string body : {"", "{", "[]", "{}", R"({"id":"evt 1","type":"x","data":{"object":{}}})",
                                 R"({"id":"evt_1","type":"x","data":{}})"}) {
    const auto refused = post_signed(body);
    CHECK(refused.status == 400);
    CHECK(code_of(refused) == "invalid_request");
  }
  CHECK(client->get("/v1/payment-events").body == R"({"payment_events":[],"next":null})");
}

TEST_CASE_FIXTURE(Scene, "events of up to 256 KiB are taken, and none that is larger") {
  const std::string head = R"({"id":"evt_1","type":"x","data":{"object":{}},"pad":")", tail = "\"}";
  const std::size_t room = (std::size_t{256} << 10) - head.size() - tail.size();
  CHECK(post_signed(head + std::string(room, 'x') + tail).status == 200);
  CHECK(status_of("evt_1") == "ignored");
  // Large ones are looked at beside the loop: what is said of them is the same, and comes in order.
  const std::string forged = Client::text_of("POST", path, head + std::string(room, 'y') + tail,
                                             {{"Stripe-Signature", "t=1,v1=" + std::string(64, '0')}});
  client->send(forged + Client::text_of("GET", "/v1/payment-events/evt_1", {}, {}) + forged);
  CHECK(code_of(client->receive()) == "signature_invalid");
  CHECK(text(client->receive(), "id") == "evt_1");
  CHECK(code_of(client->receive()) == "signature_invalid");
  const std::string unread(std::size_t{256} << 10, '[');
  CHECK(code_of(post_signed(unread)) == "invalid_request");
  Client other(server->port());
  const std::string large = head + std::string(room + 1, 'x') + tail;
  const auto refused = other.ask("POST", path, large, {{"Stripe-Signature", "t=1,v1=00"}});
  CHECK(refused.status == 413);
  CHECK(code_of(refused) == "body_too_large");
}

TEST_CASE_FIXTURE(Scene, "the door has one path and one method") {
  CHECK(code_of(client->get(path)) == "method_not_allowed");
  Client other(server->port());
  CHECK(code_of(other.ask("POST", path + "/more", "{}", {{"Stripe-Signature", "t=1,v1=00"}})) == "not_found");
}

TEST_CASE_FIXTURE(Scene, "an event is shown with what became of it, alone and in pages") {
  for (int i = 1; i <= 5; ++i) say("evt_" + std::to_string(i), "customer.created", R"({"id":"cus_1"})");
  CHECK(status_of("evt_5") == "ignored");
  const auto one = client->get("/v1/payment-events/evt_1");
  CHECK(text(one, "id") == "evt_1");
  CHECK(text(one, "type") == "customer.created");
  CHECK(number(one, "attempts") == 1);
  const auto page = boost::json::parse(client->get("/v1/payment-events?status=ignored&limit=2").body);
  CHECK(page.at("payment_events").as_array().size() == 2);
  CHECK(text(page, "next") == "evt_2");
  const auto rest = boost::json::parse(client->get("/v1/payment-events?status=ignored&limit=3&after=evt_2").body);
  CHECK(rest.at("payment_events").as_array().size() == 3);
  CHECK(rest.at("next").is_null());
  CHECK(
      boost::json::parse(client->get("/v1/payment-events?status=failed").body).at("payment_events").as_array().empty());
  CHECK(code_of(client->get("/v1/payment-events?status=lost")) == "invalid_request");
  CHECK(code_of(client->get("/v1/payment-events?limit=1001")) == "invalid_request");
  CHECK(code_of(client->ask("POST", "/v1/payment-events/evt_1/retry", "{}")) == "not_failed");
  CHECK(code_of(client->ask("POST", "/v1/payment-events/none/retry", "{}")) == "not_found");
}

TEST_CASE_FIXTURE(Scene, "an event that can never be acted upon has failed, and an operator may try it again") {
  open_match(1);
  say("evt_1", "checkout.session.completed",
      R"({"id":"cs_1","payment_intent":null,"payment_status":"paid","amount_total":500,"currency":"eur","metadata":)" +
          of_match("p1") + "}");
  CHECK(status_of("evt_1") == "failed");
  CHECK(!text(client->get("/v1/payment-events/evt_1"), "last_error").empty());
  CHECK(server->figures().alerts == 1);
  const auto retried = client->ask("POST", "/v1/payment-events/evt_1/retry", R"({"reason":"looked at it"})");
  CHECK(retried.status == 200);
  CHECK(text(retried, "status") == "received");
  CHECK(status_of("evt_1") == "failed");
}
