// What a provider's events say, in our words.
#include "adapters/card_webhooks/event.h"

#include <doctest/doctest.h>

using namespace tote;
using namespace tote::card_webhooks;

namespace {

std::string event(const std::string& type, const std::string& object) {
  return R"({"id":"evt_1","object":"event","type":")" + type + R"(","data":{"object":)" + object + "}}";
}
PaymentNotice read(const std::string& type, const std::string& object) {
  auto read = read_event(event(type, object), {});
  const auto* bad = std::get_if<BadEvent>(&read);
  REQUIRE_MESSAGE(bad == nullptr, (bad == nullptr ? std::string() : bad->detail));
  return std::get<ReadEvent>(read).notice;
}
std::string problem(const std::string& body) {
  auto read = read_event(body, {});
  const auto* bad = std::get_if<BadEvent>(&read);
  return bad == nullptr ? std::string() : bad->detail;
}
const std::string ours = R"("metadata":{"match_id":"thu","player_id":"p1"})";

}  // namespace

TEST_CASE("a session that is paid says who has paid how much for what") {
  const auto notice =
      read("checkout.session.completed",
           R"({"id":"cs_1","payment_intent":"pi_1","payment_status":"paid","amount_total":500,"currency":"eur",)" +
               ours + "}");
  CHECK(notice.fact == PaymentFact::paid);
  CHECK(notice.object == "cs_1");
  CHECK(notice.payment == "pi_1");
  CHECK(notice.amount == Money{500});
  CHECK(notice.currency.text() == "EUR");
  CHECK(notice.match == "thu");
  CHECK(notice.player == "p1");
}

TEST_CASE("a session that is completed and not yet paid is waited for") {
  const std::string rest = R"(","amount_total":500,"currency":"eur",)" + ours + "}";
  const std::string session = R"({"id":"cs_1","payment_intent":"pi_1","payment_status":")";
  CHECK(read("checkout.session.completed", session + "unpaid" + rest).fact == PaymentFact::awaited);
  CHECK(read("checkout.session.completed", session + "no_payment_required" + rest).fact == PaymentFact::awaited);
  CHECK(read("checkout.session.async_payment_succeeded", session + "paid" + rest).fact == PaymentFact::paid);
  CHECK(read("checkout.session.async_payment_failed", session + "unpaid" + rest).fact == PaymentFact::lapsed);
  CHECK(read("checkout.session.expired", session + "unpaid" + rest).fact == PaymentFact::lapsed);
}

TEST_CASE("an intent that has succeeded says what was received, and its charge") {
  const auto notice =
      read("payment_intent.succeeded",
           R"({"id":"pi_1","amount":600,"amount_received":500,"currency":"eur","latest_charge":"ch_1",)" + ours + "}");
  CHECK(notice.fact == PaymentFact::paid);
  CHECK(notice.payment == "pi_1");
  CHECK(notice.charge == "ch_1");
  CHECK(notice.amount == Money{500});
  CHECK(!notice.is_own);
  CHECK(read("payment_intent.succeeded",
             R"({"id":"pi_1","amount":500,"currency":"eur","metadata":{"match_id":"thu","tote_key":"k"}})")
            .is_own);
}

TEST_CASE("refunds say whether the money is back, or didn't arrive") {
  const auto refund = [](const std::string& type, const std::string& status) {
    return read(type, R"({"id":"re_1","charge":{"id":"ch_1"},"payment_intent":"pi_1","amount":500,"status":")" +
                          status + "\"}");
  };
  CHECK(refund("refund.updated", "succeeded").fact == PaymentFact::returned);
  CHECK(refund("refund.updated", "succeeded").charge == "ch_1");
  CHECK(refund("refund.created", "pending").fact == PaymentFact::other);
  CHECK(refund("refund.updated", "canceled").fact == PaymentFact::bounced);
  CHECK(refund("refund.failed", "failed").fact == PaymentFact::bounced);
  const std::string charge = R"({"id":"ch_1","payment_intent":"pi_1","amount":500,"amount_refunded":500,"refunded":)";
  CHECK(read("charge.refunded", charge + "true}").fact == PaymentFact::returned);
  CHECK(read("charge.refunded", charge + "false}").fact == PaymentFact::other);
  CHECK(read("charge.dispute.created", R"({"id":"dp_1","charge":"ch_1","payment_intent":"pi_1"})").fact ==
        PaymentFact::disputed);
  CHECK(read("balance.available", "{}").fact == PaymentFact::funds);
}

TEST_CASE("of somebody else's business nothing is looked at") {
  const auto foreign = read("checkout.session.completed", R"({"id":"cs_1","payment_status":7,"amount_total":"much"})");
  CHECK(!foreign.is_ours());
  CHECK(read("customer.created", R"({"id":"cus_1"})").fact == PaymentFact::other);
}

TEST_CASE("what isn't an event is refused with a sentence that says where") {
  CHECK(problem("").find("JSON") != std::string::npos);
  CHECK(problem("[]") == "The body must be an object.");
  CHECK(problem("{}").find("/id") != std::string::npos);
  CHECK(problem(R"({"id":"evt_1"})").find("/type") != std::string::npos);
  CHECK(problem(R"({"id":"evt 1","type":"x","data":{"object":{}}})").find("/id isn't an id") != std::string::npos);
  CHECK(problem(R"({"id":"evt_1","type":"x","data":[]})").find("/data must be an object") != std::string::npos);
  CHECK(problem(R"({"id":"evt_1","type":"x","data":{}})").find("/data/object") != std::string::npos);
  CHECK(problem(std::string(100'000, '[')).find("JSON") != std::string::npos);
  const std::string session =
      R"({"id":"cs_1","payment_intent":"pi_1","payment_status":"paid","currency":"eur",)" + ours;
  CHECK(problem(event("checkout.session.completed", session + "}")).find("/data/object/amount_total") !=
        std::string::npos);
  for (const std::string amount : {"-1", "1.5", "\"5\"", "1000000000000001", "99999999999999999999"})
    CHECK(!problem(event("checkout.session.completed", session + R"(,"amount_total":)" + amount + "}")).empty());
  CHECK(!problem(event("checkout.session.completed",
                       R"({"id":"cs_1","payment_intent":"pi 1","payment_status":"paid",)" + ours + "}"))
             .empty());
}
