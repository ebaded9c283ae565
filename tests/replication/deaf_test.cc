// An owner that hears nobody, though it may still be heard.
#include <doctest/doctest.h>

#include "tests/replication/rig.h"

namespace tote::replication::test {
namespace {

TEST_CASE("an owner that hears nobody falls silent, so that who hears it can take over, until somebody says hello") {
  OwnerRig rig;
  rig.pass(450);
  CHECK(rig.said<Append>(b));  // a beat
  rig.pass(150);
  rig.said<Append>(b);
  rig.append({7});
  rig.sync();
  rig.pass(3'000);
  CHECK(!rig.said<Append>(b));
  CHECK(rig.said<Hello>(b));        // who owns a later epoch, and hears nobody either, answers it
  CHECK(!rig.demanded<Propose>());  // what it would propose now helps nobody
  CHECK(!rig.demanded<Durable>());
  rig.say(b, Hello{});
  CHECK(rig.said<Append>(b));
  rig.say(b, Held{{1}, log_begins});
  CHECK(rig.said<Append>(b)->frames.size() > 0);  // what it wasn't given meanwhile
}

TEST_CASE("an owner that needs nobody goes on alone, and says so to the register") {
  OwnerRig rig(1);
  rig.pass(1'100);
  CHECK(rig.said<Append>(b));
  CHECK(rig.demanded<Propose>()->value.isr == std::vector<NodeId>{a});
}

}  // namespace
}  // namespace tote::replication::test
