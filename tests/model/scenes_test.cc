// Scenes of a sportsbook and a shop that must go right, over HTTP and at once.
#include <doctest/doctest.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <csignal>
#include <functional>
#include <thread>

#include "tests/cli/program.h"
#include "tests/support/aftermath.h"
#include "tests/support/load.h"
#include "tests/support/session.h"

using namespace tests;
using tote::cli::test::Server;
using tote::cli::test::TempDirectory;

namespace {

using Kind = Operation::Kind;

const std::string player = "player";

Operation bet(std::int64_t stake, std::string key) {
  return {.kind = Kind::debit, .wallet = player, .amount = stake, .key = std::move(key)};
}

class Scene {
 public:
  Scene() : server_(directory_.file("data")) { REQUIRE_MESSAGE(server_.ready(), server_.child().err()); }

  std::uint16_t port() const { return static_cast<std::uint16_t>(server_.port()); }
  tote::cli::test::Child& child() { return server_.child(); }

  const Event& ask(const Operation& operation) {
    Session session(port(), history);
    REQUIRE(session.connect());
    REQUIRE(session.ask(operation));
    return history.back();
  }

  void open(std::int64_t balance) {
    CHECK(ask({.kind = Kind::open, .wallet = player}).status == 201);
    CHECK(ask({.kind = Kind::credit, .wallet = player, .amount = balance}).status == 200);
  }

  // Every operation on a connection of its own, all let go at the same moment. Their events, in the same order.
  History at_once(const std::vector<Operation>& operations) {
    std::vector<History> told(operations.size());
    std::barrier start(static_cast<std::ptrdiff_t>(operations.size()));
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < operations.size(); ++i)
      threads.emplace_back([&, i] {
        Session session(port(), told[i]);
        const bool connected = session.connect();
        start.arrive_and_wait();
        if (connected) session.ask(operations[i]);
      });
    for (auto& thread : threads) thread.join();
    History events;
    for (auto& one : told) events.insert(events.end(), one.begin(), one.end());
    history.insert(history.end(), events.begin(), events.end());
    return events;
  }

  void check_history() {
    ask({.wallet = player});
    const auto verdict = check(history);
    CHECK_MESSAGE(verdict.violations.empty(), verdict.text());
  }

  History history;

 private:
  TempDirectory directory_;
  Server server_;
};

std::size_t count(const History& events, const std::function<bool(const Event&)>& is) {
  return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), is));
}

}  // namespace

TEST_CASE("5, 20 and 200 bets of one player at once are all answered, far inside the provider's two seconds") {
  Scene scene;
  scene.open(1'000'000);
  for (const std::size_t bets : {5, 20, 200}) {
    std::vector<Operation> all;
    for (std::size_t i = 0; i < bets; ++i) all.push_back(bet(100, "bet-" + std::to_string(bets * 1000 + i)));
    const History told = scene.at_once(all);
    CHECK(count(told, [](const Event& event) { return event.status == 200; }) == bets);
    std::int64_t slowest_ns = 0;
    for (const auto& event : told) slowest_ns = std::max(slowest_ns, event.returned_ns - event.invoked_ns);
    MESSAGE(bets << " bets, the slowest after " << slowest_ns / 1000 << " us");
    CHECK(slowest_ns < 2'000'000'000);
  }
  scene.check_history();
}

TEST_CASE("200 bets at once for money that is enough for 120: 120 are taken") {
  Scene scene;
  scene.open(12'000);
  std::vector<Operation> all;
  for (std::size_t i = 0; i < 200; ++i) all.push_back(bet(100, "bet-" + std::to_string(i)));
  const History told = scene.at_once(all);
  CHECK(count(told, [](const Event& event) { return event.status == 200; }) == 120);
  CHECK(count(told, [](const Event& event) { return event.status == 402; }) == 80);
  scene.check_history();
}

TEST_CASE("the same payment sent five times at once happens once, and all five hear the same") {
  Scene scene;
  scene.open(10'000);
  for (int round = 0; round < 50; ++round) {
    const History told = scene.at_once(std::vector<Operation>(5, bet(7, "payment-" + std::to_string(round))));
    REQUIRE(told.size() == 5);
    for (const auto& event : told) CHECK(event.body == told.front().body);
    CHECK(count(told, [](const Event& event) { return event.status == 200; }) == 5);
    CHECK(count(told, [](const Event& event) { return event.replayed_headers == 0; }) == 1);
  }
  CHECK(scene.ask({.wallet = player}).body.find("\"balance\":9650") != std::string::npos);
  scene.check_history();
}

TEST_CASE("a hold that nobody closes runs out by itself") {
  Scene scene;
  scene.open(100);
  const Event held =
      scene.ask({.kind = Kind::hold, .wallet = player, .hold = "h", .amount = 60, .expires_in_s = 1, .key = "hold"});
  CHECK(held.status == 201);
  // Asked for until it is so: the record of the expiry is the next after the hold's.
  const Event after = scene.ask({.wallet = player, .min_lsn = held.lsn + 1});
  CHECK(after.body.find("\"held\":0,\"available\":100,\"version\":4") != std::string::npos);
  CHECK(after.returned_ns - held.returned_ns > 900'000'000);
  CHECK(scene.ask({.kind = Kind::capture, .wallet = player, .hold = "h", .key = "late"}).status == 409);
  scene.check_history();
}

TEST_CASE("SIGTERM under load: what was accepted is answered, and the program ends with 0") {
  Random random(choose_seed());
  Scene scene;
  World world;
  Load load(world, {.port = scene.port(), .seed = random()});
  load.wait_for(2'000);
  scene.child().signal(SIGTERM);
  CHECK(scene.child().wait() == 0);
  scene.history = load.finish();
  end_unanswered(scene.history);
  const auto verdict = check(scene.history);
  CHECK_MESSAGE(verdict.violations.empty(), verdict.text());
}
