// The order of shutdown (adapters/events/followers.h), seen from outside.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "tests/destinations/destinations.h"
#include "tests/webhooks/fixture.h"

using namespace tests;
using tote::cli::test::contains;
using tote::cli::test::TempDirectory;

TEST_CASE("service: followers in the middle of their work end before the log that they read, and lose nothing") {
  std::atomic<bool> is_slow{true};
  webhooks::Receiver receiver([&is_slow](const webhooks::Delivery&) {
    if (is_slow) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return webhooks::Reply{200};
  });
  const TempDirectory directory;
  const std::string config =
      directory.write("tote.toml", "[[webhook]]\nname = \"shop\"\nurl = \"" + receiver.url() + "\"\nsecrets = [\"" +
                                       webhooks::secret + "\"]\nallow_private = true\nretry_first_ms = 20\n");
  ToteServer tote;
  tote.start({"--config", config});
  tote.must("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})");
  for (int i = 0; i < 200; ++i) tote.must("POST", "/v1/wallets/alice/credits", R"({"amount":1})");
  REQUIRE(comes_true([&] { return !receiver.taken().empty(); }));
  CHECK(receiver.taken().size() < 200);  // of one entity, so one after the other
  tote.stop();
  // A cursor is saved at the end, for which the log is read.
  for (const char* word : {"stands still", "closed", "can't be"}) CHECK_FALSE(contains(tote.child().err(), word));
  CHECK(contains(tote.child().err(), "stopped"));

  is_slow = false;
  tote.start({"--config", config});
  CHECK(tote.wait_for("webhook-shop"));
  tote.stop();
  webhooks::check_all_taken(events_in(tote.data()), receiver.taken(), false);
}
