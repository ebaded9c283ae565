// The checker, before it is believed: right histories pass, and each way to be wrong is found.
#include <doctest/doctest.h>

#include "tests/model/honest_server.h"

using namespace tests;
using Wrong = Violation::Kind;

TEST_CASE("a right history passes: changes, refusals, reads, replays") {
  auto server = opened();
  const Event first = server.execute(debit(300, "k1"));
  server.repeat(first);
  server.execute(debit(5000, "k2"));
  server.execute(debit(5000));
  server.execute(hold("h1", 600));
  server.execute(read());
  server.execute(capture("h1", 200));
  server.execute(capture("h1"));
  server.execute(open_wallet("k3"));
  auto stale = debit(1, "k4");
  stale.if_match = 1;
  server.execute(stale);
  server.execute(read());
  CHECK(passes(server));
  const auto verdict = check(server.history);
  CHECK(verdict.changes == 5);
  CHECK(verdict.refusals == 4);
  CHECK(verdict.replays == 1);
}

TEST_CASE("a right history passes: a wallet that doesn't exist yet") {
  HonestServer server;
  server.execute(read());
  server.execute(debit(1, "k1"));
  server.execute(open_wallet());
  server.execute(read());
  CHECK(passes(server));
}

TEST_CASE("what nobody was told is found out") {
  auto server = opened();
  server.execute_unheard(debit(70));
  server.execute_unheard(debit(90));
  server.execute(debit(5000, "k1"));  // its `available` tells that both happened
  server.execute(credit(1));
  server.execute(hold("h1", 10, 1));
  server.pass_ms(1500);
  server.expire("w", "h1");
  server.execute(read());
  CHECK(passes(server));
  const auto verdict = check(server.history);
  CHECK(verdict.resolved == 2);
  CHECK(verdict.expiries == 1);
}

TEST_CASE("what nobody was told is found out by a refusal alone, after the last balance that was told") {
  auto server = opened();
  server.execute(credit(1));
  server.execute_unheard(debit(70));
  server.execute(debit(5000, "k1"));  // its `available` tells that it happened
  CHECK(passes(server));
  CHECK(check(server.history).resolved == 1);
}

TEST_CASE("what nobody was told may not have happened") {
  auto server = opened();
  server.history.push_back({.operation = debit(70), .invoked_ns = server.history.back().returned_ns + 1});
  server.execute(read());
  CHECK(passes(server));
}

TEST_CASE("found: a lost update") {
  auto server = opened();
  const auto before = server;
  server.execute(debit(100, "k1"));
  auto other = before;  // decides on the same state
  Event lost = other.execute(debit(200, "k2"));
  lost.lsn = 4;
  replace(lost, "\"lsn\":3", "\"lsn\":4");
  server.history.push_back(lost);
  CHECK(finds(server, Wrong::version));
}

TEST_CASE("found: an update that is overwritten, with versions in order") {
  auto server = opened();
  server.execute(debit(100, "k1"));
  replace(server.execute(debit(200, "k2")), "\"balance\":700", "\"balance\":800");
  CHECK(finds(server, Wrong::state));
}

TEST_CASE("found: a version that nothing explains") {
  auto server = opened();
  server.execute(debit(100, "k1"));
  server.execute(debit(200, "k2"));
  server.history.erase(server.history.end() - 2);
  CHECK(finds(server, Wrong::version));
}

TEST_CASE("found: a key with two effects") {
  auto server = opened();
  server.execute(debit(100, "k1"));
  server.execute(debit(100, "k1"));
  CHECK(finds(server, Wrong::key));
}

TEST_CASE("found: a key with a second effect that is answered as a replay") {
  auto server = opened();
  const Event first = server.execute(debit(100, "k1"));
  server.execute(debit(100));
  server.history.pop_back();
  server.repeat(first);
  server.execute(read());
  CHECK(finds(server, Wrong::version));
}

TEST_CASE("found: a replay with another body, status, LSN or without its headers") {
  auto server = opened();
  const Event first = server.execute(debit(100, "k1"));
  Event& again = server.repeat(first);
  SUBCASE("body") { again.body += ' '; }
  SUBCASE("status") { again.status = 402; }
  SUBCASE("LSN") { again.lsn = 1; }
  SUBCASE("headers") { again.replayed_headers = 0; }
  SUBCASE("one header") { again.replayed_headers = 1; }
  CHECK(finds(server, Wrong::key));
}

TEST_CASE("found: a refusal that a retry turns into a success") {
  auto server = opened();
  server.execute(debit(5000, "k1"));
  server.execute(credit(9000, "k2"));
  server.execute(debit(5000, "k1"));
  CHECK(finds(server, Wrong::key));
}

TEST_CASE("found: the same request refused as if the key had been used for another") {
  auto server = opened();
  const Event first = server.execute(debit(100, "k1"));
  server.repeat(first).status = 422;
  CHECK(finds(server, Wrong::key));
}

TEST_CASE("found: a lookup that differs from the answer, or doesn't know it") {
  auto server = opened();
  const Event first = server.execute(debit(100, "k1"));
  Event lookup{.kind = Event::Kind::lookup, .operation = {.key = "k1"}};
  lookup.invoked_ns = first.returned_ns + 1;
  lookup.returned_ns = first.returned_ns + 2;
  lookup.status = 200;
  lookup.body = R"({"status":200,"body":)" + first.body + R"(,"key":"k1","lsn":3})";
  server.history.push_back(lookup);
  CHECK(passes(server));
  SUBCASE("differs") { replace(server.history.back(), "\"balance\":900", "\"balance\":901"); }
  SUBCASE("unknown") { server.history.back().status = 404; }
  CHECK(finds(server, Wrong::key));
}

TEST_CASE("found: a stale read") {
  auto server = opened();
  const Event old = server.execute(read());
  server.execute(debit(100, "k1"));
  Event& stale = server.execute(read());
  const auto invoked_ns = stale.invoked_ns, returned_ns = stale.returned_ns;
  stale = old;
  stale.invoked_ns = invoked_ns;
  stale.returned_ns = returned_ns;
  CHECK(finds(server, Wrong::real_time));
}

TEST_CASE("found: a read that is older than a refusal which saw the change") {
  auto server = opened();
  const Event old = server.execute(read());
  server.execute(debit(900, "k1")).returned_ns += 1'000'000;  // not told yet …
  server.execute(debit(500, "k2"));                           // … but this is refused because of it
  Event& stale = server.execute(read());
  const auto invoked_ns = stale.invoked_ns, returned_ns = stale.returned_ns;
  stale = old;
  stale.invoked_ns = invoked_ns;
  stale.returned_ns = returned_ns;
  CHECK(finds(server, Wrong::real_time));
}

TEST_CASE("found: a read of what a crash then undid") {
  auto server = opened();
  const auto before = server;
  server.execute(debit(100));
  const Event seen = server.execute(read());
  auto recovered = before;
  recovered.history.push_back({.operation = debit(100), .invoked_ns = seen.invoked_ns - 10});
  recovered.history.push_back(seen);
  recovered.pass_ms(1);
  recovered.execute(credit(5, "k1"));
  CHECK(finds(recovered, Wrong::real_time));
}

TEST_CASE("found: an order that contradicts real time") {
  auto server = opened();
  server.execute(credit(5, "k1"));
  server.execute(credit(6, "k2"));
  auto& first = server.history[2];
  auto& second = server.history[3];
  std::swap(first.invoked_ns, second.invoked_ns);
  std::swap(first.returned_ns, second.returned_ns);
  CHECK(finds(server, Wrong::real_time));
  SUBCASE("which is fine when they overlap") {
    second.returned_ns = first.returned_ns;
    first.invoked_ns = second.invoked_ns;
    CHECK(passes(server));
  }
}

TEST_CASE("found: an order between two wallets that contradicts real time") {
  HonestServer server;
  server.execute({.kind = Operation::Kind::open, .wallet = "a"});
  server.execute({.kind = Operation::Kind::open, .wallet = "b"});
  std::swap(server.history[0].invoked_ns, server.history[1].invoked_ns);
  std::swap(server.history[0].returned_ns, server.history[1].returned_ns);
  CHECK(finds(server, Wrong::real_time));
}

TEST_CASE("found: one LSN for two records, and an LSN that the body doesn't have") {
  auto server = opened();
  Event& event = server.execute(debit(5000, "k1"));
  SUBCASE("two records") { event.lsn = 2; }
  SUBCASE("another in the body") { server.history[1].lsn = 77; }
  CHECK(finds(server, Wrong::lsn));
}
