// A thousand players want the last of 17 seats: one gets it, and only that one pays.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <latch>
#include <map>
#include <set>
#include <thread>
#include <vector>

#include "tests/http/api_words.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

constexpr int seats = 17, players = 1'000, connections = 40, players_per_connection = players / connections;
static_assert(players_per_connection <= 64);  // of one connection at once: beyond, the server doesn't read

std::string player_name(int i) { return "p" + std::to_string(i); }

std::string booking_of(const std::string& player, std::string_view more = {}) {
  return R"({"player":")" + player + R"(","pay":{"wallet":")" + player + "\"}" + std::string(more) + '}';
}

// Every player has the price of one seat. Players s0 … s15 have a seat already.
struct RaceFixture {
  TempDirectory directory;
  RunningServer server{directory.path()};
  Client client{server.port()};

  RaceFixture() {
    REQUIRE(client.ask("PUT", "/v1/matches/thu", R"({"seats":17,"price":{"amount":500,"currency":"EUR"}})").status ==
            201);
    for (int i = 0; i < seats - 1; ++i) {
      fund("s" + std::to_string(i));
      const auto booked = client.ask("POST", "/v1/matches/thu/bookings", booking_of("s" + std::to_string(i)));
      REQUIRE(booked.status == 201);
    }
    for (int i = 0; i < players; ++i) fund(player_name(i));
  }

  void fund(const std::string& wallet) {
    client.send(Client::text_of("PUT", "/v1/wallets/" + wallet, R"({"currency":"EUR"})", {}) +
                Client::text_of("POST", "/v1/wallets/" + wallet + "/credits", R"({"amount":500})", {}));
    REQUIRE(client.receive().status == 201);
    REQUIRE(client.receive().status == 200);
  }

  // All players ask at the same moment, each connection for its share at once. Answers by player.
  std::vector<Response> race(std::string_view more, bool with_keys) const {
    std::vector<Response> answers(players);
    std::latch start(connections);
    std::vector<std::thread> threads;
    for (int c = 0; c < connections; ++c)
      threads.emplace_back([&, c] {
        Client own(server.port());
        std::string text;
        for (int i = 0; i < players_per_connection; ++i) {
          const std::string player = player_name(c + i * connections);
          text += Client::text_of("POST", "/v1/matches/thu/bookings", booking_of(player, more),
                                  with_keys ? HeaderList{{"Idempotency-Key", "book-" + player}} : HeaderList{});
        }
        start.arrive_and_wait();
        own.send(text);
        for (int i = 0; i < players_per_connection; ++i)
          answers[static_cast<std::size_t>(c + i * connections)] = own.receive();
      });
    for (auto& thread : threads) thread.join();
    return answers;
  }

  json::value match() { return json::parse(client.get("/v1/matches/thu").body); }

  // Nobody but the winner has paid, or was touched at all.
  void check_wallets(int winner) {
    for (int i = 0; i < players; ++i) {
      const auto wallet = json::parse(client.get("/v1/wallets/" + player_name(i)).body);
      CHECK(wallet.at("balance").as_int64() == (i == winner ? 0 : 500));
      CHECK(wallet.at("version").as_int64() == (i == winner ? 3 : 2));
    }
  }
};

std::map<unsigned, int> count_by_status(const std::vector<Response>& answers) {
  std::map<unsigned, int> counts;
  for (const auto& answer : answers) ++counts[answer.status];
  return counts;
}

int winner_of(const std::vector<Response>& answers) {
  const auto found = std::ranges::find(answers, 201U, &Response::status);
  REQUIRE(found != answers.end());
  return static_cast<int>(found - answers.begin());
}

void check_full(const json::value& match, const std::string& winner) {
  CHECK(match.at("seats").as_int64() == seats);
  CHECK(match.at("taken").as_int64() == seats);
  CHECK(match.at("free").as_int64() == 0);
  std::set<std::string> names;
  for (const auto& player : match.at("players").as_array()) {
    CHECK(player.at("status").as_string() == "in");
    CHECK(player.at("paid_by").as_string() == "wallet");
    names.emplace(player.at("player").as_string());
  }
  CHECK(names.size() == seats);
  CHECK(names.contains(winner));
}

}  // namespace

TEST_CASE_FIXTURE(RaceFixture, "one of a thousand gets the last seat, the others are refused and keep their money") {
  const auto answers = race("", false);
  CHECK(count_by_status(answers) == std::map<unsigned, int>{{201, 1}, {409, 999}});
  for (const auto& answer : answers)
    if (answer.status == 409) CHECK(code_of(answer) == "match_full");
  const int winner = winner_of(answers);
  const auto booking = json::parse(answers[static_cast<std::size_t>(winner)].body);
  CHECK(booking.at("player").as_string() == player_name(winner));
  CHECK(booking.at("status").as_string() == "in");
  CHECK(booking.at("payment").at("wallet").as_string() == player_name(winner));
  CHECK(booking.at("payment").at("amount").as_int64() == 500);
  check_full(match(), player_name(winner));
  check_wallets(winner);
}

TEST_CASE_FIXTURE(RaceFixture, "the whole race again with the same keys: the same answers, and nothing happens") {
  const auto first = race("", true);
  CHECK(count_by_status(first) == std::map<unsigned, int>{{201, 1}, {409, 999}});
  const auto last = server.figures().last;
  const auto again = race("", true);
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK_FALSE(first[i].has("Idempotent-Replayed"));
    CHECK(again[i].header("Idempotent-Replayed") == "true");
    CHECK(again[i].status == first[i].status);
    CHECK(again[i].body == first[i].body);
  }
  CHECK(server.figures().last == last);
  check_full(match(), player_name(winner_of(first)));
  check_wallets(winner_of(first));
}

TEST_CASE_FIXTURE(RaceFixture,
                  "who would wait gets a place of one's own, and the freed seat goes to the first of them") {
  const auto answers = race(R"(,"or_waitlist":true)", false);
  CHECK(count_by_status(answers) == std::map<unsigned, int>{{201, 1}, {202, 999}});
  std::map<std::int64_t, int> player_by_position;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].status != 202) continue;
    const auto booking = json::parse(answers[i].body);
    CHECK(booking.at("status").as_string() == "waitlisted");
    player_by_position[booking.at("position").as_int64()] = static_cast<int>(i);
  }
  REQUIRE(player_by_position.size() == players - 1);
  CHECK(player_by_position.begin()->first == 1);
  CHECK(player_by_position.rbegin()->first == players - 1);
  check_wallets(winner_of(answers));

  const std::string winner = player_name(winner_of(answers));
  CHECK(client.ask("DELETE", "/v1/matches/thu/bookings/" + winner).status == 200);
  CHECK(json::parse(client.get("/v1/wallets/" + winner).body).at("balance").as_int64() == 500);
  const std::string next = player_name(player_by_position.at(1));
  check_full(match(), next);
  CHECK(match().at("waitlist").as_int64() == players - 2);
  CHECK(json::parse(client.get("/v1/wallets/" + next).body).at("balance").as_int64() == 0);
}
