// Orders from wallets and by card, what becomes of them when something is refused, and how their sagas are looked at.
#include <doctest/doctest.h>
#include <xxhash.h>

#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <vector>

#include "tests/http/api_words.h"
#include "tests/http/running_server.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

std::string by_wallet(const std::string& order, int quantity, int amount) {
  return R"({"order":")" + order + R"(","lines":[{"item":"sku1","quantity":)" + std::to_string(quantity) +
         R"(}],"pay":{"wallet":"alice","amount":)" + std::to_string(amount) + "}}";
}

std::string by_card(const std::string& order, int quantity, const std::string& token) {
  return R"({"order":")" + order + R"(","lines":[{"item":"sku1","quantity":)" + std::to_string(quantity) +
         R"(}],"pay":{"card":{"token":")" + token + R"("},"amount":700,"currency":"EUR"}})";
}

// "reserve:completed charge:failed …"
std::string steps_of(const Response& saga) {
  std::string all;
  const auto shown = json::parse(saga.body);
  for (const auto& step : shown.at("steps").as_array()) {
    all += all.empty() ? "" : " ";
    all += std::string(step.at("name").as_string()) + ':' + std::string(step.at("status").as_string());
  }
  return all;
}

struct OrderFixture {
  TempDirectory directory;
  std::unique_ptr<RunningServer> server;
  std::unique_ptr<Client> client;

  OrderFixture() {
    start();
    REQUIRE(client->ask("PUT", "/v1/items/sku1", R"({"quantity":10})").status == 201);
    REQUIRE(client->ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
    REQUIRE(post("/v1/wallets/alice/credits", R"({"amount":1000})").status == 200);
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
  Response place(const std::string& body, const HeaderList& headers = {}) { return post("/v1/orders", body, headers); }
  std::int64_t balance() { return number(client->get("/v1/wallets/alice"), "balance"); }
  std::int64_t on_hand() { return number(client->get("/v1/items/sku1"), "on_hand"); }
  std::int64_t reserved() { return number(client->get("/v1/items/sku1"), "reserved"); }

  // Waits for records until the text member `name` is another than `present`.
  Response wait_while(const std::string& target, std::string_view name, std::string_view present) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(15);
    for (;;) {
      const auto next = server->figures().last.value + 1;
      auto response = client->get(target);
      if (text(response, name) != present || std::chrono::steady_clock::now() > limit) return response;
      client->get(target, {{"Tote-Min-Lsn", std::to_string(next)}, {"Tote-Deadline-Ms", "1000"}});
    }
  }
  std::string ended(const std::string& order) {
    return text(wait_while("/v1/orders/" + order, "status", "pending"), "status");
  }
  json::array charges() { return json::parse(client->get("/test-gateway/charges").body).as_array(); }
};

}  // namespace

TEST_CASE_FIXTURE(OrderFixture, "an order from a wallet is one record: stock and money, and it is confirmed at once") {
  const auto placed = place(by_wallet("o1", 2, 300));
  CHECK(placed.status == 201);
  CHECK(placed.body ==
        R"({"order":"o1","status":"confirmed","version":1,"lsn":4,)"
        R"("lines":[{"item":"sku1","quantity":2}],"pay":{"wallet":"alice","amount":300},"saga":"order:o1"})");
  CHECK(placed.header("ETag") == "\"v1\"");
  CHECK(balance() == 700);
  CHECK(on_hand() == 8);
  CHECK(reserved() == 0);
  for (const char* path : {"/v1/wallets/alice", "/v1/items/sku1", "/v1/orders/o1"})
    CHECK(number(client->get(path), "lsn") == 4);
  CHECK(client->get("/v1/orders/o1").body == placed.body);
  const auto saga = client->get("/v1/sagas/order:o1");
  CHECK(text(saga, "id") == "order:o1");
  CHECK(text(saga, "kind") == "order");
  CHECK(text(saga, "status") == "completed");
  CHECK(steps_of(saga) == "reserve:completed charge:completed confirm:completed notify:completed");
}

TEST_CASE_FIXTURE(OrderFixture,
                  "an order of several lines is taken whole or not at all, lines of one item count together") {
  CHECK(client->ask("PUT", "/v1/items/sku2", R"({"quantity":3})").status == 201);
  const auto body = [](const char* order, int second, int third) {
    return std::string(R"({"order":")") + order +
           R"(","lines":[{"item":"sku1","quantity":1},{"item":"sku2","quantity":)" + std::to_string(second) +
           R"(},{"item":"sku2","quantity":)" + std::to_string(third) + R"(}],"pay":{"wallet":"alice","amount":10}})";
  };
  const auto refused = place(body("o1", 2, 2));
  CHECK(code_of(refused) == "out_of_stock");
  CHECK(number(refused, "available") == 3);
  CHECK(number(refused, "requested") == 4);
  CHECK(on_hand() == 10);
  CHECK(balance() == 1'000);
  CHECK(place(body("o2", 2, 1)).status == 201);
  CHECK(on_hand() == 9);
  CHECK(number(client->get("/v1/items/sku2"), "on_hand") == 0);
}

TEST_CASE_FIXTURE(OrderFixture, "a refused order has moved nothing, says why, and may be placed again") {
  const auto poor = place(by_wallet("o1", 2, 1'001));
  CHECK(poor.status == 402);
  CHECK(code_of(poor) == "insufficient_funds");
  CHECK(number(poor, "available") == 1'000);
  CHECK(number(poor, "requested") == 1'001);
  CHECK(on_hand() == 10);
  CHECK(reserved() == 0);
  const auto failed = client->get("/v1/orders/o1");
  CHECK(text(failed, "status") == "failed");
  CHECK(text(failed, "error") == "insufficient_funds");
  CHECK(text(client->get("/v1/sagas/order:o1"), "status") == "compensated");
  CHECK(place(by_wallet("o1", 11, 5)).status == 409);
  CHECK(text(client->get("/v1/orders/o1"), "error") == "out_of_stock");
  CHECK(place(by_wallet("o1", 1, 5)).status == 201);
  CHECK(text(client->get("/v1/orders/o1"), "status") == "confirmed");
  CHECK(code_of(place(by_wallet("o1", 1, 5))) == "order_exists");
  CHECK(on_hand() == 9);
  CHECK(balance() == 995);
}

TEST_CASE_FIXTURE(OrderFixture, "what isn't there, and what can't be understood") {
  CHECK(code_of(client->get("/v1/orders/none")) == "not_found");
  CHECK(
      code_of(place(R"({"order":"o1","lines":[{"item":"none","quantity":1}],"pay":{"wallet":"alice","amount":1}})")) ==
      "not_found");
  CHECK(code_of(place(R"({"order":"o2","lines":[{"item":"sku1","quantity":1}],"pay":{"wallet":"none","amount":1}})")) ==
        "not_found");
  const auto before = server->figures().last;
  const std::pair<const char*, const char*> bad[] = {
      {R"({"lines":[{"item":"sku1","quantity":1}],"pay":{"wallet":"alice","amount":1}})", "/order"},
      {R"({"order":"o3","pay":{"wallet":"alice","amount":1}})", "/lines"},
      {R"({"order":"o3","lines":[],"pay":{"wallet":"alice","amount":1}})", "/lines"},
      {R"({"order":"o3","lines":[{"item":"sku1"}],"pay":{"wallet":"alice","amount":1}})", "/lines/0/quantity"},
      {R"({"order":"o3","lines":[{"item":"sku1","quantity":1}]})", "/pay"},
      {R"({"order":"o3","lines":[{"item":"sku1","quantity":1}],"pay":{"amount":1}})", "/pay"},
      {R"({"order":"o3","lines":[{"item":"sku1","quantity":1}],"pay":{"wallet":"alice"}})", "/pay/amount"},
      {R"({"order":"o3","lines":[{"item":"sku1","quantity":1}],"pay":{"wallet":"alice","amount":1,"currency":"EUR"}})",
       "/pay/currency"},
      {R"({"order":"o3","lines":[{"item":"sku1","quantity":1}],"pay":{"card":{"token":"tok_ok"},"amount":1}})",
       "/pay/currency"},
      {R"({"order":"o3","lines":[{"item":"sku1","quantity":1}],)"
       R"("pay":{"card":{"token":""},"amount":1,"currency":"EUR"}})",
       "/pay/card/token"},
      {R"({"order":"o3","lines":[{"item":"sku1","quantity":1}],"pay":{"card":{},"amount":1,"currency":"EUR"}})",
       "/pay/card/token"},
  };
  for (const auto& [body, pointer] : bad) {
    const auto refused = place(body);
    CHECK_MESSAGE(code_of(refused) == "invalid_request", std::string(body));
    CHECK(text(refused, "pointer") == pointer);
  }
  CHECK(
      code_of(place(R"({"order":"o 3","lines":[{"item":"sku1","quantity":1}],"pay":{"wallet":"alice","amount":1}})")) ==
      "invalid_id");
  CHECK(server->figures().last == before);
}

TEST_CASE_FIXTURE(OrderFixture, "by card: reserved while it is charged, then sold") {
  const auto placed = place(by_card("o1", 4, "tok_slow"));
  CHECK(placed.status == 202);
  CHECK(placed.body ==
        R"({"order":"o1","status":"pending","version":1,"lsn":4,)"
        R"("lines":[{"item":"sku1","quantity":4}],"pay":{"method":"card","amount":700,"currency":"EUR"},)"
        R"("saga":"order:o1"})");
  CHECK(on_hand() == 10);
  CHECK(reserved() == 4);
  CHECK(code_of(place(by_card("o1", 4, "tok_ok"))) == "order_exists");
  CHECK(text(client->get("/v1/sagas/order:o1"), "status") == "running");
  CHECK(steps_of(client->get("/v1/sagas/order:o1")) ==
        "reserve:completed charge:pending confirm:pending notify:pending");
  CHECK(ended("o1") == "confirmed");
  CHECK(on_hand() == 6);
  CHECK(reserved() == 0);
  REQUIRE(charges().size() == 1);
  CHECK(charges()[0].at("amount") == 700);
  CHECK(balance() == 1'000);
}

TEST_CASE_FIXTURE(OrderFixture,
                  "a declined card gives the stock back, and the order may be placed again with another") {
  CHECK(place(by_card("o1", 4, "tok_declined")).status == 202);
  CHECK(ended("o1") == "failed");
  CHECK(text(client->get("/v1/orders/o1"), "error") == "payment_declined");
  CHECK(steps_of(client->get("/v1/sagas/order:o1")) ==
        "reserve:compensated charge:failed confirm:pending notify:pending");
  CHECK(on_hand() == 10);
  CHECK(reserved() == 0);
  CHECK(charges().empty());
  CHECK(place(by_card("o1", 4, "tok_ok")).status == 202);
  CHECK(ended("o1") == "confirmed");
  CHECK(on_hand() == 6);
  CHECK(charges().size() == 1);
}

TEST_CASE_FIXTURE(OrderFixture, "a gateway that doesn't answer, or whose answer is lost, charges once") {
  const std::pair<const char*, int> attempts_of[] = {{"tok_unreachable", 3}, {"tok_lost_answer", 2}};
  for (const auto& [token, attempts] : attempts_of) {
    CHECK(place(by_card(token, 1, token)).status == 202);
    CHECK(ended(token) == "confirmed");
    const auto saga = json::parse(client->get(std::string("/v1/sagas/order:") + token).body);
    CHECK(saga.at("steps").at(1).at("attempts") == attempts);
    CHECK(saga.at("steps").at(1).as_object().if_contains("error") == nullptr);
  }
  CHECK(charges().size() == 2);
  CHECK(on_hand() == 8);
}

TEST_CASE_FIXTURE(OrderFixture, "an order whose card is being charged survives a restart, and is charged once") {
  CHECK(place(by_card("o1", 1, "tok_slow")).status == 202);
  stop();
  start();
  CHECK(ended("o1") == "confirmed");
  CHECK(on_hand() == 9);
  CHECK(charges().size() == 1);
}

TEST_CASE_FIXTURE(OrderFixture,
                  "repeats get the first answer, whatever has become of the order since, also after a restart") {
  const std::string bodies[] = {by_wallet("o1", 1, 5), by_wallet("o2", 1, 5'000), by_card("o3", 1, "tok_ok"),
                                by_card("o4", 1, "tok_declined"), by_wallet("o1", 2, 5)};
  const unsigned statuses[] = {201, 402, 202, 202, 409};
  std::vector<Response> first;
  for (const auto& body : bodies)
    first.push_back(place(body, {{"Idempotency-Key", "k" + std::to_string(first.size())}}));
  CHECK(ended("o3") == "confirmed");
  CHECK(ended("o4") == "failed");
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < first.size(); ++i) {
      CHECK(first[i].status == statuses[i]);
      const auto again = place(bodies[i], {{"Idempotency-Key", "k" + std::to_string(i)}});
      CHECK(again.status == first[i].status);
      CHECK(again.body == first[i].body);
      CHECK(again.header("Idempotent-Replayed") == "true");
    }
    CHECK(balance() == 995);
    CHECK(on_hand() == 8);
    CHECK(charges().size() == 1);
    stop();
    start();
  }
}

TEST_CASE_FIXTURE(OrderFixture, "only a saga that is stuck is retried or skipped, and with a reason") {
  CHECK(place(by_wallet("o1", 1, 5)).status == 201);
  for (const char* remedy : {"/retry", "/skip"}) {
    const auto operate = [&](const std::string& saga, std::string_view body) {
      return code_of(post("/v1/sagas/" + saga + remedy, body));
    };
    CHECK(operate("order:o1", R"({"reason":"x"})") == "saga_not_stuck");
    CHECK(operate("order:none", R"({"reason":"x"})") == "not_found");
    CHECK(operate("booking:17", R"({"reason":"x"})") == "not_found");
    CHECK(operate("wallet:alice", R"({"reason":"x"})") == "not_found");
    CHECK(operate("o1", R"({"reason":"x"})") == "not_found");
    CHECK(operate("order:o%201", R"({"reason":"x"})") == "invalid_id");
    CHECK(operate("order:o1", "{}") == "invalid_request");
    CHECK(operate("order:o1", "") == "invalid_request");
    CHECK(operate("order:o1", R"({"reason":""})") == "invalid_request");
    CHECK(operate("order:o1", R"({"reason":")" + std::string(257, 'x') + "\"}") == "invalid_request");
    CHECK(operate("order:o1", R"({"reason":"x","step":"charge"})") == "invalid_request");
  }
  CHECK(code_of(client->get("/v1/sagas/order:none")) == "not_found");
  CHECK(code_of(client->get("/v1/sagas/alice")) == "not_found");
  CHECK(text(client->get("/v1/sagas/order:none"), "id") == "order:none");
  CHECK(text(client->get("/v1/sagas/alice"), "id") == "alice");
}

// The gateway's file says that the card was charged, but not under which id: nobody can pay that back.
TEST_CASE_FIXTURE(OrderFixture,
                  "a stuck saga is retried in vain, then skipped: the reasons are kept, the seat is free") {
  REQUIRE(client->ask("PUT", "/v1/matches/thu", R"({"seats":1,"price":{"amount":500,"currency":"EUR"}})").status ==
          201);
  const auto booked = post("/v1/matches/thu/bookings", R"({"player":"p1","pay":{"card":{"token":"tok_slow"}}})");
  REQUIRE(booked.status == 202);
  const std::string saga = text(booked, "saga"), id = saga.substr(saga.find(':') + 1);
  stop();
  const std::string line = "charge\tdefault/booking:" + id + ':' + id + ":charge\t\tsucceeded\t\t\t500\tEUR\tdefault";
  char checksum[20];
  std::snprintf(checksum, sizeof checksum, "%016llx",
                static_cast<unsigned long long>(XXH3_64bits(line.data(), line.size())));
  std::ofstream(directory.path() + "/gateway/test-gateway.log", std::ios::app) << checksum << ' ' << line << '\n';
  start();
  const auto stuck = wait_while("/v1/sagas/" + saga, "status", "running");
  CHECK(text(stuck, "status") == "stuck");
  CHECK(steps_of(stuck) == "hold:completed charge:completed confirm:failed");
  CHECK(number(client->get("/v1/matches/thu"), "free") == 0);

  const HeaderList key = {{"Idempotency-Key", "retry-1"}};
  const auto retried = post("/v1/sagas/" + saga + "/retry", R"({"reason":"once more"})", key);
  CHECK(retried.status == 200);
  CHECK(text(retried, "status") == "stuck");
  const auto again = post("/v1/sagas/" + saga + "/retry", R"({"reason":"once more"})", key);
  CHECK(again.body == retried.body);
  CHECK(again.header("Idempotent-Replayed") == "true");

  const auto skipped = post("/v1/sagas/" + saga + "/skip", R"({"reason":"paid back by hand"})");
  CHECK(skipped.status == 200);
  CHECK(text(skipped, "status") == "compensated");
  CHECK(steps_of(skipped) == "hold:compensated charge:compensated confirm:failed");
  CHECK(code_of(post("/v1/sagas/" + saga + "/skip", R"({"reason":"again"})")) == "saga_not_stuck");
  CHECK(number(client->get("/v1/matches/thu"), "free") == 1);
}
