// The test gateway's own paths: behind the tokens, and each tenant's own.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <chrono>

#include "tests/http/api_words.h"
#include "tests/http/running_server.h"
#include "tests/support/token_hashes.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

const HeaderList shop_only{{"Authorization", "Bearer secret-a"}}, club_only{{"Authorization", "Bearer secret-b"}};

tote::http::ServerOptions two_shops() {
  tote::http::ServerOptions options;
  options.tenants = {{"shop", {tests::secret_a_sha256}}, {"club", {tests::secret_b_sha256}}};
  return options;
}

// Buys one ball by card, and waits until it is paid for.
std::string buy(Client& client, const HeaderList& tenant, int amount) {
  REQUIRE(client.ask("PUT", "/v1/items/ball", R"({"quantity":3})", tenant).status == 201);
  const auto placed = client.ask("POST", "/v1/orders",
                                 R"({"order":"o1","lines":[{"item":"ball","quantity":1}],"pay":{"card":)"
                                 R"({"token":"tok_ok"},"amount":)" +
                                     std::to_string(amount) + R"(,"currency":"EUR"}})",
                                 tenant);
  REQUIRE(placed.status == 202);
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(15);
  std::string status = "pending";
  while (status == "pending" && std::chrono::steady_clock::now() < limit)
    status = text(client.get("/v1/orders/o1", tenant), "status");
  return status;
}

}  // namespace

TEST_CASE("the test gateway asks for a token where tenants have them, and shows and keeps each tenant's own") {
  const TempDirectory directory;
  const RunningServer server(directory.path(), two_shops());
  Client client(server.port());
  CHECK(buy(client, shop_only, 700) == "confirmed");
  CHECK(buy(client, club_only, 300) == "confirmed");
  for (const auto& [tenant, name, amount] : {std::tuple{shop_only, "shop", 700}, std::tuple{club_only, "club", 300}}) {
    const auto charges = json::parse(client.get("/test-gateway/charges", tenant).body).as_array();
    REQUIRE(charges.size() == 1);
    CHECK(charges[0].at("amount").as_int64() == amount);
    CHECK(std::string(charges[0].at("key").as_string()).starts_with(std::string(name) + "/order:o1:"));
    CHECK(client.get("/test-gateway/refunds", tenant).body == "[]");
  }
  CHECK(client.ask("PUT", "/test-gateway/balance", R"({"amount":0})", shop_only).status == 200);
  for (const char* path : {"/test-gateway/charges", "/test-gateway/refunds"}) {
    Client nobody(server.port());
    const auto refused = nobody.get(path);
    CHECK(refused.status == 401);
    CHECK(code_of(refused) == "unauthorized");
  }
  Client nobody(server.port());
  CHECK(nobody.ask("PUT", "/test-gateway/balance", R"({"amount":5})").status == 401);
}
