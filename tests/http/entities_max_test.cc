// How many entities a tenant may have (`entities_max`): counted wherever they are, and right after a restart.
#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "tests/http/api_words.h"
#include "tests/http/running_server.h"
#include "tests/support/token_hashes.h"

using namespace tests::http;

namespace {

struct EntitiesMaxFixture {
  TempDirectory directory;
  std::unique_ptr<RunningServer> server;
  std::unique_ptr<Client> client;
  std::uint64_t entities_bytes = 0;

  void run(std::int64_t max) {
    client.reset();
    server.reset();
    tote::http::ServerOptions options;
    options.tenants = {{"a", {tests::secret_a_sha256}}};
    options.tenants[0].limits.entities_max = max;
    server = std::make_unique<RunningServer>(directory.path(), options, 86'400, [this](tote::Options& engine) {
      engine.entities_bytes = entities_bytes;
      engine.snapshot_interval_ms = 100;
    });
    client = std::make_unique<Client>(server->port());
  }
  Response ask(const std::string& method, const std::string& target, std::string_view body, HeaderList more = {}) {
    more.emplace_back("Authorization", "Bearer secret-a");
    return client->ask(method, target, body, more);
  }
  Response open(const std::string& id, HeaderList more = {}) {
    return ask("PUT", "/v1/wallets/" + id, R"({"currency":"EUR"})", std::move(more));
  }
  void check_exceeded(const Response& response) {
    CHECK(code_of(response) == "quota_exceeded");
    CHECK_FALSE(response.header("Retry-After").empty());
  }
};

}  // namespace

TEST_CASE_FIXTURE(EntitiesMaxFixture, "entities_max: one more is refused and nothing happens; what there is goes on") {
  run(3);
  for (const char* id : {"w1", "w2"}) CHECK(open(id).status == 201);
  CHECK(ask("PUT", "/v1/items/i", R"({"quantity":5})").status == 201);
  check_exceeded(open("w3", {{"Idempotency-Key", "k"}}));
  check_exceeded(ask("PUT", "/v1/matches/m", R"({"seats":5})"));
  CHECK(open("w1").status == 200);
  CHECK(ask("POST", "/v1/wallets/w1/credits", R"({"amount":10})").status == 200);
  CHECK(ask("POST", "/v1/transfers", R"({"from":"w1","to":"w2","amount":5})").status == 200);
  CHECK(code_of(ask("POST", "/v1/wallets/none/credits", R"({"amount":10})")) == "not_found");
  CHECK(code_of(ask("GET", "/v1/wallets/w3", "")) == "not_found");
  const auto order = R"({"order":"o","lines":[{"item":"i","quantity":1}],"pay":{"wallet":"w1","amount":5}})";
  check_exceeded(ask("POST", "/v1/orders", order));
  CHECK(number(ask("GET", "/v1/items/i", ""), "available") == 5);
  CHECK(number(ask("GET", "/v1/wallets/w1", ""), "balance") == 5);
  // The key is free: with more room the same request is executed.
  run(5);
  CHECK(open("w3", {{"Idempotency-Key", "k"}}).status == 201);
  CHECK(ask("POST", "/v1/orders", order).status == 201);
  check_exceeded(open("w4"));
}

TEST_CASE_FIXTURE(EntitiesMaxFixture, "entities_max: a batch's lines are refused one by one") {
  run(4);
  std::string lines;
  for (int i = 0; i < 6; ++i)
    lines += R"({"put":"/v1/wallets/b)" + std::to_string(i) + R"(","body":{"currency":"EUR"}})" + "\n";
  const Response answer = ask("POST", "/v1/batch", lines);
  CHECK(answer.status == 200);
  std::size_t made = 0, refused = 0;
  for (std::size_t at = 0; (at = answer.body.find("\"status\":201", at)) != std::string::npos; ++at) ++made;
  for (std::size_t at = 0; (at = answer.body.find("quota_exceeded\"", at)) != std::string::npos; ++at) ++refused;
  CHECK(made == 4);
  CHECK(refused >= 2);
}

TEST_CASE_FIXTURE(EntitiesMaxFixture, "entities_max: those at rest count, and a start counts them all") {
  entities_bytes = 50'000;
  run(0);
  for (int i = 0; i < 300; ++i) REQUIRE(open("w" + std::to_string(i)).status == 201);
  for (int i = 0; i < 200 && server->figures().entities_resting < 200; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    open("w" + std::to_string(i));
  }
  CHECK(server->figures().entities_resting >= 200);
  run(301);
  CHECK(open("one").status == 201);
  check_exceeded(open("two"));
  for (int i = 0; i < 300; i += 30) CHECK(open("w" + std::to_string(i)).status == 200);
  check_exceeded(open("two"));
  run(300);  // who has more already keeps them
  CHECK(open("one").status == 200);
  check_exceeded(open("two"));
}
