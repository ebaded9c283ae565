// Reads that wait for an LSN: bounded in number and in time, ended when their asker goes, and cheap for everybody else.
#include "tests/engine/harness.h"

namespace tote {
namespace {

Request waiting(std::string id, std::uint64_t lsn, std::int64_t deadline_ms = 0, Tenant tenant = {}) {
  Request read = look(std::move(id), tenant);
  read.min_lsn = Lsn{lsn};
  read.deadline_ms = deadline_ms;
  return read;
}

TEST_CASE("waiting read: ends after 30 s, whatever its deadline") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  const auto patient = fresh.engine.submit(waiting("alice", 9, 24 * 3'600'000));
  const auto without = fresh.engine.submit(waiting("alice", 9));
  const auto hurried = fresh.engine.submit(waiting("alice", 9, 100));
  fresh.engine.turns();
  CHECK(fresh.engine.wheel().next_due_ms() <= 100);
  fresh.clock.advance(100 * ns_per_ms);
  fresh.engine.turns();
  CHECK(fresh.engine.outcome(hurried).code == Code::deadline_exceeded);
  fresh.clock.advance(30 * ns_per_s - 101 * ns_per_ms);
  fresh.engine.turns();
  CHECK(fresh.engine.unanswered() == 2);
  CHECK(fresh.engine.wheel().next_due_ms() <= 1);
  fresh.clock.advance(ns_per_ms);
  fresh.engine.turns();
  CHECK(fresh.engine.outcome(patient).code == Code::deadline_exceeded);
  CHECK(fresh.engine.outcome(without).code == Code::deadline_exceeded);
}

TEST_CASE("waiting read: is ended when its asker goes, and its place is free") {
  Fresh fresh({.kinds = {}, .waiting_reads_max = 2});
  fresh.engine.call(ask("alice", open()));
  const auto first = fresh.engine.submit(waiting("alice", 9));
  const auto second = fresh.engine.submit(waiting("alice", 9));
  fresh.engine.turns();
  fresh.engine.wheel().cancel(fresh.engine, first);
  fresh.engine.wheel().cancel(fresh.engine, 99);
  fresh.engine.turns();
  CHECK(fresh.engine.outcome(first).code == Code::deadline_exceeded);
  CHECK_FALSE(fresh.engine.is_answered(second));
  CHECK(fresh.engine.wheel().waiting_reads().size() == 1);
  const auto third = fresh.engine.submit(waiting("alice", 2));
  fresh.engine.submit(ask("alice", credit(1)));
  fresh.engine.turns();
  fresh.engine.sync();
  CHECK(fresh.engine.outcome(third).code == Code::ok);
  fresh.engine.wheel().cancel(fresh.engine, third);  // it was answered: nothing to end
  fresh.engine.wheel().drain();
  fresh.engine.turns();
  CHECK(fresh.engine.unanswered() == 0);
}

TEST_CASE("waiting read: one tenant's are bounded, and leave room for the others'") {
  Fresh fresh({.kinds = {}, .waiting_reads_max = 100, .waiting_reads_per_tenant_max = 3});
  const Tenant greedy = fresh.engine.tenant("greedy"), other = fresh.engine.tenant("other");
  for (int i = 0; i < 3; ++i) fresh.engine.submit(waiting("a", 9, 0, greedy));
  const auto refused = fresh.engine.submit(waiting("a", 9, 0, greedy));
  const auto taken = fresh.engine.submit(waiting("a", 9, 0, other));
  fresh.engine.turns();
  CHECK(fresh.engine.outcome(refused).code == Code::overloaded);
  CHECK_FALSE(fresh.engine.is_answered(taken));
  fresh.engine.wheel().cancel(fresh.engine, 0);
  const auto again = fresh.engine.submit(waiting("a", 9, 0, greedy));
  fresh.engine.turns();
  CHECK_FALSE(fresh.engine.is_answered(again));
  fresh.engine.wheel().drain();
  fresh.engine.turns();
}

TEST_CASE("waiting read: a turn looks only at those that are due, however many wait") {
  constexpr std::uint64_t count = 65'536;
  Fresh fresh({.kinds = {}, .waiting_reads_per_tenant_max = count});
  fresh.engine.call(ask("alice", open()));
  for (std::uint64_t i = 0; i < count; ++i)
    fresh.engine.submit(waiting("alice", 1'000 + i, 1 + static_cast<std::int64_t>(i) + 20'000));
  fresh.engine.turns();
  const std::uint64_t before = fresh.engine.wheel().waiting_reads().looks();
  constexpr std::uint64_t turns = 1'000;
  for (std::uint64_t i = 0; i < turns; ++i) fresh.engine.turn();
  CHECK(fresh.engine.wheel().waiting_reads().looks() - before <= 2 * turns);
  CHECK(fresh.engine.wheel().waiting_reads().size() == count);
  // All are over at once: some a turn, until they are gone.
  fresh.clock.advance(31 * ns_per_s);
  fresh.engine.turn();
  CHECK(fresh.engine.wheel().waiting_reads().size() >= count - 1'024);
  while (fresh.engine.wheel().waiting_reads().size() > 0) fresh.engine.turn();
  fresh.engine.turns();
  CHECK(fresh.engine.unanswered() == 0);
}

}  // namespace
}  // namespace tote
