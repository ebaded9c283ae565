// Rules that chance seldom needs (simulation_test.cc says how many schedules it takes to miss them), each by itself:
// what happens with it, and what would without.
#include <doctest/doctest.h>

#include "tests/replication/rig.h"

namespace tote::replication::test {
namespace {

TEST_CASE("who joins holds all that the owner has inherited, not only what it knows to be committed") {
  Rules rules;
  SUBCASE("as it is") {}
  SUBCASE("without the rule") { rules.grow_inherited = false; }
  Rig rig(options_of(a), rules);
  const Register before{{1}, b, {a, b}};
  const Frame one = frame_after(log_begins, {1}, {1}), two = frame_after(one.end(), {1}, {2});
  rig.say(b, Append{{1}, {one, two}, two.end(), {1}});
  rig.sync();
  rig.registered(before, 5);
  rig.say(b, Yield{{1}, {before, 5}});
  rig.sync();
  const auto stands = rig.demanded<Propose>();
  REQUIRE(stands);
  rig.registered(stands->value, 6);
  REQUIRE(rig.demanded<MakeClaim>());
  const Frame claim = rig.append({0});
  rig.sync();
  REQUIRE(rig.node().owner()->durable() == one.last);  // b, which is in sync, hasn't said a word yet
  // The second frame was acknowledged by b, perhaps, and only b and this node have it: c in b's place would lose it.
  rig.say(c, Held{{2}, one.end()});
  rig.pass(50);
  CHECK(rig.demanded<Propose>().has_value() == !rules.grow_inherited);
  if (!rules.grow_inherited) return;
  rig.say(c, Held{{2}, claim.end()});
  rig.pass(50);
  const auto grown = rig.demanded<Propose>();
  REQUIRE(grown);
  CHECK(grown->value.has(c));
}

TEST_CASE("who stands for owner has its promise on disk before anybody can hear of it") {
  Rules rules;
  SUBCASE("as it is") {}
  SUBCASE("without the rule") { rules.promise_is_kept = false; }
  Rig rig(options_of(a), rules);
  const Register before{{1}, b, {a, b}};
  rig.registered(before, 5);
  rig.say(b, Yield{{1}, {before, 5}});
  CHECK(rig.demanded<Propose>().has_value() == !rules.promise_is_kept);
  if (!rules.promise_is_kept) return;
  rig.sync();
  CHECK(rig.demanded<Propose>()->value.epoch == Epoch{2});
  rig.disk().forget(0);
  rig.start();  // after a power cut
  rig.say(b, Append{{1}, {}, log_begins, {}});
  CHECK(rig.said<Refused>(b)->promised == Epoch{2});
}

}  // namespace
}  // namespace tote::replication::test
