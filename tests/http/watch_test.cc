// What is watched over HTTP: which entities are hot, what the server did, who follows, whose a token is.
#include "adapters/http/watch.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "adapters/http/overview.h"
#include "tests/http/api_words.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"
#include "tests/http/wait_until.h"
#include "tests/support/token_hashes.h"

using namespace tests::http;
using tests::TempDirectory;
using namespace tote;
namespace json = boost::json;

namespace {

std::string wallets_of(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i)
    lines += R"({"put":"/v1/wallets/w)" + std::to_string(i) + R"(","body":{"currency":"EUR"}})" + '\n';
  return lines;
}

std::string credits_of(const std::string& wallet, int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += R"({"wallet":")" + wallet + R"(","credit":1})" + '\n';
  return lines;
}

json::value body_of(const Response& response) {
  REQUIRE_MESSAGE(response.status == 200, response.body);
  return json::parse(response.body);
}

http::ServerOptions shop_and_club() {
  http::ServerOptions options;
  options.tenants = {{"shop", {}, {}, {{tests::secret_a_sha256, http::Role::operator_, "ann"}}},
                     {"club", {tests::secret_b_sha256}}};
  return options;
}

const HeaderList ann{{"Authorization", "Bearer secret-a"}}, as_club{{"Authorization", "Bearer secret-b"}};

Figures figures_at(std::uint64_t executed) {
  Figures figures;
  figures.executed = executed;
  figures.durable = {executed};
  figures.syncs = executed / 10;
  figures.sync_ns = executed * 1'000;
  return figures;
}

}  // namespace

TEST_CASE("hot: the hot wallet of ten thousand is first within two seconds") {
  TempDirectory directory;
  RunningServer server(directory.path());
  Client client(server.port());
  REQUIRE(client.ask("POST", "/v1/batch", wallets_of(10'000)).status == 200);
  REQUIRE(client.ask("PUT", "/v1/wallets/hot", R"({"currency":"EUR"})").status == 201);
  const auto began = std::chrono::steady_clock::now();
  REQUIRE(client.ask("POST", "/v1/batch", credits_of("hot", 2'000)).status == 200);
  const json::value hot = body_of(client.get("/v1/hot?limit=3"));
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(2));
  CHECK(hot.at("window_s").as_int64() == 10);
  REQUIRE(hot.at("entities").as_array().size() == 3);
  const json::value& first = hot.at("entities").at(0);
  CHECK(text(first.at("kind")) == "wallet");
  CHECK(text(first.at("id")) == "hot");
  CHECK(first.at("rate").to_number<double>() > 10);
  CHECK(first.at("queue").to_number<double>() > 0);
  CHECK(first.at("p99_ms").to_number<double>() > 0);
  CHECK(client.get("/v1/hot?limit=0").status == 400);
  CHECK(client.get("/v1/hot?order=rate").status == 400);
}

TEST_CASE("hot: with few requests they are counted one by one, refusals by code") {
  TempDirectory directory;
  RunningServer server(directory.path());
  Client client(server.port());
  REQUIRE(client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  for (int i = 0; i < 5; ++i) REQUIRE(client.ask("POST", "/v1/wallets/alice/debits", R"({"amount":5})").status == 402);
  const json::value hot = body_of(client.get("/v1/hot"));
  const json::value& alice = hot.at("entities").at(0);
  CHECK(text(alice.at("id")) == "alice");
  CHECK(alice.at("refused").as_int64() == 5);
  CHECK(alice.at("refusals") == json::parse(R"([{"code":"insufficient_funds","count":5}])"));
}

TEST_CASE("hot: a tenant is told of its own entities alone") {
  TempDirectory directory;
  RunningServer server(directory.path(), shop_and_club());
  Client client(server.port());
  for (int i = 0; i < 5; ++i) client.get("/v1/wallets/secret", as_club);
  CHECK(body_of(client.get("/v1/hot", ann)).at("entities").as_array().empty());
  CHECK(text(body_of(client.get("/v1/hot", as_club)).at("entities").at(0).at("id")) == "secret");
  CHECK(Client(server.port()).get("/v1/hot").status == 401);
}

TEST_CASE("token: whose it is, and what it may do") {
  TempDirectory directory;
  RunningServer server(directory.path(), shop_and_club());
  Client client(server.port());
  CHECK(body_of(client.get("/v1/token", ann)) ==
        json::parse(R"({"tenant":"shop","role":"operator","name":"ann","open":false,"server":false})"));
  CHECK(body_of(client.get("/v1/token", as_club)) ==
        json::parse(R"({"tenant":"club","role":"issuer","name":"","open":false,"server":false})"));
  CHECK(Client(server.port()).get("/v1/token").status == 401);
}

TEST_CASE("overview: what was executed a moment ago is a point of it") {
  TempDirectory directory;
  RunningServer server(directory.path());
  Client client(server.port());
  REQUIRE(client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  const auto executed = [&] {
    const json::value overview = body_of(client.get("/v1/overview"));
    const auto& columns = overview.at("columns").as_array();
    const auto column = std::ranges::find(columns, json::value("executed")) - columns.begin();
    std::int64_t sum = 0;
    for (const auto& point : overview.at("points").as_array()) {
      REQUIRE(point.as_array().size() == columns.size());
      sum += point.at(static_cast<std::size_t>(column)).as_int64();
    }
    return sum;
  };
  CHECK(wait_until(server, client, "/v1/wallets/alice", [&] {
    client.ask("POST", "/v1/wallets/alice/credits", R"({"amount":1})");
    return executed() > 0;
  }));
  CHECK(body_of(client.get("/v1/overview?limit=1")).at("points").as_array().size() == 1);
  CHECK(body_of(client.get("/v1/overview?after=99999999999")).at("points").as_array().empty());
  CHECK(body_of(client.get("/v1/overview?step_s=10")).at("step_s").as_int64() == 10);
  CHECK(client.get("/v1/overview?step_s=2").status == 400);
  CHECK(client.get("/v1/overview?limit=8641").status == 400);
}

TEST_CASE("overview: seconds for 15 minutes, steps of ten for 24 hours, and no more") {
  http::Overview overview;
  constexpr std::int64_t begin_s = 1'700'000'000, seconds = 90'000;
  for (std::int64_t i = 0; i <= seconds; ++i) {
    CHECK(overview.is_due(begin_s + i));
    overview.add(begin_s + i, figures_at(static_cast<std::uint64_t>(i) * 20), {});
    if (i % 1'000 == 0) CHECK_FALSE(overview.is_due(begin_s + i));
  }
  const auto recent = overview.page(1, 0, 10'000);
  REQUIRE(recent.moments.size() == 900);
  CHECK(recent.moments.front()->time_s == begin_s + seconds - 899);
  CHECK(recent.moments.back()->executed == 20);
  CHECK(recent.moments.back()->records == 20);
  CHECK(recent.moments.back()->syncs == 2);
  CHECK(recent.moments.back()->sync_us == 20);
  const auto day = overview.page(10, 0, 10'000);
  REQUIRE(day.moments.size() == 8'640);
  CHECK(day.moments.back()->executed == 200);
  CHECK(day.moments.back()->seconds == 10);
  CHECK(day.moments.back()->time_s - day.moments.front()->time_s == 86'390);
  const auto newer = overview.page(1, begin_s + seconds - 3, 900);
  CHECK(newer.moments.size() == 3);
  CHECK(overview.page(1, 0, 5).moments.size() == 5);
}

TEST_CASE("overview: how long the answers of a moment took, and of ten") {
  http::Overview overview;
  for (std::int64_t second = 1; second <= 11; ++second) {
    for (int i = 0; i < 98; ++i) overview.answered(1'000'000);
    for (int i = 0; i < 2; ++i) overview.answered(second == 5 ? 500'000'000 : 1'000'000);
    overview.add(second, figures_at(1), {});
  }
  const auto recent = overview.page(1, 0, 900);
  REQUIRE(recent.moments.size() == 10);
  CHECK(recent.moments.at(3)->p999_us > 400'000);
  CHECK(recent.moments.at(4)->p999_us < 1'200);
  CHECK(recent.moments.at(4)->p50_us > 800);
  REQUIRE(overview.page(10, 0, 900).moments.size() == 1);
  CHECK(overview.page(10, 0, 900).moments.front()->p999_us > 400'000);
}

TEST_CASE("followers: each with its name, how far it is, and why it stands still") {
  events::FollowerStatus webhook;
  webhook.name = "webhook-shop";
  webhook.cursor = {7};
  webhook.lag_seconds = 1.5;
  webhook.reason = "disconnected";
  webhook.problem = "10.0.0.1: connection refused";
  webhook.put_aside = 2;
  std::string out;
  http::append_followers(out, {webhook}, Lsn{10});
  CHECK(json::parse(out) ==
        json::parse(R"({"followers":[{"name":"webhook-shop","role":"destination","lsn":7,"lag_records":3,
    "lag_ms":1500,"connected":false,"told":0,"failures":0,"put_aside":2,"problem":"disconnected"}]})"));
  http::Overview overview;
  overview.add(1, figures_at(10), {webhook});
  overview.add(2, figures_at(10), {webhook});
  std::string page;
  http::append_overview(page, overview.page(1, 0, 10));
  const json::value parsed = json::parse(page);
  CHECK(text(parsed.at("columns").as_array().back()) == "lag:webhook-shop");
  CHECK(parsed.at("points").at(0).as_array().back().as_int64() == 3);
}
