// The rows of API.md's match table: seats for money, passes and cards, attempts, the waiting list, paused payments.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <chrono>

#include "tests/http/api_words.h"
#include "tests/http/running_server.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

constexpr const char* bookings = "/v1/matches/thu/bookings";
constexpr const char* waitlist = "/v1/matches/thu/waitlist";

std::string by_wallet(const std::string& player, std::string_view more = {}) {
  return R"({"player":")" + player + R"(","pay":{"wallet":")" + player + "\"}" + std::string(more) + '}';
}

std::string by_pass(const std::string& player, const std::string& pass) {
  return R"({"player":")" + player + R"(","pay":{"pass":")" + pass + "\"}}";
}

std::string by_card(const std::string& player, const std::string& token) {
  return R"({"player":")" + player + R"(","pay":{"card":{"token":")" + token + "\"}}}";
}

struct MatchFixture {
  TempDirectory directory;
  RunningServer server{directory.path()};
  Client client{server.port()};

  Response post(const std::string& target, std::string_view body, const HeaderList& headers = {}) {
    return client.ask("POST", target, body, headers);
  }
  void open(int seats, const std::string& more = {}) {
    const std::string body =
        R"({"seats":)" + std::to_string(seats) + R"(,"price":{"amount":500,"currency":"EUR"})" + more + '}';
    REQUIRE(client.ask("PUT", "/v1/matches/thu", body).status == 201);
  }
  void fund(const std::string& wallet, int money) {
    REQUIRE(client.ask("PUT", "/v1/wallets/" + wallet, R"({"currency":"EUR"})").status == 201);
    if (money > 0)
      REQUIRE(post("/v1/wallets/" + wallet + "/credits", "{\"amount\":" + std::to_string(money) + '}').status == 200);
  }
  std::int64_t balance(const std::string& wallet) { return number(client.get("/v1/wallets/" + wallet), "balance"); }
  Response match() { return client.get("/v1/matches/thu"); }

  // "in by card", or "" when the player isn't there.
  std::string seat_of(const std::string& player) {
    const auto shown = json::parse(match().body);
    for (const auto& one : shown.at("players").as_array())
      if (one.at("player").as_string() == player)
        return std::string(one.at("status").as_string()) + " by " + std::string(one.at("paid_by").as_string());
    return "";
  }

  // Waits for records until the condition holds. What stands in the answer then is the caller's to check.
  template <class Condition>
  Response wait_for(const std::string& target, const Condition& condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(15);
    for (;;) {
      const auto next = server.figures().last.value + 1;
      auto response = client.get(target);
      if (condition(response) || std::chrono::steady_clock::now() > limit) return response;
      client.get(target, {{"Tote-Min-Lsn", std::to_string(next)}, {"Tote-Deadline-Ms", "1000"}});
    }
  }
  json::value ended_saga(const std::string& id) {
    const auto is_over = [](const Response& saga) {
      return text(saga, "status") == "completed" || text(saga, "status") == "compensated";
    };
    return json::parse(wait_for("/v1/sagas/" + id, is_over).body);
  }
  std::string book_by_card(const std::string& player, const std::string& token) {
    const auto booked = post(bookings, by_card(player, token));
    CHECK(booked.status == 202);
    CHECK(text(booked, "status") == "pending");
    return text(booked, "saga");
  }
  // Three card bookings whose refunds find nothing to be paid from.
  void pause_payments() {
    for (const char* player : {"c1", "c2", "c3"})
      CHECK(ended_saga(book_by_card(player, "tok_ok")).at("status") == "completed");
    REQUIRE(client.ask("PUT", "/test-gateway/balance", R"({"amount":0})").status == 200);
    for (const char* player : {"c1", "c2", "c3"})
      CHECK(client.ask("DELETE", bookings + ('/' + std::string(player))).status == 200);
    const auto is_paused = [](const Response& queue) { return text(queue, "card_payments") == "paused"; };
    CHECK(text(wait_for("/v1/refunds", is_paused), "card_payments") == "paused");
  }
};

}  // namespace

TEST_CASE_FIXTURE(MatchFixture, "PUT opens a match once, confirms the same settings, refuses others") {
  const auto first = client.ask("PUT", "/v1/matches/thu", R"({"seats":17,"price":{"amount":500,"currency":"EUR"}})");
  CHECK(first.status == 201);
  CHECK(first.body == R"({"id":"thu","seats":17,"taken":0,"free":17,"waitlist":0,"version":1,"lsn":1,)"
                      R"("price":{"amount":500,"currency":"EUR"},"players":[]})");
  CHECK(first.header("ETag") == "\"v1\"");
  const auto again = client.ask("PUT", "/v1/matches/thu",
                                R"({"seats":17,"price":{"currency":"EUR","amount":500},"attempts_max":5,)"
                                R"("attempts_window_s":900})");
  CHECK(again.status == 200);
  CHECK(number(again, "version") == 1);
  for (const char* body :
       {R"({"seats":18,"price":{"amount":500,"currency":"EUR"}})",
        R"({"seats":17,"price":{"amount":501,"currency":"EUR"}})",
        R"({"seats":17,"price":{"amount":500,"currency":"USD"}})",
        R"({"seats":17,"price":{"amount":500,"currency":"EUR"},"attempts_max":6})",
        R"({"seats":17,"price":{"amount":500,"currency":"EUR"},"attempts_window_s":60})",
        R"({"seats":17,"price":{"amount":500,"currency":"EUR"},"starts_at":"2200-01-01T00:00:00Z"})"})
    CHECK_MESSAGE(code_of(client.ask("PUT", "/v1/matches/thu", body)) == "already_exists", std::string(body));
}

TEST_CASE_FIXTURE(MatchFixture,
                  "a wallet pays for a seat in one record, and gets the money back when it is cancelled") {
  open(2);
  fund("p1", 700);
  const auto booked = post(bookings, by_wallet("p1"));
  CHECK(booked.status == 201);
  CHECK(booked.body == R"({"match":"thu","player":"p1","status":"in","version":2,"lsn":4,)"
                       R"("payment":{"method":"wallet","wallet":"p1","amount":500,"currency":"EUR"}})");
  CHECK(balance("p1") == 200);
  CHECK(number(client.get("/v1/wallets/p1"), "lsn") == 4);
  CHECK(seat_of("p1") == "in by wallet");
  const auto cancelled = client.ask("DELETE", bookings + std::string("/p1"));
  CHECK(cancelled.status == 200);
  CHECK(text(cancelled, "status") == "cancelled");
  CHECK(balance("p1") == 700);
  CHECK(number(match(), "free") == 2);
  CHECK(code_of(client.ask("DELETE", bookings + std::string("/p1"))) == "not_booked");
}

TEST_CASE_FIXTURE(MatchFixture, "who can't have a seat is told why, and pays nothing") {
  open(1);
  fund("poor", 499);
  fund("p1", 1'000);
  fund("p2", 1'000);
  CHECK(client.ask("PUT", "/v1/wallets/yen", R"({"currency":"JPY","overdraft_limit":9000})").status == 201);
  const auto poor = post(bookings, by_wallet("poor"));
  CHECK(poor.status == 402);
  CHECK(code_of(poor) == "insufficient_funds");
  CHECK(number(poor, "available") == 499);
  CHECK(number(poor, "requested") == 500);
  CHECK(code_of(post(bookings, by_wallet("yen"))) == "currency_mismatch");
  CHECK(code_of(post(bookings, by_wallet("nobody"))) == "not_found");
  CHECK(code_of(post("/v1/matches/none/bookings", by_wallet("p1"))) == "not_found");
  CHECK(code_of(client.get("/v1/matches/none")) == "not_found");
  CHECK(code_of(post(bookings, R"({"player":"p1"})")) == "payment_required");
  CHECK(code_of(post(bookings, R"({"player":"p1","pay":{}})")) == "invalid_request");
  CHECK(code_of(post(bookings, R"({"player":"p1","pay":{"wallet":"p1","pass":"season"}})")) == "invalid_request");
  CHECK(code_of(post(bookings, R"({"player":"p 1","pay":{"wallet":"p1"}})")) == "invalid_id");
  CHECK(post(bookings, by_wallet("p1")).status == 201);
  CHECK(code_of(post(bookings, by_wallet("p1"))) == "already_booked");
  CHECK(code_of(post(bookings, by_wallet("p2"))) == "match_full");
  CHECK(code_of(post(bookings, by_wallet("p2"), {{"If-Match", "\"v1\""}})) == "version_mismatch");
  CHECK(balance("poor") == 499);
  CHECK(balance("p1") == 500);
  CHECK(balance("p2") == 1'000);
}

TEST_CASE_FIXTURE(MatchFixture, "nothing is sold of a match that has started") {
  open(2, R"(,"starts_at":"2020-01-01T00:00:00Z")");
  fund("p1", 500);
  CHECK(text(match(), "starts_at") == "2020-01-01T00:00:00.000Z");
  CHECK(code_of(post(bookings, by_wallet("p1"))) == "sales_closed");
  CHECK(code_of(post(bookings, by_card("p1", "tok_ok"))) == "sales_closed");
  CHECK(code_of(post(waitlist, by_wallet("p1"))) == "sales_closed");
  CHECK(balance("p1") == 500);
}

TEST_CASE_FIXTURE(MatchFixture, "refused attempts count, replays don't, and the sixth is told how long to wait") {
  open(2);
  fund("p1", 0);
  fund("p2", 500);
  for (int i = 1; i <= 5; ++i) {
    const std::string key = "try-" + std::to_string(i);
    for (int repeat = 0; repeat < 4; ++repeat)
      CHECK(code_of(post(bookings, by_wallet("p1"), {{"Idempotency-Key", key}})) == "insufficient_funds");
  }
  CHECK(post("/v1/wallets/p1/credits", R"({"amount":500})").status == 200);
  const auto last = server.figures().last;
  const auto refused = post(bookings, by_wallet("p1"), {{"Idempotency-Key", "try-6"}});
  CHECK(refused.status == 429);
  CHECK(code_of(refused) == "too_many_attempts");
  const std::int64_t retry_after_s = std::stoll(refused.header("Retry-After"));
  CHECK(retry_after_s > 880);
  CHECK(retry_after_s <= 900);
  CHECK(number(refused, "retry_after_s") == retry_after_s);
  CHECK(server.figures().last == last);
  CHECK(code_of(client.get("/v1/outcomes/try-6")) == "outcome_unknown");
  CHECK(code_of(post(bookings, by_wallet("p1"), {{"Idempotency-Key", "try-5"}})) == "insufficient_funds");
  CHECK(balance("p1") == 500);
  CHECK(post(bookings, by_wallet("p2")).status == 201);
}

TEST_CASE_FIXTURE(MatchFixture, "attempts are allowed again when the window has passed, with the same key") {
  open(2, R"(,"attempts_max":1,"attempts_window_s":1)");
  fund("p1", 0);
  CHECK(code_of(post(bookings, by_wallet("p1"))) == "insufficient_funds");
  CHECK(post("/v1/wallets/p1/credits", R"({"amount":500})").status == 200);
  const HeaderList key = {{"Idempotency-Key", "again"}};
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(15);
  auto booked = post(bookings, by_wallet("p1"), key);
  while (booked.status == 429 && std::chrono::steady_clock::now() < limit) {
    CHECK(booked.header("Retry-After") == "1");
    client.get("/v1/matches/thu", {{"Tote-Min-Lsn", "999"}, {"Tote-Deadline-Ms", "50"}});
    booked = post(bookings, by_wallet("p1"), key);
  }
  CHECK(booked.status == 201);
  CHECK_FALSE(booked.has("Idempotent-Replayed"));
}

TEST_CASE_FIXTURE(MatchFixture, "a freed seat goes to the first who can pay, the others keep their places") {
  open(1);
  fund("p1", 500);
  fund("poor", 0);
  fund("p2", 500);
  fund("p3", 500);
  CHECK(post(bookings, by_wallet("p1")).status == 201);
  const auto first = post(bookings, by_wallet("poor", R"(,"or_waitlist":true)"));
  CHECK(first.status == 202);
  CHECK(first.body == R"({"match":"thu","player":"poor","status":"waitlisted","position":1,"version":3,"lsn":10})");
  CHECK(number(post(waitlist, by_wallet("p2")), "position") == 2);
  CHECK(number(post(waitlist, by_wallet("p3")), "position") == 3);
  const auto again = post(waitlist, by_wallet("p2"));
  CHECK(again.status == 202);
  CHECK(number(again, "position") == 2);
  CHECK(code_of(post(waitlist, by_wallet("p1"))) == "already_booked");
  CHECK(number(match(), "waitlist") == 3);

  CHECK(client.ask("DELETE", bookings + std::string("/p1")).status == 200);
  CHECK(seat_of("p1") == "");
  CHECK(seat_of("p2") == "in by wallet");
  CHECK(balance("p1") == 500);
  CHECK(balance("p2") == 0);
  CHECK(number(match(), "free") == 0);
  CHECK(number(post(waitlist, by_wallet("poor")), "position") == 1);
  CHECK(number(post(waitlist, by_wallet("p3")), "position") == 2);

  const auto left = client.ask("DELETE", waitlist + std::string("/p3"));
  CHECK(left.status == 200);
  CHECK(code_of(client.ask("DELETE", waitlist + std::string("/p3"))) == "not_booked");
  CHECK(client.ask("DELETE", bookings + std::string("/p2")).status == 200);
  CHECK(number(match(), "free") == 1);
  CHECK(number(match(), "waitlist") == 1);
  CHECK(balance("p3") == 500);
}

TEST_CASE_FIXTURE(MatchFixture, "who joins the waiting list while a seat is free is in at once") {
  open(1);
  fund("p1", 500);
  const auto joined = post(waitlist, by_wallet("p1"));
  CHECK(joined.status == 201);
  CHECK(text(joined, "status") == "in");
  CHECK(balance("p1") == 0);
  CHECK(number(match(), "waitlist") == 0);
}

TEST_CASE_FIXTURE(MatchFixture, "a pass lets in its own player while it is valid, and costs nothing") {
  open(4);
  CHECK(client.ask("PUT", "/v1/passes/season", R"({"player":"p1"})").status == 201);
  CHECK(client.ask("PUT", "/v1/passes/guest", "{}").status == 201);
  CHECK(client.ask("PUT", "/v1/passes/old", R"({"valid_until":"2020-01-01T00:00:00Z"})").status == 201);
  CHECK(client.ask("PUT", "/v1/passes/lost", "{}").status == 201);
  CHECK(text(post("/v1/passes/lost/revoke", ""), "status") == "revoked");
  const auto booked = post(bookings, by_pass("p1", "season"));
  CHECK(booked.status == 201);
  CHECK(json::parse(booked.body).at("payment") == json::value{{"method", "pass"}, {"pass", "season"}});
  CHECK(seat_of("p1") == "in by pass");
  for (const char* pass : {"season", "old", "lost", "none"}) {
    const auto refused = post(bookings, by_pass("p2", pass));
    CHECK_MESSAGE(refused.status == 402, std::string(pass));
    CHECK_MESSAGE(code_of(refused) == "payment_required", std::string(pass));
  }
  CHECK(post(bookings, by_pass("p2", "guest")).status == 201);
  CHECK(client.ask("DELETE", bookings + std::string("/p1")).status == 200);
  CHECK(number(match(), "taken") == 1);
}

TEST_CASE_FIXTURE(MatchFixture,
                  "every card of the test gateway: in when it was charged, once, and else the seat is free") {
  open(6);
  for (const char* token :
       {"tok_ok", "tok_slow", "tok_unreachable", "tok_lost_answer", "tok_declined", "tok_unknown"}) {
    const bool is_declined = std::string_view(token) == "tok_declined" || std::string_view(token) == "tok_unknown";
    const std::string saga_id = book_by_card(token, token);
    CHECK(saga_id.starts_with("booking:"));
    const auto saga = ended_saga(saga_id);
    CHECK_MESSAGE(saga.at("status") == (is_declined ? "compensated" : "completed"), std::string(token));
    CHECK_MESSAGE(seat_of(token) == (is_declined ? "" : "in by card"), std::string(token));
    const auto& charge = saga.at("steps").at(1);
    CHECK(charge.at("name") == "charge");
    CHECK(charge.at("status") == (is_declined ? "failed" : "completed"));
    const int attempts = token == std::string_view("tok_unreachable")   ? 3
                         : token == std::string_view("tok_lost_answer") ? 2
                                                                        : 1;
    CHECK_MESSAGE(charge.at("attempts") == attempts, std::string(token));
    CHECK((charge.as_object().if_contains("error") != nullptr) == is_declined);
  }
  CHECK(number(match(), "taken") == 4);
  CHECK(number(match(), "free") == 2);
  const auto charges = json::parse(client.get("/test-gateway/charges").body).as_array();
  CHECK(charges.size() == 4);
  for (const auto& charge : charges) {
    CHECK(charge.at("amount") == 500);
    CHECK(charge.at("currency") == "EUR");
    CHECK(charge.at("status") == "succeeded");
  }
  CHECK(json::parse(client.get("/test-gateway/refunds").body).as_array().empty());
}

TEST_CASE_FIXTURE(MatchFixture,
                  "while a card is charged its seat is held: nobody else gets it, nor can it be cancelled") {
  open(1);
  fund("p2", 500);
  const HeaderList key = {{"Idempotency-Key", "card"}};
  const auto asked = post(bookings, by_card("p1", "tok_slow"), key);
  CHECK(asked.status == 202);
  CHECK(seat_of("p1") == "pending by card");
  CHECK(code_of(post(bookings, by_wallet("p2"))) == "match_full");
  CHECK(code_of(post(bookings, by_wallet("p1"))) == "already_booked");
  CHECK(ended_saga(text(asked, "saga")).at("status") == "completed");
  CHECK(seat_of("p1") == "in by card");
  const auto again = post(bookings, by_card("p1", "tok_slow"), key);
  CHECK(again.status == 202);
  CHECK(again.body == asked.body);
  CHECK(again.header("Idempotent-Replayed") == "true");
  CHECK(json::parse(client.get("/test-gateway/charges").body).as_array().size() == 1);
}

TEST_CASE_FIXTURE(MatchFixture,
                  "a cancelled card booking is paid back through the queue, and the next card in line is asked") {
  open(1);
  CHECK(ended_saga(book_by_card("p1", "tok_ok")).at("status") == "completed");
  CHECK(number(post(waitlist, by_card("p2", "tok_declined")), "position") == 1);
  CHECK(number(post(waitlist, by_card("p3", "tok_ok")), "position") == 2);
  CHECK(client.ask("DELETE", bookings + std::string("/p1")).status == 200);
  const auto has_p3 = [&](const Response&) { return seat_of("p3") == "in by card"; };
  wait_for("/v1/matches/thu", has_p3);
  CHECK(seat_of("p3") == "in by card");
  CHECK(seat_of("p2") == "");
  CHECK(number(match(), "waitlist") == 1);
  const auto is_paid_back = [](const Response& queue) {
    const auto refunds = json::parse(queue.body).at("refunds").as_array();
    return refunds.size() == 1 && refunds[0].at("status") == "succeeded";
  };
  CHECK(is_paid_back(wait_for("/v1/refunds", is_paid_back)));
  const auto paid_back = json::parse(client.get("/test-gateway/refunds").body).as_array();
  REQUIRE(paid_back.size() == 1);
  CHECK(paid_back[0].at("amount") == 500);
}

TEST_CASE_FIXTURE(MatchFixture, "a booking that is cancelled while its card is charged is undone and refunded once") {
  open(1);
  const std::string saga = book_by_card("p1", "tok_slow");
  const auto wished = client.ask("DELETE", bookings + std::string("/p1"));
  CHECK(wished.status == 202);
  CHECK(text(wished, "status") == "cancelling");
  CHECK(client.ask("DELETE", bookings + std::string("/p1")).status == 202);
  CHECK(seat_of("p1") == "cancelling by card");
  CHECK(ended_saga(saga).at("status") == "compensated");
  CHECK(seat_of("p1") == "");
  CHECK(number(match(), "free") == 1);
  CHECK(code_of(client.ask("DELETE", bookings + std::string("/p1"))) == "not_booked");
  const auto is_paid_back = [](const Response& queue) {
    const auto refunds = json::parse(queue.body).at("refunds").as_array();
    return refunds.size() == 1 && refunds[0].at("status") == "succeeded";
  };
  CHECK(is_paid_back(wait_for("/v1/refunds", is_paid_back)));
}

TEST_CASE_FIXTURE(MatchFixture,
                  "who waits without money is in as soon as the wallet has it, and nobody passes meanwhile") {
  open(1);
  fund("p1", 500);
  fund("p2", 0);
  fund("p3", 500);
  REQUIRE(post(bookings, by_wallet("p1")).status == 201);
  REQUIRE(post(waitlist, by_wallet("p2")).status == 202);
  REQUIRE(client.ask("DELETE", bookings + std::string("/p1")).status == 200);
  CHECK(number(match(), "free") == 1);
  REQUIRE(post("/v1/wallets/p2/credits", R"({"amount":500})").status == 200);
  CHECK(code_of(post(bookings, by_wallet("p3"))) == "match_full");
  CHECK(seat_of("p2") == "in by wallet");
  CHECK(balance("p2") == 0);
}

TEST_CASE_FIXTURE(MatchFixture, "a pass that is revoked frees its seat, and says why") {
  open(1);
  REQUIRE(client.ask("PUT", "/v1/passes/season", "{}").status == 201);
  REQUIRE(post(bookings, R"({"player":"p1","pay":{"pass":"season"}})").status == 201);
  CHECK(post("/v1/passes/season/revoke", R"({"reason":"left the club"})").status == 200);
  CHECK(seat_of("p1") == "");
  CHECK(number(match(), "free") == 1);
}

TEST_CASE_FIXTURE(MatchFixture, "a match shows its first 100 players, and all of them page by page") {
  open(250);
  fund("bank", 250 * 500);
  for (int i = 100; i < 350; ++i)
    REQUIRE(post(bookings, "{\"player\":\"p" + std::to_string(i) + R"(","pay":{"wallet":"bank"}})").status == 201);
  CHECK(number(match(), "taken") == 250);
  CHECK(json::parse(match().body).at("players").as_array().size() == 100);
  std::string after;
  std::vector<std::string> seen;
  for (int pages = 0; pages < 5; ++pages) {
    const auto page = json::parse(client.get("/v1/matches/thu/players?limit=90" + after).body).as_object();
    CHECK(page.size() == 2);
    for (const auto& one : page.at("players").as_array()) seen.emplace_back(one.at("player").as_string());
    if (page.at("next").is_null()) break;
    after = "&after=" + std::string(page.at("next").as_string());
  }
  REQUIRE(seen.size() == 250);
  CHECK(seen.front() == "p100");
  CHECK(seen.back() == "p349");
  CHECK(client.get("/v1/matches/thu/players?limit=1001").status == 400);
  CHECK(client.get("/v1/matches/thu/players?before=p1").status == 400);
  CHECK(client.get("/v1/matches/fri/players").status == 404);
  // A step of the history has figures, no players.
  const auto history = client.get("/v1/matches/thu/history?limit=250");
  CHECK(history.body.size() < 250 * 400);
}

TEST_CASE_FIXTURE(MatchFixture, "three refunds that lack funds pause card payments, until an operator resumes them") {
  open(5);
  fund("p1", 500);
  pause_payments();
  CHECK(code_of(post(bookings, by_card("p2", "tok_ok"))) == "payments_paused");
  CHECK(seat_of("p2") == "");
  CHECK(post(bookings, by_wallet("p1")).status == 201);
  CHECK(code_of(post("/v1/payments/resume", "{}")) == "invalid_request");
  CHECK(code_of(post("/v1/payments/resume", R"({"reason":""})")) == "invalid_request");
  const auto resumed = post("/v1/payments/resume", R"({"reason":"the account is filled"})");
  CHECK(resumed.status == 200);
  CHECK(text(resumed, "card_payments") == "running");
  CHECK(ended_saga(book_by_card("p2", "tok_ok")).at("status") == "completed");
  CHECK(seat_of("p2") == "in by card");
}
