// Events in JetStream: each once, in order, without a gap, through a real nats-server.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <chrono>
#include <thread>

#include "adapters/nats/publisher.h"
#include "tests/destinations/destinations.h"
#include "tests/http/client.h"

using namespace tests;
using tests::http::Client;
using tote::Lsn;
using tote::cli::test::contains;
using tote::events::Cursor;
using tote::events::Mismatch;
using tote::events::Position;
using tote::nats::Known;
using tote::nats::start_of;
using tote::nats::StreamEnd;
namespace json = boost::json;

namespace {

struct Fixture {
  NatsServer nats;
  ToteServer tote;

  void start() { tote.start({"--nats", nats.url()}); }
  void open_wallet() const { tote.must("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})"); }
  void credit(int times = 1) const {
    for (int i = 0; i < times; ++i) tote.must("POST", "/v1/wallets/alice/credits", R"({"amount":1})");
  }
  bool wait_for_connected(double wanted) const {
    const auto ends_at = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (tote.metric(R"(tote_destination_connected{destination="nats"})") != wanted) {
      if (std::chrono::steady_clock::now() > ends_at) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
  }
};

StreamEnd ends_with(std::uint64_t sequence, std::string log, Position position) {
  return {sequence, StreamEnd::Mark{std::move(log), position}, false};
}

Cursor cursor_at(Position position, std::uint64_t sequence) {
  return {position, {{"stream_sequence", std::to_string(sequence)}}};
}

}  // namespace

TEST_CASE("nats: where to go on") {
  const Known fresh{"L", {100}, {{{20}, 0}}};
  const Known known{"L", {100}, cursor_at({{50}, 0}, 7)};
  CHECK(start_of({}, fresh) == Position{{20}, 0});
  CHECK(start_of(ends_with(7, "L", {{40}, 2}), fresh) == Position{{40}, 2});
  // Ten records without an event followed the last one that had some.
  CHECK(start_of(ends_with(7, "L", {{40}, 2}), known) == Position{{50}, 0});
  // The cursor wasn't saved after the last ones.
  CHECK(start_of(ends_with(9, "L", {{60}, 1}), known) == Position{{60}, 1});
  // NATS lost what it had taken: it is told again.
  CHECK(start_of(ends_with(5, "L", {{30}, 1}), known) == Position{{30}, 1});
  CHECK(start_of({.sequence = 7}, known) == Position{{50}, 0});  // purged
  CHECK(start_of({}, known) == Position{{50}, 0});               // made anew
  CHECK_THROWS_AS(start_of({.sequence = 7}, fresh), Mismatch);
  CHECK_THROWS_AS(start_of(ends_with(7, "other", {{40}, 2}), known), Mismatch);
  CHECK_THROWS_AS(start_of(ends_with(7, "L", {{100}, 1}), known), Mismatch);  // acknowledged records were lost
  CHECK_THROWS_AS(start_of({.sequence = 7, .is_foreign = true}, known), Mismatch);
}

TEST_CASE("nats: settings") {
  CHECK(tote::nats::urls_problem("nats://a:4222,tls://user:secret@b:4222").empty());
  for (const char* wrong : {"", "a:4222", "http://a", "nats://", "nats://a, nats://b"})
    CHECK_MESSAGE(!tote::nats::urls_problem(wrong).empty(), wrong);
  CHECK(tote::nats::name_problem("TOTE").empty());
  for (const char* wrong : {"", "a.b", "a>", "a b"}) CHECK_FALSE(tote::nats::name_problem(wrong).empty());
  tote::events::DomainEvent event;
  event.tenant = "shop.eu";
  event.type = "wallet.debited";
  CHECK(tote::nats::subject_of("tote", event) == "tote.shop%2Eeu.wallet.debited");
}

TEST_CASE_FIXTURE(Fixture, "nats: an event is a CloudEvent on a subject of its tenant and type") {
  start();
  REQUIRE(wait_for_connected(1));
  open_wallet();
  credit();
  REQUIRE(tote.wait_for("nats"));
  const auto messages = nats.messages("TOTE");
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].subject == "tote.default.wallet.opened");
  CHECK(messages[1].subject == "tote.default.wallet.credited");
  const auto event = json::parse(messages[1].data);
  CHECK(event.at("id").as_string() == messages[1].headers.at("Nats-Msg-Id"));
  CHECK(event.at("subject").as_string() == "alice");
  CHECK(event.at("data").at("amount").as_int64() == 1);
  CHECK(messages[1].headers.at("Content-Type") == "application/cloudevents+json");
  check_stream(nats, "TOTE", tote.data(), tote.durable());
  CHECK(tote.metric(R"(tote_destination_lag_lsn{destination="nats"})") == 0);
  CHECK(tote.metric(R"(tote_destination_events_total{destination="nats"})") == 2);
}

TEST_CASE_FIXTURE(Fixture, "nats: away for longer than it remembers ids, then no gap and nothing twice") {
  nats.make_stream("TOTE", "tote.>", 100);
  start();
  REQUIRE(wait_for_connected(1));
  open_wallet();
  for (int round = 0; round < 3; ++round) {
    credit(20);
    nats.kill();
    credit(20);  // the engine serves on
    REQUIRE(wait_for_connected(0));
    CHECK(tote.metric(R"(tote_destination_lag_lsn{destination="nats"})") > 0);
    CHECK(tote.metric(R"(tote_destination_failures_total{destination="nats"})") > 0);
    if (round == 1) {
      tote.kill();
      start();
    }
    nats.start();
    REQUIRE(tote.wait_for("nats"));
  }
  check_stream(nats, "TOTE", tote.data(), tote.durable());
}

TEST_CASE_FIXTURE(Fixture, "nats: one that hangs holds nobody up, and the program still stops") {
  start();
  REQUIRE(wait_for_connected(1));
  open_wallet();
  REQUIRE(tote.wait_for("nats"));
  nats.suspend();
  credit(50);
  tote.stop();
  nats.resume();
  start();
  REQUIRE(tote.wait_for("nats"));
  check_stream(nats, "TOTE", tote.data(), tote.durable());
}

TEST_CASE_FIXTURE(Fixture, "nats: a purged stream goes on where it was") {
  start();
  REQUIRE(wait_for_connected(1));
  open_wallet();
  credit(5);
  REQUIRE(tote.wait_for("nats"));
  tote.stop();
  nats.purge("TOTE");
  start();
  credit(3);
  REQUIRE(tote.wait_for("nats"));
  const auto all = events_in(tote.data());
  const auto messages = nats.messages("TOTE");
  REQUIRE(messages.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(messages[i].headers.at("Nats-Msg-Id") == all[all.size() - 3 + i].id);
}

TEST_CASE_FIXTURE(Fixture, "nats: a stream of another log, or of somebody else, is left alone") {
  nats.make_stream("TOTE", "tote.>", 1'000);
  nats.publish("tote.mine", "hello");
  start();
  open_wallet();
  REQUIRE(tote.child().wait_for_error("somebody else publishes to the stream"));
  credit();
  tote.stop();
  CHECK(nats.messages("TOTE").size() == 1);

  ToteServer first, second;
  first.start({"--nats", nats.url(), "--nats-stream", "OTHER", "--nats-subject", "other"});
  first.must("PUT", "/v1/wallets/bob", R"({"currency":"EUR"})");
  REQUIRE(first.wait_for("nats"));
  second.start({"--nats", nats.url(), "--nats-stream", "OTHER", "--nats-subject", "other"});
  REQUIRE(second.child().wait_for_error("the stream has the events of another log"));
}
