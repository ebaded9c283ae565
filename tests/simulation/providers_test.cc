// Betting and payment providers call while everything else goes on: doubled, late, out of order, their answers lost,
// the power gone in between. Stakes less payouts are what players' wallets have lost, after every record; no bet pays
// twice; every payment is a seat, an order or a refund.
//
//   TOTE_SIMULATION_SEED=n, TOTE_SIMULATION_SEEDS=n   as in simulation_test.cc
#include <iostream>
#include <set>
#include <string_view>

#include "tests/simulation/workload.h"
#include "tests/simulation/workload_providers.h"

namespace tote::simulation {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t seeds_default = 60;
#else
constexpr std::uint64_t seeds_default = 1'500;
#endif
constexpr int steps_per_seed = 300;

// What it must have seen, or it has shown little.
constexpr std::string_view wanted[] = {
    "bet.made",
    "bet.declined",
    "bet.committed",
    "bet.won",
    "bet.cashed_out",
    "bet.lost",
    "bet.refunded",
    "bet.rolled_back",
    "bet.settled",
    "bet.discarded",
    "bet.tombstoned",
    "bet.used",
    "bet.player_blocked",
    "bet.player_not_found",
    "bet.session_expired",
    "bet.not_enough_money",
    "wallet.reversed",
    "wallet.debt_paid",
    "payment_events.received",
    "payment_events.postponed",
    "outcome.booked",
    "outcome.confirmed",
    "outcome.refunded",
    "outcome.known",
    "outcome.waiting",
    "outcome.released",
    "outcome.woken",
    "outcome.returned",
    "outcome.bounced",
    "outcome.frozen",
    "outcome.nothing",
    "outcome.not_ours",
    "outcome.repeated",
    "refunds.failed",
    "refunds.requeued",
};

struct Seen {
  std::set<std::string> come;
  int crashes_between = 0;
};

bool run(std::uint64_t seed, Seen& seen) {
  World world(seed);
  open_all(world);
  open_bettors(world);
  for (int i = 0; i < steps_per_seed && world.faults().empty(); ++i) step_of_providers(world);
  if (world.faults().empty()) world.settle();
  seen.come.insert(world.model().come().begin(), world.model().come().end());
  seen.crashes_between += world.has_crashed_between() ? 1 : 0;
  if (world.faults().empty()) return true;
  std::cout << world.trace() << world.faults() << "replay with TOTE_SIMULATION_SEED=" << seed << std::endl;
  return false;
}

TEST_CASE("simulation of providers: whatever they say, and whenever, money is where it belongs") {
  Seen seen;
  if (const std::uint64_t one = from_environment("TOTE_SIMULATION_SEED", 0); one != 0) {
    CHECK(run(one, seen));
    return;
  }
  const std::uint64_t seeds = from_environment("TOTE_SIMULATION_SEEDS", seeds_default);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) REQUIRE_MESSAGE(run(seed, seen), "seed " << seed);
  constexpr std::uint64_t enough = 1'000;  // fewer may miss the rare ones
  if (seeds < enough) return;
  for (const std::string_view what : wanted) CHECK_MESSAGE(seen.come.contains(std::string(what)), what);
  CHECK(seen.crashes_between > 0);
}

}  // namespace
}  // namespace tote::simulation
