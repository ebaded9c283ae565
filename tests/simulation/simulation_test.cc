// The whole engine on one thread, driven by a seed: whatever happens, the books are right after every record, and in
// the end nothing is left undone.
//
//   TOTE_SIMULATION_SEED=n    that one seed, and what was done last
//   TOTE_SIMULATION_SEEDS=n   so many seeds
//   TOTE_SIMULATION_HOURS=h   goes on for so long
#include <chrono>
#include <iostream>
#include <set>
#include <string_view>

#include "tests/simulation/workload.h"

namespace tote::simulation {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t seeds_of_all = 150;
#else
constexpr std::uint64_t seeds_of_all = 6'000;
#endif
constexpr int steps_of_all = 220;

// What a simulation must have seen, or it has shown little.
constexpr std::string_view wanted_of_all[] = {
    "saga.called",
    "saga.completed",
    "saga.failed",
    "saga.unreachable",
    "saga.turned_back",
    "saga.compensated",
    "wallet.held",
    "wallet.expired",
    "wallet.released",
    "wallet.captured",
    "wallet.overdraft_set",
    "wallet.status_set",
    "wallet.reversed",
    "item.reserved",
    "item.expired",
    "item.committed",
    "item.released",
    "match.seat_taken",
    "match.seat_held",
    "match.seat_confirmed",
    "match.hold_dropped",
    "match.hold_expired",
    "match.cancelled",
    "match.waitlisted",
    "match.left_waitlist",
    "match.passed_over",
    "match.payment_changed",
    "match.offers_postponed",
    "match.offers_due",
    "match.payer_woken",
    "match.cancel_wished",
    "match.seat_withdrawn",
    "match.changed",
    "match.called_off",
    "match.refund_postponed",
    "match.refunds_due",
    "order.refunded",
    "order.cancelled",
    "order.cancel_wished",
    "refunds.enqueued",
    "refunds.succeeded",
    "refunds.pending_funds",
    "refunds.unanswered",
    "refunds.failed",
    "refunds.requeued",
    "refunds.paused",
    "refunds.resumed",
    "insufficient_funds",
    "wallet_frozen",
    "wallet_closed",
    "wallet_not_empty",
    "currency_mismatch",
    "capture_exceeds_hold",
    "seats_taken",
    "refund_exists",
    "refund_exceeds_order",
    "order_not_confirmed",
    "out_of_stock",
    "match_full",
    "already_booked",
    "sales_closed",
    "payment_required",
    "payments_paused",
    "order_exists",
    "reservation_closed",
    "hold_not_found",
    "not_booked",
    "not_found",
};

using Come = std::set<std::string>;

// False: something was wrong; it has been printed.
bool run(std::uint64_t seed, Come& come) {
  World world(seed);
  open_all(world);
  for (int i = 0; i < steps_of_all && world.faults().empty(); ++i) step(world);
  if (world.faults().empty()) world.settle();
  come.insert(world.model().come().begin(), world.model().come().end());
  if (world.faults().empty()) return true;
  std::cout << world.trace() << world.faults() << "replay with TOTE_SIMULATION_SEED=" << seed << std::endl;
  return false;
}

TEST_CASE("simulation: whatever happens, the books are right and nothing is left undone") {
  using Clock = std::chrono::steady_clock;
  if (const std::uint64_t one = from_environment("TOTE_SIMULATION_SEED", 0); one != 0) {
    Come come;
    CHECK(run(one, come));
    return;
  }
  Come come;
  const std::uint64_t first = 1 + from_environment("TOTE_SIMULATION_FIRST", 0);
  const std::uint64_t hours = from_environment("TOTE_SIMULATION_HOURS", 0);
  const std::uint64_t seeds = from_environment("TOTE_SIMULATION_SEEDS", seeds_of_all);
  const auto ends_at = Clock::now() + std::chrono::hours(hours);
  std::uint64_t seed = first;
  for (; hours != 0 ? Clock::now() < ends_at : seed < first + seeds; ++seed) {
    REQUIRE_MESSAGE(run(seed, come), "seed " << seed);
    if (hours != 0 && seed % 10'000 == 0) std::cout << seed << " seeds are clean" << std::endl;
  }
  constexpr std::uint64_t enough = 3'000;  // fewer may miss the rare ones
  if (seed - first < enough) return;
  for (const std::string_view what : wanted_of_all) CHECK_MESSAGE(come.contains(std::string(what)), what);
}

TEST_CASE("simulation: the same seed is the same run") {
  std::string traces[2];
  for (std::string& trace : traces) {
    World world(7);
    open_all(world);
    for (int i = 0; i < 300; ++i) step(world);
    trace = world.trace() + std::to_string(world.records());
  }
  CHECK(traces[0] == traces[1]);
}

TEST_CASE("simulation: a provider that forgets keys is found out") {
  std::size_t found = 0;
  for (std::uint64_t seed = 1; seed <= 200 && found == 0; ++seed) {
    World world(seed);
    world.gateway().forgets_keys = true;
    open_all(world);
    for (int i = 0; i < steps_of_all; ++i) step(world);
    world.settle();
    found += world.faults().empty() ? 0 : 1;
  }
  CHECK(found > 0);
}

}  // namespace
}  // namespace tote::simulation
