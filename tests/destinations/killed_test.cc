// Tote, PostgreSQL and NATS are killed at random under load; afterwards everything is everywhere once, and at an
// endpoint that fails now and then at least once.
#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "tests/destinations/destinations.h"
#include "tests/http/client.h"
#include "tests/postgres/cluster.h"
#include "tests/support/shop.h"
#include "tests/webhooks/fixture.h"

using namespace tests;
using tests::http::Client;
using tote::cli::test::contains;
using tote::cli::test::run_tote;
using tote::cli::test::TempDirectory;

namespace {

constexpr int rounds = 12;

struct KilledFixture {
  Cluster cluster;
  NatsServer nats;
  webhooks::Receiver receiver{[tries = std::make_shared<std::atomic<int>>(0)](const webhooks::Delivery&) {
    return webhooks::Reply{++*tries % 100 == 0 ? 500 : 200};
  }};
  TempDirectory directory;
  const std::string config = directory.write(
      "tote.toml", "[[webhook]]\nname = \"shop\"\nurl = \"" + receiver.url() + "\"\nsecrets = [\"" + webhooks::secret +
                       "\"]\nallow_private = true\nretry_first_ms = 20\ntypes = [\"hold.opened\"]\n");
  ToteServer tote;
  std::uint64_t number = 0;

  void start() {
    tote.start({"--config", config, "--gateway", "test", "--postgres", cluster.uri(), "--postgres-outbox", "--nats",
                nats.url()});
  }

  // A client at work while `what` happens; it ends when it is told to, or when tote is gone.
  template <class What>
  void under_load(Random& random, const What& what) {
    std::atomic<bool> is_over{false};
    std::thread load([&, seed = random()] {
      Random own(seed);
      Client client(tote.port());
      while (!is_over && client.ask("POST", "/v1/batch", shop_batch(own, number)).status != 0) continue;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + pick(random, 200)));  // the stimulus itself
    what();
    std::this_thread::sleep_for(std::chrono::milliseconds(pick(random, 150)));
    is_over = true;
    load.join();
  }

  // Each event once, and what one entity tells in the order of its versions.
  void check_outbox(::tote::Lsn lsn) const {
    const auto expected = events_in(tote.data());
    CHECK(cluster.ask("SELECT count(*) FROM (SELECT (payload->'data'->>'version')::bigint AS version, lag((payload->"
                      "'data'->>'version')::bigint) OVER (PARTITION BY tenant, aggregatetype, aggregateid ORDER BY "
                      "lsn, ordinal) AS before FROM tote.outbox) told WHERE version < before") == "0");
    auto connection = cluster.connect();
    std::vector<std::string> ids;
    for (const auto& row : connection.query({"SELECT id::text FROM tote.outbox ORDER BY lsn, ordinal", {}}))
      ids.push_back(row[0].value());
    const auto cursor = std::stoull(cluster.ask("SELECT lsn FROM tote.tote_projection"));
    CHECK(cursor >= lsn.value);
    CHECK(ids.size() == told_up_to({cursor}, expected));
    CHECK(same_as(ids, expected) == ids.size());
  }
};

// At least once, an entity's events in their order.
void check_endpoint(const webhooks::Receiver& receiver, const std::string& data, ::tote::Lsn lsn) {
  auto expected = events_in(data);
  std::erase_if(expected, [lsn](const auto& event) { return event.type != "hold.opened" || event.lsn > lsn; });
  auto taken = receiver.taken();
  std::erase_if(taken, [lsn](const auto& each) { return each.lsn > lsn.value; });
  CHECK(expected.size() > 50);
  webhooks::check_all_taken(expected, taken, false);
}

}  // namespace

TEST_CASE_FIXTURE(KilledFixture,
                  "destinations: tote, PostgreSQL and NATS are killed under load, and nothing is lost or twice") {
  Random random(choose_seed());
  // Outages are longer than NATS remembers ids.
  nats.make_stream("TOTE", "tote.>", 100);
  start();
  REQUIRE(open_shop(tote.port()));
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    const auto victims = 1 + pick(random, 7);  // a bit each
    const bool kills_tote = (victims & 1U) != 0, kills_postgres = (victims & 2U) != 0, kills_nats = (victims & 4U) != 0;
    under_load(random, [&] {
      if (kills_nats) nats.kill();
      if (kills_postgres) cluster.kill();
      if (kills_tote) tote.kill();
    });
    if (!kills_tote) tote.must("POST", "/v1/wallets/alice/credits", R"({"amount":1})");  // it serves on alone
    const bool starts_alone = chance(random, 50);
    if (kills_tote && starts_alone) start();
    if (kills_nats) nats.start();
    if (kills_postgres) cluster.start();
    if (kills_tote && !starts_alone) start();
  }
  const ::tote::Lsn lsn = tote.durable();
  REQUIRE(tote.wait_for("nats"));
  REQUIRE(tote.wait_for("webhook-shop"));
  const auto projected =
      Client(tote.port())
          .get("/v1/projection", {{"Tote-Min-Lsn", std::to_string(lsn.value)}, {"Tote-Deadline-Ms", "60000"}});
  REQUIRE_MESSAGE(projected.status == 200, projected.body);
  tote.stop();
  check_stream(nats, "TOTE", tote.data(), lsn);
  check_outbox(lsn);
  check_endpoint(receiver, tote.data(), lsn);
  const auto verified = run_tote({"projection", "verify", "--data", tote.data(), "--postgres", cluster.uri()});
  CHECK_MESSAGE(verified.code == 0, verified.out << verified.err);
  CHECK(contains(verified.out, " 0 differences"));
  CHECK(number > 100);
}
