// Charges and refunds at Stripe, against a stand-in made after its public description.
#include "adapters/payments/stripe_gateway.h"

#include <doctest/doctest.h>

#include <chrono>

#include "tests/payments/stand_in.h"

using namespace tote;
using namespace tote::payments;
using payment::Status;
using tests::payments::StandIn;
using tests::payments::StandInAnswer;
using tests::payments::StandInRequest;

namespace {

const Currency eur = *currency_of("EUR");

StripeOptions options_of(const StandIn& provider, std::int64_t timeout_ms = 5'000) {
  return {provider.url(), "sk_test_1", "2024-06-20", timeout_ms};
}
payment::Charge charge() { return {"shop/order:o1:1:charge", "pm_card visa", {3000}, eur, "shop"}; }
payment::Refund refund(const std::string& of = "pi_1") { return {"shop/refund:r1:1", of, {500}, eur, "shop"}; }
StandInAnswer error(int status, const std::string& code, const std::string& headers = {}) {
  return {status, R"({"error":{"code":")" + code + R"(","message":"no"}})", headers};
}
// What one refund comes to when the provider always answers so.
Status refund_when(const StandInAnswer& answer) {
  StandIn provider([&](const StandInRequest&) { return answer; });
  return StripeGateway(options_of(provider)).refund(refund()).status;
}
Status charge_when(const StandInAnswer& answer) {
  StandIn provider([&](const StandInRequest&) { return answer; });
  return StripeGateway(options_of(provider)).charge(charge()).status;
}

}  // namespace

TEST_CASE("a charge is a payment intent, confirmed at once, under its key") {
  StandIn provider([](const StandInRequest&) { return StandInAnswer{200, R"({"id":"pi_1","status":"succeeded"})"}; });
  StripeGateway gateway(options_of(provider));
  const auto result = gateway.charge(charge());
  CHECK(result.status == Status::succeeded);
  CHECK(result.id == "pi_1");
  const auto asked = provider.requests().at(0);
  CHECK(asked.method == "POST");
  CHECK(asked.path == "/v1/payment_intents");
  CHECK(asked.body ==
        "amount=3000&currency=eur&payment_method=pm_card%20visa&confirm=true&off_session=true&metadata%5Btote_key%5D="
        "shop%2Forder%3Ao1%3A1%3Acharge");
  CHECK(asked.headers.at("idempotency-key") == "shop/order:o1:1:charge");
  CHECK(asked.headers.at("authorization") == "Bearer sk_test_1");
  CHECK(asked.headers.at("stripe-version") == "2024-06-20");
  CHECK(asked.headers.at("content-type") == "application/x-www-form-urlencoded");
}

TEST_CASE("calls one after another use one connection") {
  StandIn provider([](const StandInRequest&) { return StandInAnswer{200, R"({"id":"re_1","status":"succeeded"})"}; });
  StripeGateway gateway(options_of(provider));
  for (int i = 0; i < 3; ++i) CHECK(gateway.refund(refund()).status == Status::succeeded);
  for (const auto& asked : provider.requests()) CHECK(asked.connection == 1);
}

TEST_CASE("a refund names the intent, or the charge") {
  StandIn provider([](const StandInRequest&) { return StandInAnswer{200, R"({"id":"re_1","status":"pending"})"}; });
  StripeGateway gateway(options_of(provider));
  CHECK(gateway.refund(refund("pi_1")).id == "re_1");
  CHECK(gateway.refund(refund("ch_1")).status == Status::succeeded);
  CHECK(provider.requests().at(0).body.starts_with("payment_intent=pi_1&amount=500"));
  CHECK(provider.requests().at(1).body.starts_with("charge=ch_1&amount=500"));
}

TEST_CASE("a definite no of the provider is told as what it is") {
  CHECK(charge_when(error(402, "card_declined")) == Status::declined);
  CHECK(charge_when(error(400, "parameter_missing")) == Status::failed);
  CHECK(charge_when({200, R"({"id":"pi_1","status":"requires_action"})"}) == Status::declined);
  CHECK(refund_when(error(400, "balance_insufficient")) == Status::balance_insufficient);
  CHECK(refund_when(error(402, "insufficient_funds")) == Status::balance_insufficient);
  CHECK(refund_when(error(400, "charge_already_refunded")) == Status::already_refunded);
  CHECK(refund_when(error(400, "charge_disputed")) == Status::disputed);
  CHECK(refund_when(error(404, "resource_missing")) == Status::failed);
  CHECK(refund_when({200, R"({"id":"re_1","status":"failed"})"}) == Status::failed);
}

TEST_CASE("what may have happened or not is asked again") {
  for (const int status : {401, 409, 500, 503, 301}) {
    CHECK(refund_when(error(status, "x")) == Status::unreachable);
    CHECK(charge_when(error(status, "x")) == Status::unreachable);
  }
  CHECK(refund_when({.is_lost = true}) == Status::unreachable);
  CHECK(refund_when({200, "not JSON"}) == Status::unreachable);
  CHECK(refund_when({200, std::string(2 << 20, ' ')}) == Status::unreachable);
}

TEST_CASE("a call that takes too long is given up, and asked again under its key") {
  int calls = 0;
  StandIn provider([&](const StandInRequest&) {
    return StandInAnswer{200, R"({"id":"re_1","status":"succeeded"})", {}, false, ++calls == 1 ? 1'500 : 0};
  });
  StripeGateway gateway(options_of(provider, 300));
  CHECK(gateway.refund(refund()).status == Status::unreachable);
  CHECK(gateway.refund(refund()).status == Status::succeeded);
  const auto asked = provider.requests();
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].headers.at("idempotency-key") == asked[1].headers.at("idempotency-key"));
}

TEST_CASE("a charge that is being processed is asked for until it is decided") {
  StandIn provider([](const StandInRequest& asked) {
    return asked.method == "GET" ? StandInAnswer{200, R"({"id":"pi_1","status":"succeeded"})"}
                                 : StandInAnswer{200, R"({"id":"pi_1","status":"processing"})"};
  });
  CHECK(StripeGateway(options_of(provider)).charge(charge()).status == Status::succeeded);
  CHECK(provider.requests().at(1).path == "/v1/payment_intents/pi_1");
}

TEST_CASE("a failure that the provider only repeats gets a refund the next key, and a charge never") {
  const auto answer = [](const StandInRequest& asked) {
    const bool is_first = asked.headers.at("idempotency-key").find('.') == std::string::npos;
    return is_first ? error(500, "api_error", "Idempotent-Replayed: true\r\n")
                    : StandInAnswer{200, R"({"id":"re_1","status":"succeeded"})"};
  };
  StandIn provider(answer);
  StripeGateway gateway(options_of(provider));
  CHECK(gateway.refund(refund()).status == Status::succeeded);
  CHECK(provider.requests().at(1).headers.at("idempotency-key") == "shop/refund:r1:1.2");
  CHECK(gateway.charge(charge()).status == Status::unreachable);
  CHECK(provider.requests().size() == 3);
}

TEST_CASE("nothing is asked before the time that the provider has named") {
  StandIn provider([](const StandInRequest&) { return error(429, "rate_limit", "Retry-After: 1\r\n"); });
  StripeGateway gateway(options_of(provider));
  CHECK(gateway.refund(refund()).status == Status::unreachable);
  CHECK(gateway.refund(refund()).status == Status::unreachable);
  CHECK(provider.requests().size() == 1);
}

TEST_CASE("a gateway's settings are looked at, and its key is never repeated") {
  CHECK(problem_of(StripeOptions{"https://api.stripe.com", "sk_1", "", 1'000}).empty());
  CHECK(problem_of(StripeOptions{"http://127.0.0.1:8080", "sk_1", "", 1'000}).empty());
  for (const std::string url : {"http://api.stripe.com", "http://127.0.0.1.example.com", "http://localhost@example.com",
                                "ftp://x", "https://", "https://a/b", ""})
    CHECK_MESSAGE(!problem_of(StripeOptions{url, "sk_1", "", 1'000}).empty(), url);
  CHECK(problem_of(StripeOptions{"https://api.stripe.com", "sk_1\n2", "", 1'000}).find("sk_1") == std::string::npos);
  CHECK(!problem_of(StripeOptions{"https://api.stripe.com", "", "", 1'000}).empty());
}
