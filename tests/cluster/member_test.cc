// Whole machines: engines over logs that three of them keep, with a real etcd, directories and connections.
#include "adapters/cluster/member.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <map>

#include "engine/clock.h"
#include "tests/cluster/elapsed.h"
#include "tests/cluster/machines.h"
#include "tests/engine/harness.h"

namespace tote::cluster {
namespace {

using test::Clock;
using test::Machine;
using test::Machines;

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
  std::cout << "another serves after " << tests::ms_since(begun) << " ms" << std::endl;
  REQUIRE(&second != &first);
  CHECK(tests::ms_since(begun) < 3'000);
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

// Frames that one machine alone has, because nobody else was there: never acknowledged.
TEST_CASE("members: what one machine alone had is cut when it comes back, and lies aside") {
  Machines machines;
  machines.start_all();
  Machine& first = machines.owner();
  CHECK(is_success(first.engine()->call(ask("alice", open())).code));
  CHECK(is_success(first.engine()->call(ask("alice", credit(7))).code));
  for (std::size_t i = 0; i < machines.size(); ++i)
    if (&machines.at(i) != &first) machines.at(i).kill();
  const std::uint64_t before = first.engine()->figures().syncs;
  int answers = 0, successes = 0;
  for (int i = 0; i < 20; ++i)
    first.engine()->submit(ask("alice", credit(100)), [&](Outcome& outcome) {
      ++answers;
      if (is_success(outcome.code)) ++successes;
    });
  Machines::wait([&] { return first.engine()->figures().syncs > before; }, "frames that nobody else has");
  first.kill();
  CHECK(answers == 20);  // that nobody can say
  CHECK(successes == 0);
  for (std::size_t i = 0; i < machines.size(); ++i)
    if (&machines.at(i) != &first) machines.at(i).start();
  Machine& second = machines.owner();
  CHECK(balance(*second.engine(), "alice") == 7);
  CHECK(is_success(second.engine()->call(ask("alice", credit(1))).code));
  first.start();
  machines.wait_for_in_sync(3);
  std::size_t cuts = 0;
  for (const auto& at : std::filesystem::directory_iterator(first.directory()))
    cuts += at.path().filename().string().starts_with("cut-") ? 1 : 0;
  CHECK(cuts == 1);
  std::promise<std::string> handed_over;
  second.member().transfer(first.node(), [&](const std::string& problem) { handed_over.set_value(problem); });
  CHECK(handed_over.get_future().get() == "");
  Machines::wait([&] { return first.engine() != nullptr; }, "the first owns the log again");
  CHECK(balance(*first.engine(), "alice") == 8);
}

TEST_CASE("members: all of them stop, and go on with what was acknowledged") {
  Machines machines;
  machines.start_all();
  CHECK(is_success(machines.owner().engine()->call(ask("alice", open())).code));
  for (int round = 1; round <= 3; ++round) {
    const Outcome paid = machines.owner().engine()->call(ask("alice", credit(5), "k" + std::to_string(round)));
    CHECK(is_success(paid.code));
    for (std::size_t i = 0; i < machines.size(); ++i) machines.at(i).kill();
    for (std::size_t i = 0; i < machines.size(); ++i) machines.at(i).start();
    CHECK(balance(*machines.owner().engine(), "alice") == 5 * round);
  }
}

TEST_CASE("members: a log of one machine becomes the cluster's, and no other log its nodes'") {
  Machines machines(4);
  std::string id;
  const auto write_alone = [](Machine& machine, std::int64_t amount) {
    tote::Options options;
    options.directory = machine.directory();
    options.kinds = {kind_of<Wallet>()};
    auto opened = Engine::open(options);
    const auto engine = std::move(std::get<std::unique_ptr<Engine>>(opened));
    CHECK(is_success(engine->call(ask("alice", open())).code));
    CHECK(is_success(engine->call(ask("alice", credit(amount), "k1")).code));
    return engine->log().id();
  };
  id = write_alone(machines.at(1), 42);
  write_alone(machines.at(3), 1);
  for (std::size_t i = 0; i < 3; ++i) machines.at(i).start();
  machines.wait_for_in_sync(3);
  Machine& owner = machines.owner();
  CHECK(&owner == &machines.at(1));
  CHECK(owner.engine()->log().id() == id);
  CHECK(balance(*owner.engine(), "alice") == 42);
  CHECK(owner.engine()->call(ask("alice", credit(42), "k1")).replayed);
  machines.at(3).start();
  Machines::wait([&] { return !machines.at(3).refusal().empty(); }, "the log of another is refused");
  CHECK(machines.at(3).refusal().find("that of the cluster shop is " + id) != std::string::npos);
  // Nobody goes on with it alone.
  owner.kill();
  tote::Options alone;
  alone.directory = owner.directory();
  alone.kinds = {kind_of<Wallet>()};
  const auto refused = Engine::open(alone);
  REQUIRE(std::holds_alternative<OpenError>(refused));
  CHECK(std::get<OpenError>(refused).detail.find("belongs to a cluster") != std::string::npos);
  // Another one took over what the first had as one machine.
  CHECK(balance(*machines.owner().engine(), "alice") == 42);
}

// No log of one machine: there an operator says whether it is meant. Here all of them would end, one after the other,
// as each takes over what the one with the wrong clock has left.
TEST_CASE("members: a log that an owner's wrong clock has got ahead is gone on with, and alerted") {
  Machines machines;
  {
    wal::LogOptions options;
    options.directory = machines.at(0).directory();
    auto opened = wal::Log::open(options);
    const auto log = std::move(std::get<std::unique_ptr<wal::Log>>(opened));
    REQUIRE(log->replay(Lsn{1}, [](Lsn, const wal::Record&) { return true; }).detail.empty());
    REQUIRE(log->start().detail.empty());
    log->append({.time = {SystemClock().wall().ns + 2 * 3'600 * ns_per_s}});
    log->close();
  }
  machines.start_all();
  for (int round = 0; round < 2; ++round) {
    Machine& owner = machines.owner();
    CHECK(owner.refusal().empty());
    CHECK(owner.engine()->figures().clock_skew_ns > 7'000 * ns_per_s);
    owner.kill();
    owner.start();
    machines.wait_for_in_sync(3);
  }
}

TEST_CASE("members: a copy of a node's log is one of another node's, which catches up") {
  Machines machines(4);
  for (std::size_t i = 0; i < 3; ++i) machines.at(i).start();
  machines.wait_for_in_sync(3);
  Engine& engine = *machines.owner().engine();
  CHECK(is_success(engine.call(ask("alice", open())).code));
  std::size_t backup = 0;
  while (&machines.at(backup) == &machines.owner()) ++backup;
  Machines::wait([&] { return machines.at(backup).status().lsn >= engine.log().durable(); }, "the backup has it");
  machines.at(backup).kill();
  std::filesystem::copy(machines.at(backup).directory(), machines.at(3).directory(),
                        std::filesystem::copy_options::recursive);
  CHECK(is_success(engine.call(ask("alice", credit(9))).code));
  machines.at(3).start();
  Machines::wait(
      [&] {
        const auto isr = machines.owner().status().isr;
        return std::ranges::find(isr, machines.at(3).node()) != isr.end();
      },
      "the copy is in sync");
}

TEST_CASE("members: one whose disk was lost isn't let in under its name, because others count on what it had") {
  Machines machines;
  machines.start_all();
  CHECK(is_success(machines.owner().engine()->call(ask("alice", open())).code));
  Machine& lost = machines.owner();
  lost.kill();
  std::filesystem::rename(lost.directory(), lost.directory() + "-old");
  for (const bool is_copied : {false, true}) {
    if (is_copied) {
      std::filesystem::copy(lost.directory() + "-old", lost.directory(), std::filesystem::copy_options::recursive);
      std::ofstream(lost.directory() + "/tote.backup") << "tote backup 1\n";
    }
    lost.start();
    Machines::wait([&] { return !lost.refusal().empty() || lost.status().state > MemberStatus::State::starting; },
                   "it is refused");
    CHECK(lost.refusal().find("with another disk") != std::string::npos);
    lost.kill();
    std::filesystem::remove_all(lost.directory());
  }
  CHECK(balance(*machines.owner().engine(), "alice") == 0);
  std::filesystem::rename(lost.directory() + "-old", lost.directory());
  lost.start();
  machines.wait_for_in_sync(3);
}

TEST_CASE(
    "members: with too few in sync changes are refused and nothing is stored, reads too wait for a quorum's word") {
  Machines machines;
  machines.start_all();
  Machine& owner = machines.owner();
  CHECK(is_success(owner.engine()->call(ask("alice", open())).code));
  for (std::size_t i = 0; i < machines.size(); ++i)
    if (&machines.at(i) != &owner) machines.at(i).kill();
  Machines::wait([&] { return !owner.status().has_enough; }, "too few");
  CHECK(owner.engine() != nullptr);
  CHECK(owner.engine()->call(ask("alice", credit(5), "k1")).code == Code::not_enough_replicas);
  for (std::size_t i = 0; i < machines.size(); ++i)
    if (&machines.at(i) != &owner) machines.at(i).start();
  Machines::wait([&] { return owner.has_stopped() || owner.status().has_enough; }, "enough again");
  CHECK(is_success(machines.owner().engine()->call(ask("alice", credit(5), "k1")).code));
}

TEST_CASE("members: while etcd is away the owner goes on, and doesn't hand over to somebody who couldn't take over") {
  Machines machines;
  machines.start_all();
  Machine& owner = machines.owner();
  std::size_t backup = 0;
  while (&machines.at(backup) == &owner) ++backup;
  CHECK(is_success(owner.engine()->call(ask("alice", open())).code));
  machines.etcd().suspend(0);
  std::string why;
  Machines::wait(
      [&] {
        const auto begun = Clock::now();
        CHECK(is_success(owner.engine()->call(ask("alice", credit(1))).code));
        CHECK(tests::ms_since(begun) < 900);
        return owner.status().problem.starts_with("etcd: ");
      },
      "etcd is away");
  std::this_thread::sleep_for(std::chrono::milliseconds(2'500));
  std::promise<std::string> done;
  owner.member().transfer(machines.at(backup).node(), [&](const std::string& problem) { done.set_value(problem); });
  CHECK(done.get_future().get() == "etcd doesn't answer, so nobody could take over");
  for (int i = 0; i < 100; ++i) CHECK(is_success(owner.engine()->call(ask("alice", credit(1))).code));
  machines.etcd().resume(0);
  machines.wait_for_in_sync(3);
  CHECK(owner.status().epoch == machines.owner().status().epoch);
  CHECK(&machines.owner() == &owner);
}

TEST_CASE("members: one that is removed stops, and isn't let in again before it is added") {
  Machines machines;
  machines.start_all();
  Machine& owner = machines.owner();
  std::size_t backup = 0;
  while (&machines.at(backup) == &owner) ++backup;
  const auto set_removed = [&](bool is_removed) {
    std::promise<std::string> done;
    owner.member().set_removed(machines.at(backup).node(), is_removed,
                               [&](const std::string& problem) { done.set_value(problem); });
    return done.get_future().get();
  };
  CHECK(set_removed(true) == "");
  Machines::wait([&] { return machines.at(backup).refusal().find("was removed") != std::string::npos; }, "it stops");
  machines.at(backup).kill();
  machines.wait_for_in_sync(2);
  machines.at(backup).start();
  Machines::wait([&] { return machines.at(backup).refusal().find("was removed") != std::string::npos; },
                 "it is refused");
  machines.at(backup).kill();
  CHECK(set_removed(false) == "");
  machines.at(backup).start();
  machines.wait_for_in_sync(3);
}

}  // namespace
}  // namespace tote::cluster
