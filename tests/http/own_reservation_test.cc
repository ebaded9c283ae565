// What an order reserves for itself is nobody else's: clients see its name in the log and can do nothing with it.
#include <doctest/doctest.h>

#include <chrono>

#include "tests/http/api_words.h"
#include "tests/http/running_server.h"

using namespace tests::http;

namespace {

constexpr const char* order_by_card =
    R"({"order":"o1","lines":[{"item":"ball","quantity":2}],"pay":{"card":{"token":"tok_slow"},"amount":700,"currency":"EUR"}})";

// The reservation's name, as the log tells it.
std::string name_in(const std::string& log) {
  const std::string member = R"("reservation":")";
  const auto at = log.find(member);
  REQUIRE(at != std::string::npos);
  const auto from = at + member.size();
  return log.substr(from, log.find('"', from) - from);
}

std::string ended(Client& client) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(15);
  std::string status = "pending";
  while (status == "pending" && std::chrono::steady_clock::now() < limit)
    status = text(client.get("/v1/orders/o1"), "status");
  return status;
}

}  // namespace

TEST_CASE("an order's own reservation can't be committed, released or made by a client, and the stock stays whole") {
  const TempDirectory directory;
  const RunningServer server(directory.path());
  Client client(server.port());
  REQUIRE(client.ask("PUT", "/v1/items/ball", R"({"quantity":10})").status == 201);
  REQUIRE(client.ask("POST", "/v1/orders", order_by_card).status == 202);
  const std::string name = name_in(client.get("/v1/log?after=0").body);
  CHECK(name.starts_with("~"));
  for (const std::string& shown : {name, "%7E" + name.substr(1)})
    for (const char* what : {"/commit", "/release"}) {
      const auto refused = client.ask("POST", "/v1/items/ball/reservations/" + shown + what, "{}");
      CHECK(refused.status == 400);
      CHECK(code_of(refused) == "invalid_id");
    }
  const auto made = client.ask("POST", "/v1/items/ball/reservations", R"({"reservation":"~mine","quantity":1})");
  CHECK(code_of(made) == "invalid_id");
  CHECK(text(made, "pointer") == "/reservation");
  const auto held = client.ask("POST", "/v1/wallets/ann/holds", R"({"hold":"~mine","amount":1})");
  CHECK(code_of(held) == "invalid_id");
  const auto part =
      client.ask("POST", "/v1/transactions", R"({"commands":[{"item":"ball","reserve":1,"reservation":"~mine"}]})");
  CHECK(code_of(part) == "invalid_id");
  CHECK(number(client.get("/v1/items/ball"), "reserved") == 2);

  CHECK(ended(client) == "confirmed");
  const auto ball = client.get("/v1/items/ball");
  CHECK(number(ball, "on_hand") == 8);
  CHECK(number(ball, "reserved") == 0);
}
