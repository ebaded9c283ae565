// The protocol against everything that can happen, from a seed: nothing acknowledged is lost, nothing is executed
// twice, reads and writes are strictly serializable, and in the end all is whole again. And what each rule is for:
// without it something of that breaks.
//
//   TOTE_REPLICATION_SEED=n     that one seed, and what happened
//   TOTE_REPLICATION_SEEDS=n    so many seeds
//   TOTE_REPLICATION_HOURS=h    goes on for so long
//   TOTE_REPLICATION_RULES=n    how many of so many schedules each missing rule breaks
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>

#include "tests/replication/world.h"

namespace tote::replication::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t seeds_default = 40;
constexpr std::uint64_t schedules_max = 2'000;  // rules that take more to show aren't left out here
#else
constexpr std::uint64_t seeds_default = 600;
constexpr std::uint64_t schedules_max = 20'000;
#endif

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// What was wrong; empty: nothing.
std::string run(std::uint64_t seed, const Without& without, Figures& figures, bool is_traced = false) {
  World world(seed, without, is_traced);
  world.run();
  figures.add(world.figures());
  if (is_traced) std::cout << world.trace();
  return world.faults().empty() ? std::string() : world.faults().front();
}

void print(const Figures& all) {
  std::cout << "acknowledged " << all.acknowledged << ", reads " << all.reads << ", opened " << all.opened
            << ", raised " << all.raised << ", stopped " << all.stopped << ", shrunk " << all.shrunk << ", grown "
            << all.grown << ", cuts " << all.cuts << " of " << all.frames_cut << " frames, crashes " << all.crashes
            << " (" << all.crashes_between << " between two steps), wipes " << all.wipes << ", pauses " << all.pauses
            << ", refusals " << all.refusals << ", lost answers " << all.lost_answers << ", yields " << all.yields
            << ", trims " << all.trims << ", fills " << all.fills << std::endl;
}

TEST_CASE("replication: whatever happens, nothing acknowledged is lost or done twice, and all is whole again") {
  using Clock = std::chrono::steady_clock;
  Figures all;
  if (const std::uint64_t one = from_environment("TOTE_REPLICATION_SEED", 0); one != 0) {
    CHECK(run(one, {}, all, true) == "");
    return;
  }
  const std::uint64_t first = 1 + from_environment("TOTE_REPLICATION_FIRST", 0);
  const std::uint64_t hours = from_environment("TOTE_REPLICATION_HOURS", 0);
  const std::uint64_t seeds = from_environment("TOTE_REPLICATION_SEEDS", seeds_default);
  const auto begun_at = Clock::now(), ends_at = begun_at + std::chrono::hours(hours);
  std::uint64_t seed = first;
  for (; hours != 0 ? Clock::now() < ends_at : seed < first + seeds; ++seed) {
    const std::string fault = run(seed, {}, all);
    REQUIRE_MESSAGE(fault.empty(), fault << ": replay with TOTE_REPLICATION_SEED=" << seed);
    if (seed % 10'000 == 0) std::cout << seed << " seeds are clean" << std::endl;
  }
  std::cout << seed - first << " schedules in "
            << std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun_at).count() << " ms: ";
  print(all);
  if (seed - first < 300) return;
  // Or they have shown little.
  for (const std::uint64_t figure : {all.acknowledged, all.reads, all.opened, all.raised, all.stopped, all.shrunk,
                                     all.grown, all.cuts, all.frames_cut, all.crashes_between, all.wipes, all.pauses,
                                     all.refusals, all.lost_answers, all.yields, all.trims, all.fills})
    CHECK(figure > 0);
}

TEST_CASE("replication: the same seed is the same schedule") {
  std::string traces[2];
  for (std::string& trace : traces) {
    World world(11, {}, true);
    world.run();
    trace = world.trace();
  }
  CHECK(traces[0].size() > 1'000);
  CHECK(traces[0] == traces[1]);
}

struct MissingRule {
  const char* name;
  void (*leave_out)(Without&);
  std::uint64_t schedules_max;  // within so many it must have broken something
};
// All but three, which chance hardly ever breaks: that cuts are verified, and who isn't filled, node_test.cc has; that
// a fill keeps what was promised tests/wal/fill_test.cc.
constexpr MissingRule missing_rules[] = {
    {"the owner's own disk counts", [](Without& it) { it.rules.owner_syncs = false; }, 2'000},
    {"a backup holds what it has synced", [](Without& it) { it.rules.sync_before_held = false; }, 2'000},
    {"the chain is checked", [](Without& it) { it.rules.chain_is_checked = false; }, 2'000},
    {"enough are in sync", [](Without& it) { it.rules.enough_in_sync = false; }, 2'000},
    {"who leaves is waited for", [](Without& it) { it.rules.shrink_waits = false; }, 4'000},
    {"who joins is waited for", [](Without& it) { it.rules.grow_waits = false; }, 4'000},
    {"… without an answer, too", [](Without& it) { it.rules.lost_answer_waits = false; }, 8'000},
    {"who joins holds what was inherited", [](Without& it) { it.rules.grow_inherited = false; }, 20'000},
    {"only who is in sync takes over", [](Without& it) { it.rules.in_sync_takes_over = false; }, 2'000},
    {"older epochs are refused", [](Without& it) { it.rules.older_are_refused = false; }, 4'000},
    {"promises are kept", [](Without& it) { it.rules.promise_is_kept = false; }, 20'000},
    {"no process goes on in an epoch", [](Without& it) { it.rules.epochs_are_fresh = false; }, 4'000},
    {"the claim comes before opening", [](Without& it) { it.rules.claim_before_open = false; }, 4'000},
    {"a deposed owner ends", [](Without& it) { it.rules.deposed_stops = false; }, 4'000},
    {"only an aligned log is applied", [](Without& it) { it.rules.aligned_applies = false; }, 4'000},
    {"only what is committed is applied", [](Without& it) { it.rules.committed_applies = false; }, 2'000},
    {"reads are confirmed", [](Without& it) { it.rules.reads_are_confirmed = false; }, 4'000},
    {"an image replaces what asked for it", [](Without& it) { it.fill_is_of_this_log = false; }, 20'000},
    {"the register compares", [](Without& it) { it.register_compares = false; }, 2'000},
    {"a new disk is a new node", [](Without& it) { it.new_disk_new_name = false; }, 8'000},
};

TEST_CASE("replication: each rule that is left out breaks something") {
  const std::uint64_t schedules = from_environment("TOTE_REPLICATION_RULES", 0);
  for (const MissingRule& rule : missing_rules) {
    if (rule.schedules_max > schedules_max) continue;
    Without without;
    rule.leave_out(without);
    std::map<std::string, int> broken;
    Figures all;
    const std::uint64_t most = schedules == 0 ? rule.schedules_max : schedules;
    std::uint64_t seed = 1;
    for (; seed <= most && (schedules != 0 || broken.empty()); ++seed)
      if (const std::string fault = run(seed, without, all); !fault.empty()) ++broken[fault];
    CHECK_MESSAGE(!broken.empty(), std::string(rule.name));
    std::cout << std::left << std::setw(36) << rule.name << " " << seed - 1 << " schedules:";
    for (const auto& [fault, count] : broken) std::cout << " " << count << " × " << fault << ";";
    std::cout << std::endl;
  }
}

}  // namespace
}  // namespace tote::replication::test
