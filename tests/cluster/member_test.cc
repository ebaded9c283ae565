// Whole machines: engines over logs that three of them keep, with a real etcd, directories and connections.
#include "adapters/cluster/member.h"

#include <doctest/doctest.h>

#include <iostream>
#include <map>

#include "tests/cluster/machines.h"
#include "tests/engine/harness.h"

namespace tote::cluster {
namespace {

using test::Clock;
using test::Machine;
using test::Machines;

std::int64_t ms_since(Clock::time_point begun) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun).count();
}

std::int64_t balance(Engine& engine, const std::string& id) { return field(engine.call(look(id)), "balance"); }

TEST_CASE("members: every acknowledged credit outlives the owner, a retry gets the first answer, the third follows") {
  Machines machines;
  machines.start_all();
  Machine& first = machines.owner();
  Engine& engine = *first.engine();
  CHECK(is_success(engine.call(ask("alice", open())).code));
  std::map<std::string, std::string> answers;
  for (int i = 0; i < 200; ++i) {
    const std::string key = "k" + std::to_string(i);
    answers[key] = told(engine.call(ask("alice", credit(10), key)));
  }
  CHECK(balance(engine, "alice") == 2'000);
  const auto begun = Clock::now();
  first.kill();
  Machine& second = machines.owner();
  std::cout << "another serves after " << ms_since(begun) << " ms" << std::endl;
  REQUIRE(&second != &first);
  CHECK(ms_since(begun) < 3'000);
  Engine& after = *second.engine();
  CHECK(balance(after, "alice") == 2'000);
  for (const auto& [key, answer] : answers) {
    const Outcome again = after.call(ask("alice", credit(10), key));
    CHECK(again.replayed);
    CHECK(told(again) == answer);
  }
  CHECK(is_success(after.call(ask("alice", credit(1), "new")).code));
  CHECK(balance(after, "alice") == 2'001);
  // The first one comes back as a learner, and is in sync again.
  first.start();
  machines.wait_for_in_sync(3);
  CHECK(first.engine() == nullptr);
  const Lsn last = after.log().durable();
  Machines::wait([&] { return first.status().committed >= last; }, "the first has it all");
}

}  // namespace
}  // namespace tote::cluster
