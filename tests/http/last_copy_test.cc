// Fifty who pick want the last copy: one gets it, and the stock never goes below zero.
#include <doctest/doctest.h>

#include <algorithm>
#include <latch>
#include <thread>
#include <vector>

#include "tests/http/client.h"
#include "tests/http/running_server.h"

using namespace tests::http;

TEST_CASE("fifty pick the last copy at once: one gets it, and there is none below zero") {
  constexpr int pickers = 50;
  TempDirectory directory;
  RunningServer server{directory.path()};
  Client client{server.port()};
  REQUIRE(client.ask("PUT", "/v1/items/book", R"({"quantity":1})").status == 201);
  std::vector<Response> answers(pickers);
  std::latch start(pickers);
  std::vector<std::thread> threads;
  for (int i = 0; i < pickers; ++i)
    threads.emplace_back([&, i] {
      Client own(server.port());
      start.arrive_and_wait();
      answers[static_cast<std::size_t>(i)] = own.ask("POST", "/v1/items/book/picks", R"({"quantity":1})");
    });
  for (auto& thread : threads) thread.join();
  CHECK(std::ranges::count(answers, 200U, &Response::status) == 1);
  CHECK(std::ranges::count(answers, 409U, &Response::status) == pickers - 1);
  for (const Response& answer : answers)
    if (answer.status == 409) CHECK(answer.body.find("\"code\":\"out_of_stock\"") != std::string::npos);
  const std::string item = client.get("/v1/items/book").body;
  CHECK(item.find("\"on_hand\":0,") != std::string::npos);
  CHECK(item.find("\"version\":2,") != std::string::npos);
}
