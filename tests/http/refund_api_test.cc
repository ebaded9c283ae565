// The refund queue: paid back at once, waiting for funds, failed and retried; paused and resumed card payments.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <memory>

#include "tests/http/api_words.h"
#include "tests/http/running_server.h"
#include "tests/http/wait_until.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

struct RefundFixture {
  TempDirectory directory;
  std::unique_ptr<RunningServer> server;
  std::unique_ptr<Client> client;

  RefundFixture() {
    start();
    REQUIRE(client->ask("PUT", "/v1/matches/thu", R"({"seats":17,"price":{"amount":500,"currency":"EUR"}})").status ==
            201);
  }
  void start() {
    server = std::make_unique<RunningServer>(directory.path());
    client = std::make_unique<Client>(server->port());
  }
  void stop() {
    client.reset();
    server.reset();
  }

  Response post(const std::string& target, std::string_view body, const HeaderList& headers = {}) {
    return client->ask("POST", target, body, headers);
  }
  json::value queue(const std::string& query = {}) { return json::parse(client->get("/v1/refunds" + query).body); }
  std::string card_payments() { return text(queue(), "card_payments"); }
  json::array paid_back() { return json::parse(client->get("/test-gateway/refunds").body).as_array(); }
  void set_balance(int amount) {
    const std::string body = "{\"amount\":" + std::to_string(amount) + '}';
    CHECK(client->ask("PUT", "/test-gateway/balance", body).body == body);
  }

  template <class Condition>
  bool wait_until(const Condition& condition) {
    return tests::http::wait_until(*server, *client, "/v1/matches/thu", condition);
  }
  // How many refunds have that status, once it is that many.
  bool wait_for(const std::string& status, std::size_t count) {
    return wait_until([&] { return queue("?status=" + status).at("refunds").as_array().size() == count; });
  }
  std::string book(const std::string& player) {
    const auto booked =
        post("/v1/matches/thu/bookings", R"({"player":")" + player + R"(","pay":{"card":{"token":"tok_ok"}}})");
    REQUIRE(booked.status == 202);
    const std::string saga = text(json::parse(booked.body), "saga");
    REQUIRE(
        wait_until([&] { return text(json::parse(client->get("/v1/sagas/" + saga).body), "status") == "completed"; }));
    return saga;
  }
  void cancel(const std::string& player) {
    REQUIRE(client->ask("DELETE", "/v1/matches/thu/bookings/" + player).status == 200);
  }
  std::string the_refund() { return text(queue().at("refunds").at(0), "id"); }
};

}  // namespace

TEST_CASE_FIXTURE(RefundFixture, "a queue that never had a refund is empty and runs") {
  CHECK(client->get("/v1/refunds").body == R"({"card_payments":"running","refunds":[]})");
  CHECK(client->get("/v1/refunds?status=failed").body == R"({"card_payments":"running","refunds":[]})");
  const auto resumed = post("/v1/payments/resume", R"({"reason":"just in case"})");
  CHECK(resumed.status == 200);
  CHECK(text(json::parse(resumed.body), "card_payments") == "running");
  CHECK(code_of(post("/v1/refunds/none/retry", "{}")) == "not_found");
}

TEST_CASE_FIXTURE(RefundFixture, "an unchanged queue is 304") {
  book("p1");
  cancel("p1");
  REQUIRE(wait_for("succeeded", 1));
  const auto tag = client->get("/v1/refunds?status=failed").header("ETag");
  REQUIRE_FALSE(tag.empty());
  CHECK(client->get("/v1/refunds?status=failed", {{"If-None-Match", tag}}).status == 304);
  CHECK(client->get("/v1/refunds?status=failed", {{"If-None-Match", "\"v7\""}}).status == 200);
}

TEST_CASE_FIXTURE(RefundFixture, "a cancelled card booking is paid back once, and the queue shows how") {
  const std::string saga = book("p1");
  cancel("p1");
  REQUIRE(wait_for("succeeded", 1));
  const auto refund = queue().at("refunds").at(0);
  CHECK(text(refund, "id") == "b-" + saga.substr(saga.find(':') + 1));
  CHECK(refund.at("amount") == 500);
  CHECK(refund.at("currency") == "EUR");
  CHECK(refund.at("attempts") == 1);
  CHECK(text(refund, "created_at").ends_with("Z"));
  for (const char* status : {"queued", "pending_funds", "sent", "failed"})
    CHECK(queue(std::string("?status=") + status).at("refunds").as_array().empty());
  REQUIRE(paid_back().size() == 1);
  CHECK(paid_back()[0].at("amount") == 500);
  CHECK(text(paid_back()[0], "key").starts_with("default/refund:" + text(refund, "id")));
  CHECK(code_of(post("/v1/refunds/" + the_refund() + "/retry", "")) == "refund_not_failed");
  stop();
  start();
  CHECK(queue().at("refunds").as_array().size() == 1);
  CHECK(paid_back().size() == 1);
}

TEST_CASE_FIXTURE(RefundFixture, "a refund that lacks funds waits, and goes out at once when money has come in") {
  book("p1");
  set_balance(499);
  cancel("p1");
  REQUIRE(wait_for("pending_funds", 1));
  CHECK(text(queue().at("refunds").at(0), "last_error") == "the balance is too low");
  CHECK(card_payments() == "running");
  CHECK(paid_back().empty());
  book("p2");
  REQUIRE(wait_for("succeeded", 1));
  CHECK(queue().at("refunds").at(0).at("attempts").as_int64() >= 2);
  CHECK(paid_back().size() == 1);
}

TEST_CASE_FIXTURE(RefundFixture, "a refund that lacks funds can be retried, and resuming payments retries it, too") {
  for (const bool by_retry : {true, false}) {
    const std::string player = by_retry ? "p1" : "p2";
    book(player);
    set_balance(0);
    cancel(player);
    REQUIRE(wait_for("pending_funds", 1));
    set_balance(500);
    const std::string path = by_retry ? "/v1/refunds/" + the_refund() + "/retry" : "/v1/payments/resume";
    CHECK(post(path, R"({"reason":"the account is filled"})").status == 200);
    CHECK(wait_for("succeeded", by_retry ? 1 : 2));
  }
  CHECK(paid_back().size() == 2);
}

TEST_CASE_FIXTURE(RefundFixture, "a refund that lacks funds is tried again by itself") {
  book("p1");
  set_balance(0);
  cancel("p1");
  REQUIRE(wait_for("pending_funds", 1));
  set_balance(500);
  CHECK(wait_for("succeeded", 1));
  CHECK(paid_back().size() == 1);
}

TEST_CASE_FIXTURE(RefundFixture, "two refunds that lack funds pause nothing, the third does, for orders as for seats") {
  REQUIRE(client->ask("PUT", "/v1/items/sku1", R"({"quantity":10})").status == 201);
  for (const char* player : {"p1", "p2", "p3"}) book(player);
  set_balance(0);
  cancel("p1");
  cancel("p2");
  REQUIRE(wait_for("pending_funds", 2));
  CHECK(card_payments() == "running");
  cancel("p3");
  REQUIRE(wait_until([&] { return card_payments() == "paused"; }));
  const char* order = R"({"order":"o1","lines":[{"item":"sku1","quantity":1}],)"
                      R"("pay":{"card":{"token":"tok_ok"},"amount":1500,"currency":"EUR"}})";
  const HeaderList key = {{"Idempotency-Key", "paused"}};
  const auto refused = post("/v1/orders", order, key);
  CHECK(refused.status == 409);
  CHECK(code_of(refused) == "payments_paused");
  CHECK(code_of(client->get("/v1/orders/o1")) == "not_found");
  stop();
  start();
  CHECK(card_payments() == "paused");
  const HeaderList resume_key = {{"Idempotency-Key", "resume"}};
  const auto resumed = post("/v1/payments/resume", R"({"reason":"the account is filled"})", resume_key);
  CHECK(resumed.status == 200);
  const auto again = post("/v1/payments/resume", R"({"reason":"the account is filled"})", resume_key);
  CHECK(again.body == resumed.body);
  CHECK(again.header("Idempotent-Replayed") == "true");
  CHECK(post("/v1/orders", order, key).body == refused.body);
  CHECK(post("/v1/orders", order).status == 202);
  CHECK(wait_for("succeeded", 3));
  CHECK(paid_back().size() == 3);
  CHECK(card_payments() == "running");
}

TEST_CASE_FIXTURE(RefundFixture,
                  "a failed refund is retried by an operator, as often as it takes, and pays back once") {
  book("p1");
  stop();
  const std::string file = directory.path() + "/gateway/test-gateway.log";
  std::filesystem::rename(file, file + ".away");
  start();
  cancel("p1");
  REQUIRE(wait_for("failed", 1));
  CHECK(text(queue().at("refunds").at(0), "last_error") == "there is no such charge");
  const std::string retry = "/v1/refunds/" + the_refund() + "/retry";
  const auto retried = post(retry, "{}", {{"Idempotency-Key", "retry-1"}});
  CHECK(retried.status == 200);
  CHECK(text(json::parse(retried.body), "status") == "sent");
  CHECK(json::parse(retried.body).at("attempts") == 2);
  REQUIRE(wait_for("failed", 1));
  const auto replayed = post(retry, "{}", {{"Idempotency-Key", "retry-1"}});
  CHECK(replayed.body == retried.body);
  CHECK(replayed.header("Idempotent-Replayed") == "true");
  CHECK(queue().at("refunds").at(0).at("attempts") == 2);

  stop();
  std::filesystem::rename(file + ".away", file);
  start();
  CHECK(queue("?status=failed").at("refunds").as_array().size() == 1);
  CHECK(post(retry, "").status == 200);
  REQUIRE(wait_for("succeeded", 1));
  CHECK(queue().at("refunds").at(0).at("attempts") == 3);
  CHECK(code_of(post(retry, "{}")) == "refund_not_failed");
  CHECK(paid_back().size() == 1);
}

TEST_CASE_FIXTURE(RefundFixture, "what the queue's requests can't be") {
  for (const char* query : {"?status=lost", "?status=", "?status=failed,sent", "?limit=5", "?status=sent&x=1"})
    CHECK_MESSAGE(code_of(client->get(std::string("/v1/refunds") + query)) == "invalid_request", std::string(query));
  for (const char* body : {R"({"reason":""})", R"({"reason":5})", R"({"force":true})"})
    CHECK_MESSAGE(code_of(post("/v1/refunds/r1/retry", body)) == "invalid_request", std::string(body));
  const auto unknown = post("/v1/refunds/r1/retry", R"({"reason":"x"})");
  CHECK(code_of(unknown) == "not_found");
  CHECK(text(unknown, "id") == "r1");
  CHECK(code_of(post("/v1/refunds/r%201/retry", "{}")) == "invalid_id");
  for (const char* body : {"", "{}", R"({"reason":""})", R"({"reason":5})", R"({"reason":"x","force":true})"})
    CHECK_MESSAGE(code_of(post("/v1/payments/resume", body)) == "invalid_request", std::string(body));
  CHECK(code_of(post("/v1/payments/resume", R"({"reason":")" + std::string(257, 'x') + "\"}")) == "invalid_request");
  for (const char* body : {"", "{}", R"({"amount":-1})", R"({"amount":"5"})", R"({"amount":5,"x":1})"})
    CHECK_MESSAGE(code_of(client->ask("PUT", "/test-gateway/balance", body)) == "invalid_request", std::string(body));
}
