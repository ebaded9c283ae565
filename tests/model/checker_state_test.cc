// The checker, before it is believed: answers that a plain wallet wouldn't give are found.
#include <doctest/doctest.h>

#include "tests/model/honest_server.h"

using namespace tests;
using Wrong = Violation::Kind;

TEST_CASE("found: a wrong balance, held, available") {
  auto server = opened();
  server.execute(hold("h1", 600));
  Event& event = server.execute(read());
  SUBCASE("balance") {
    replace(event, "\"balance\":1000", "\"balance\":999");
    CHECK(finds(server, Wrong::sum));
  }
  SUBCASE("held") { replace(event, "\"held\":600", "\"held\":0"); }
  SUBCASE("available") { replace(event, "\"available\":400", "\"available\":1000"); }
  CHECK(finds(server, Wrong::state));
}

TEST_CASE("found: a refusal without a reason, a success without means, a wrong fact") {
  auto server = opened();
  SUBCASE("refusal") {
    Event& event = server.execute(debit(300, "k1"));
    event.status = 402;
    event.body =
        R"({"code":"insufficient_funds","outcome":"not_executed","status":402,"available":1000,"requested":300})";
  }
  SUBCASE("success") {
    server.execute(hold("h1", 900));
    auto rich = opened();
    rich.execute(hold("h1", 9));
    server.history.push_back(rich.execute(debit(500, "k2")));
  }
  SUBCASE("fact") { replace(server.execute(debit(5000, "k3")), "\"available\":1000", "\"available\":999"); }
  CHECK(finds(server, Wrong::state));
}

TEST_CASE("found: a hold captured twice") {
  auto server = opened();
  server.execute(hold("h1", 600));
  const Event first = server.execute(capture("h1", 100, "k1"));
  auto again = opened();
  again.execute(credit(0));
  again.execute(hold("h1", 600));
  Event second = again.execute(capture("h1", 100, "k2"));
  second.invoked_ns += 10'000;
  second.returned_ns += 10'000;
  server.history.push_back(second);
  CHECK(finds(server, Wrong::state));
}

TEST_CASE("found: a hold that runs out too early, or not at all") {
  auto server = opened();
  server.execute(hold("h1", 600, 1));
  SUBCASE("too early") {
    server.expire("w", "h1");
    server.execute(read());
    CHECK(finds(server, Wrong::version));
  }
  SUBCASE("not at all") {
    server.pass_ms(2'000);
    server.execute(read());
    CHECK(finds(server, Wrong::state));
  }
}

TEST_CASE("found: a status that no request of the workload may get") {
  auto server = opened();
  server.execute(debit(1, "k1")).status = 500;
  CHECK(finds(server, Wrong::unexpected));
}
