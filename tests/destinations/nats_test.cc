// Events in JetStream: each once, in order, without a gap, through a real nats-server.
#include <doctest/doctest.h>

#include <atomic>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <set>

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

struct NatsFixture {
  NatsServer nats;
  ToteServer tote;

  void start() { tote.start({"--nats", nats.url()}); }
  void open_wallet() const { tote.must("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})"); }
  void credit(int times = 1) const {
    for (int i = 0; i < times; ++i) tote.must("POST", "/v1/wallets/alice/credits", R"({"amount":1})");
  }
  bool wait_for_connected(double wanted) const {
    return comes_true([&] { return tote.metric(R"(tote_destination_connected{destination="nats"})") == wanted; });
  }
  std::set<std::string> ids() const {
    std::set<std::string> all;
    for (const auto& message : nats.messages("TOTE")) all.insert(message.headers.at("Nats-Msg-Id"));
    return all;
  }
};

StreamEnd ends_with(std::uint64_t sequence, std::string log, Position position) {
  return {sequence, StreamEnd::Mark{std::move(log), position, position.lsn.next(), {}}, false};
}

Cursor cursor_at(Position position, std::uint64_t sequence) {
  return {position, {{"stream_sequence", std::to_string(sequence)}}};
}

// The cursor in `file`, set back to after this event, which had that sequence.
std::string set_back(const std::string& file, const tote::events::DomainEvent& event, std::uint64_t sequence) {
  std::ifstream in(file);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  json::object cursor = json::parse(text).as_object();
  cursor["lsn"] = std::to_string(event.lsn.value);
  cursor["time"] = std::to_string(event.time.ns);
  cursor["notes"] = json::object{{"stream_sequence", std::to_string(sequence)}};
  return json::serialize(cursor);
}

}  // namespace

TEST_CASE("nats: where to go on") {
  const Known fresh{"L", {100}, {{{20}, 0}}};
  const Known known{"L", {100}, cursor_at({{50}, 0}, 7)};
  const auto starts_at = [](const StreamEnd& end, const Known& by) { return start_of(end, by).position; };
  CHECK(starts_at({}, fresh) == Position{{20}, 0});
  CHECK(starts_at(ends_with(7, "L", {{40}, 2}), fresh) == Position{{40}, 2});
  // Ten records without an event followed the last one that had some.
  CHECK(starts_at(ends_with(7, "L", {{40}, 2}), known) == Position{{50}, 0});
  // The cursor wasn't saved after the last ones.
  CHECK(starts_at(ends_with(9, "L", {{60}, 1}), known) == Position{{60}, 1});
  // NATS lost what it had taken: it is told again.
  CHECK(starts_at(ends_with(5, "L", {{30}, 1}), known) == Position{{30}, 1});
  CHECK(start_of(ends_with(5, "L", {{30}, 1}), known).is_certain);
  // Purged after the cursor was saved, and before; or made anew.
  CHECK(starts_at({.sequence = 7}, known) == Position{{50}, 0});
  CHECK(start_of({.sequence = 7}, known).is_certain);
  CHECK(starts_at({.sequence = 9}, known) == Position{{50}, 0});
  CHECK_FALSE(start_of({.sequence = 9}, known).is_certain);
  CHECK(starts_at({}, known) == Position{{50}, 0});
  CHECK_THROWS_AS(start_of({.sequence = 7}, fresh), Mismatch);
  // A work queue: what it took in the meantime is gone.
  const Known opened{"L", {100}, cursor_at({{20}, 0}, 0)};
  CHECK(starts_at({.sequence = 7}, opened) == Position{{20}, 0});
  CHECK_FALSE(start_of({.sequence = 7}, opened).is_certain);
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

TEST_CASE_FIXTURE(NatsFixture, "nats: an event is a CloudEvent on a subject of its tenant and type") {
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

TEST_CASE_FIXTURE(NatsFixture, "nats: away for longer than it remembers ids, then no gap and nothing twice") {
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

TEST_CASE_FIXTURE(NatsFixture, "nats: one that hangs holds nobody up, and the program still stops") {
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

TEST_CASE_FIXTURE(NatsFixture, "nats: a purged stream goes on where it was") {
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

TEST_CASE_FIXTURE(NatsFixture, "nats: what was purged isn't told twice after a broken connection") {
  nats.make_stream("TOTE", "tote.>", 100);
  start();
  REQUIRE(wait_for_connected(1));
  open_wallet();
  credit(5);
  REQUIRE(tote.wait_for("nats"));
  const auto before = ids();
  REQUIRE(before.size() == 6);
  nats.purge("TOTE");  // or its messages expire, or its retention is by interest
  nats.kill();
  credit();
  nats.start();
  REQUIRE(tote.wait_for("nats"));
  for (const auto& id : ids()) CHECK_FALSE(before.contains(id));
  CHECK(ids().size() == 1);
}

TEST_CASE_FIXTURE(NatsFixture, "nats: purged, and tote killed before it saved its cursor: nothing is lost") {
  start();
  REQUIRE(wait_for_connected(1));
  open_wallet();
  credit(5);
  REQUIRE(tote.wait_for("nats"));
  tote.stop();
  // As if it had been killed after the first two.
  const auto all = events_in(tote.data());
  const std::string file = tote.data() + "/destinations/nats-TOTE.json";
  const std::string older = set_back(file, all[1], 2);
  std::ofstream(file) << older;
  nats.purge("TOTE");
  start();
  REQUIRE(tote.wait_for("nats"));
  CHECK(nats.messages("TOTE").empty());  // it still remembers the other four
  credit(3);
  REQUIRE(tote.wait_for("nats"));
  const auto messages = nats.messages("TOTE");
  REQUIRE(messages.size() == 3);
  CHECK(json::parse(messages[0].data).at("lsn").as_string() == "7");
}

TEST_CASE_FIXTURE(NatsFixture, "nats: a cursor that can't be saved for a while is no reason not to publish") {
  start();
  REQUIRE(wait_for_connected(1));
  open_wallet();
  REQUIRE(tote.wait_for("nats"));
  const std::string in_the_way = tote.data() + "/destinations/nats-TOTE.json.new";  // as a full disk would be
  std::filesystem::create_directory(in_the_way);
  credit();
  while (ids().size() < 3) credit();
  REQUIRE(tote.child().wait_for_error("the cursor can't be saved"));
  std::filesystem::remove(in_the_way);
  credit();
  REQUIRE(tote.wait_for("nats"));
  CHECK(ids().size() == tote.durable().value);
  CHECK(tote.metric(R"(tote_destination_connected{destination="nats"})") == 1);
}

TEST_CASE_FIXTURE(NatsFixture, "nats: a broken cursor is no reason not to serve") {
  start();
  REQUIRE(wait_for_connected(1));
  open_wallet();
  tote.stop();
  std::ofstream(tote.data() + "/destinations/nats-TOTE.json") << "{";
  start();
  credit();
  REQUIRE(tote.child().wait_for_error("isn't a cursor"));
  credit();
  CHECK(tote.metric(R"(tote_destination_connected{destination="nats"})") == 0);
}

TEST_CASE_FIXTURE(NatsFixture, "nats: a stream that refuses isn't asked again and again") {
  nats.make_stream("TOTE", "tote.>", 1'000, 1);
  start();
  REQUIRE(wait_for_connected(1));
  open_wallet();
  REQUIRE(tote.wait_for("nats"));
  credit();
  REQUIRE(tote.child().wait_for_error("maximum messages exceeded; trying again in 1600 ms"));
  CHECK(tote.metric(R"(tote_destination_failures_total{destination="nats"})") == 5);
  const auto told = Client(tote.port()).get("/v1/followers").body;
  CHECK_MESSAGE(contains(told, R"("problem":"JetStream refused an event: maximum messages exceeded")"), told);
}

// libnats 3.4 wrote into memory that was free already, once in about a thousand connections, and the server died of it.
TEST_CASE("nats: refusals that are still on their way when the connection is given up harm nobody") {
  const NatsServer nats;
  nats.make_stream("FULL", "full.>", 1'000, 1);
  nats.publish("full.first", "{}");
  std::vector<tote::events::DomainEvent> told(500);
  for (std::size_t i = 0; i < told.size(); ++i) {
    told[i].tenant = "default";
    told[i].type = "wallet.credited";
    told[i].id = std::to_string(i);
    told[i].lsn = {i + 1};
    told[i].cloud = std::string(300, 'x');
  }
  const std::atomic<bool> stopped{false};
  int refused = 0;
  for (int i = 0; i < 400; ++i) {
    tote::nats::Stream stream({.urls = nats.url(), .stream = "FULL", .subject = "full"}, stopped);
    try {
      stream.append("L", told, 1);
    } catch (const tote::events::Away&) {
      ++refused;
    }
  }
  CHECK(refused == 400);
}

TEST_CASE_FIXTURE(NatsFixture, "nats: a stream of another log, or of somebody else, is left alone") {
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
