// What a tenant may have at once: its limits, and its share beside other tenants.
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "adapters/http/quotas.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"
#include "tests/support/token_hashes.h"

using namespace tests::http;
using tote::http::Quotas;
using tote::http::Shared;
using tote::http::Shares;

namespace {

const std::pair<std::string, std::string> as_a{"Authorization", "Bearer secret-a"},
    as_b{"Authorization", "Bearer secret-b"}, stream{"Accept", "text/event-stream"};

tote::http::ServerOptions two_tenants() {
  tote::http::ServerOptions options;
  options.tenants = {{"a", {tests::secret_a_sha256}}, {"b", {tests::secret_b_sha256}}};
  return options;
}

struct QuotaFixture {
  TempDirectory directory;
  std::unique_ptr<RunningServer> server;
  std::unique_ptr<Client> a, b;

  void run(const tote::http::ServerOptions& options) {
    server = std::make_unique<RunningServer>(directory.path(), options);
    a = std::make_unique<Client>(server->port());
    b = std::make_unique<Client>(server->port());
    for (const auto& [client, token] : {std::pair{a.get(), as_a}, {b.get(), as_b}})
      REQUIRE(client->ask("PUT", "/v1/wallets/w", R"({"currency":"EUR"})", {token}).status == 201);
  }

  void check_exceeded(const Response& response) {
    CHECK(response.status == 429);
    CHECK(response.body.find("quota_exceeded") != std::string::npos);
    CHECK_FALSE(response.header("Retry-After").empty());
  }

  // The status line of a stream's answer.
  std::string open_stream(Client& client, const std::pair<std::string, std::string>& token) {
    client.send(Client::text_of("GET", "/v1/log", {}, {token, stream}));
    return client.receive_some().substr(9, 3);
  }
};

constexpr std::array<std::uint64_t, tote::http::shared_count> bounds{100, 100, 100, 100, 100, 100, 100, 100};

}  // namespace

TEST_CASE("shares: a tenant may hold as much as is left for others; alone, all of it") {
  Shares three(100, 3), alone(100, 1);
  int taken = 0;
  for (; three.has_room(0); ++taken) three.take(0);
  CHECK(taken == 50);
  for (taken = 0; three.has_room(1); ++taken) three.take(1);
  CHECK(taken == 25);
  CHECK_FALSE(three.has_room(0));
  CHECK(three.has_room(2, 13));
  CHECK_FALSE(three.has_room(2, 14));
  three.give_back(0, 50);
  CHECK(three.has_room(2, 37));
  CHECK(alone.has_room(0, 100));
  CHECK_FALSE(alone.has_room(0, 101));
}

TEST_CASE("quotas: requests a second, a second's worth at once, and what is owed is waited for") {
  Quotas quotas({{"a", {.requests_per_s_max = 10}}, {"b", {}}}, bounds);
  const auto now = Quotas::Clock::now();
  int taken = 0;
  while (!quotas.spend(0, 1, now)) ++taken;
  CHECK(taken >= 10);
  CHECK(taken <= 11);
  CHECK(quotas.spend(0, 1, now + std::chrono::milliseconds(50)).has_value());
  CHECK_FALSE(quotas.spend(0, 1, now + std::chrono::milliseconds(250)).has_value());
  CHECK_FALSE(quotas.spend(0, 50, now + std::chrono::seconds(10)).has_value());  // a batch: owed afterwards
  const auto owed = quotas.spend(0, 1, now + std::chrono::seconds(10));
  REQUIRE(owed);
  CHECK(owed->retry_after_s() >= 4);
  CHECK(owed->retry_after_s() <= 5);
  for (int i = 0; i < 1'000; ++i) CHECK_FALSE(quotas.spend(1, 1, now).has_value());
}

TEST_CASE("quotas: the metrics name the first hundred tenants and sum up the others") {
  std::vector<Quotas::Tenant> tenants;
  for (int i = 0; i < 1'000; ++i) tenants.push_back({"t" + std::to_string(i), {}});
  Quotas quotas(std::move(tenants), bounds);
  for (std::size_t i = 0; i < 1'000; ++i) quotas.spend(i, 1, Quotas::Clock::now());
  const auto view = quotas.view();
  REQUIRE(view.size() == 101);
  CHECK(view[99].name == "t99");
  CHECK(view[100].name == "other");
  CHECK(view[100].requests == 900);
}

TEST_CASE_FIXTURE(QuotaFixture, "quotas: all the streams that one tenant can open leave room for another's") {
  auto options = two_tenants();
  options.streams_max = 64;
  options.tenants[0].limits.streams_max = 0;
  run(options);
  std::vector<std::unique_ptr<Client>> streams;
  int opened = 0;
  for (int i = 0; i < 70; ++i)
    opened += open_stream(*streams.emplace_back(std::make_unique<Client>(server->port())), as_a) == "200" ? 1 : 0;
  CHECK(opened == 32);
  check_exceeded(a->get("/v1/log", {as_a, stream}));
  CHECK(open_stream(*b, as_b) == "200");
}

TEST_CASE_FIXTURE(QuotaFixture, "quotas: a tenant has 16 streams unless its limits say otherwise") {
  run(two_tenants());
  std::vector<std::unique_ptr<Client>> streams;
  for (int i = 0; i < 16; ++i)
    CHECK(open_stream(*streams.emplace_back(std::make_unique<Client>(server->port())), as_a) == "200");
  check_exceeded(a->get("/v1/log", {as_a, stream}));
  streams.pop_back();
  unsigned status = 429;
  for (int i = 0; i < 500 && status == 429; ++i) {
    Client again(server->port());
    again.send(Client::text_of("GET", "/v1/log", {}, {as_a, stream}));
    status = static_cast<unsigned>(std::stoul(again.receive_some().substr(9, 3)));
  }
  CHECK(status == 200);
}

TEST_CASE_FIXTURE(QuotaFixture, "quotas: one tenant's connections leave room for another's") {
  auto options = two_tenants();
  options.connections_max = 20;
  run(options);
  std::vector<std::unique_ptr<Client>> many;
  int welcome = 0;
  for (int i = 0; i < 30; ++i) {
    auto& client = many.emplace_back(std::make_unique<Client>(server->port()));
    const auto answer = client->get("/v1/wallets/w", {as_a});
    welcome += answer.status == 200 ? 1 : 0;
    if (answer.status != 200) check_exceeded(answer);
  }
  CHECK(welcome < 15);
  Client late(server->port());
  CHECK(late.get("/v1/wallets/w", {as_b}).status == 200);
}

TEST_CASE_FIXTURE(QuotaFixture, "quotas: connections that show no token make way for those that do") {
  auto options = two_tenants();
  options.connections_max = 10;
  run(options);
  std::vector<std::unique_ptr<Client>> strangers;
  for (int i = 0; i < 30; ++i) strangers.push_back(std::make_unique<Client>(server->port()));
  Client late(server->port());
  CHECK(late.get("/v1/wallets/w", {as_b}).status == 200);
  CHECK(a->get("/v1/wallets/w", {as_a}).status == 200);
}

TEST_CASE_FIXTURE(QuotaFixture,
                  "quotas: a batch of more lines than its tenant can ever have in flight is refused for good") {
  auto options = two_tenants();
  options.tenants[0].limits.requests_in_flight_max = 3;
  run(options);
  const std::string line = "{\"wallet\":\"w\",\"credit\":1}\n";
  const auto refused = a->ask("POST", "/v1/batch", line + line + line + line, {as_a});
  CHECK(refused.status == 400);
  CHECK(refused.body.find("1 to 3 lines") != std::string::npos);
  CHECK(refused.header("Retry-After").empty());
  CHECK(a->ask("POST", "/v1/batch", line + line + line, {as_a}).status == 200);
  CHECK(b->ask("POST", "/v1/batch", line + line + line + line, {as_b}).status == 200);
}

TEST_CASE_FIXTURE(QuotaFixture, "quotas: requests that wait take one tenant's places, not another's") {
  auto options = two_tenants();
  options.tenants[0].limits.requests_in_flight_max = 8;
  run(options);
  const std::string wait =
      Client::text_of("GET", "/v1/wallets/w", {}, {as_a, {"Tote-Min-Lsn", "1000"}, {"Tote-Deadline-Ms", "400"}});
  std::string text;
  for (int i = 0; i < 20; ++i) text += wait;
  a->send(text);
  int late = 0, exceeded = 0;
  CHECK(b->get("/v1/wallets/w", {as_b}).status == 200);
  for (int i = 0; i < 20; ++i) {
    const auto answer = a->receive();
    late += answer.status == 504 ? 1 : 0;
    exceeded += answer.status == 429 ? 1 : 0;
  }
  CHECK(late == 8);
  CHECK(exceeded == 12);
  CHECK(a->get("/v1/wallets/w", {as_a}).status == 200);
  const std::string page = a->get("/metrics", {as_a}).body;
  CHECK(page.find("tote_tenant_refused_total{tenant=\"a\"} 12") != std::string::npos);
  CHECK(page.find("tote_tenant_requests_in_flight{tenant=\"a\"} 0") != std::string::npos);
}

TEST_CASE_FIXTURE(QuotaFixture, "quotas: seventy histories of one tenant don't refuse another's") {
  run(two_tenants());
  for (int i = 0; i < 200; ++i) a->ask("POST", "/v1/wallets/w/credits", R"({"amount":1})", {as_a});
  std::vector<std::unique_ptr<Client>> many;
  for (int i = 0; i < 70; ++i) {
    auto& client = many.emplace_back(std::make_unique<Client>(server->port()));
    client->send(Client::text_of("GET", "/v1/wallets/w/history?limit=1000", {}, {as_a}));
  }
  CHECK(b->get("/v1/wallets/w/history", {as_b}).status == 200);
  for (auto& client : many) {
    const auto answer = client->receive();
    CHECK((answer.status == 200 || answer.status == 429));
  }
}
