// Reads, waiting reads, draining and the read-only engine.
#include "tests/engine/harness.h"

namespace tote {
namespace {

Request at_least(Request read, std::uint64_t lsn, std::int64_t deadline_ms = 0) {
  read.min_lsn = Lsn{lsn};
  read.deadline_ms = deadline_ms;
  return read;
}

TEST_CASE("read: of what doesn't exist is not_found and leaves no slot behind") {
  Fresh fresh;
  for (int i = 0; i < 100; ++i) CHECK(fresh.engine.call(look("nobody" + std::to_string(i))).code == Code::not_found);
  CHECK(fresh.engine.context().slots().size() == 0);
  CHECK(fresh.log.last() == Lsn{0});
}

TEST_CASE("read: an id that isn't one, a kind that isn't known") {
  Fresh fresh;
  CHECK(fresh.engine.call(look("a b")).code == Code::invalid_id);
  Request unknown = look("alice");
  unknown.kind = 7;
  CHECK(fresh.engine.call(std::move(unknown)).code == Code::invalid_request);
}

TEST_CASE("uncreated: entities that were asked for and refused leave no slot and no actor behind") {
  Fresh fresh;
  for (int i = 0; i < 100; ++i) {
    const std::string id = "nobody" + std::to_string(i);
    CHECK(fresh.engine.call(ask(id, credit(1))).code == Code::not_found);
    CHECK(fresh.engine.call(ask(id, credit(1), "k" + id)).code == Code::not_found);
    CHECK(fresh.engine.call(ask(id, credit(0))).code == Code::invalid_request);
  }
  fresh.engine.turns();
  CHECK(fresh.engine.context().slots().size() == 0);
  CHECK(fresh.engine.context().figures().entities_live == 0);
}

TEST_CASE("min_lsn: a read waits for it, and sees at least that") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  const auto waiting = fresh.engine.submit(at_least(look("alice"), 2));
  fresh.engine.turns();
  CHECK_FALSE(fresh.engine.is_answered(waiting));
  fresh.engine.submit(ask("alice", credit(5)));
  fresh.engine.turns();
  CHECK_FALSE(fresh.engine.is_answered(waiting));
  fresh.engine.sync();
  CHECK(field(fresh.engine.outcome(waiting), "balance") == 5);
}

TEST_CASE("min_lsn: what is durable already needs no waiting") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  const auto ticket = fresh.engine.submit(at_least(look("alice"), 1));
  fresh.engine.turns();
  CHECK(fresh.engine.is_answered(ticket));
}

TEST_CASE("min_lsn: a read whose deadline comes first is refused") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  const auto waiting = fresh.engine.submit(at_least(look("alice"), 9, 50));
  fresh.clock.advance(49 * ns_per_ms);
  fresh.engine.turns();
  CHECK_FALSE(fresh.engine.is_answered(waiting));
  CHECK(fresh.engine.wheel().next_due_ms() <= 10);
  fresh.clock.advance(ns_per_ms);
  fresh.engine.turns();
  CHECK(fresh.engine.outcome(waiting).code == Code::deadline_exceeded);
}

TEST_CASE("min_lsn: only so many wait, the next is overloaded") {
  Fresh fresh({.kinds = {}, .waiting_reads_max = 3});
  for (int i = 0; i < 3; ++i) fresh.engine.submit(at_least(look("alice"), 9));
  const auto refused = fresh.engine.submit(at_least(look("alice"), 9));
  fresh.engine.turns();
  CHECK(fresh.engine.outcome(refused).code == Code::overloaded);
  CHECK(fresh.engine.unanswered() == 3);
  fresh.engine.wheel().drain();
  fresh.engine.turns();
}

TEST_CASE("drain: what waits for an LSN is refused, what is in the log is answered") {
  Fresh fresh;
  const auto opened = fresh.engine.submit(ask("alice", open(), "k1"));
  const auto repeat = fresh.engine.submit(ask("alice", open(), "k1"));
  const auto waiting = fresh.engine.submit(at_least(look("alice"), 9));
  fresh.engine.turns();
  fresh.engine.wheel().drain();
  fresh.engine.turns();
  CHECK(fresh.engine.outcome(waiting).code == Code::draining);
  CHECK_FALSE(fresh.engine.is_answered(opened));
  fresh.engine.sync();
  CHECK(fresh.engine.outcome(opened).code == Code::created);
  CHECK(fresh.engine.outcome(repeat).replayed);
  CHECK(fresh.engine.unanswered() == 0);
}

struct ReadOnly {
  MemoryLog log;
  TestClock clock;
  std::unique_ptr<Harness> engine;

  ReadOnly() {
    engine = std::make_unique<Harness>(log, clock);
    engine->call(ask("alice", open()));
    engine->call(ask("alice", credit(100), "k1"));
    engine->call(ask("alice", hold("h1", 60, 10)));
    engine.reset();
    engine = std::make_unique<Harness>(log, clock, CoreOptions{.kinds = {}, .read_only = true});
  }
};

TEST_CASE("read only: reads and old answers, every change is forbidden") {
  ReadOnly only;
  CHECK(field(only.engine->call(look("alice")), "balance") == 100);
  CHECK(only.engine->call(look("bob")).code == Code::not_found);
  CHECK(only.engine->call(ask("alice", debit(1))).code == Code::forbidden);
  CHECK(only.engine->call(ask("alice", debit(1), "k2")).code == Code::forbidden);
  CHECK(only.engine->call(ask("bob", open())).code == Code::forbidden);
  CHECK(only.engine->call(ask("alice", credit(100), "k1")).replayed);
  CHECK(only.log.last() == Lsn{3});
}

TEST_CASE("read only: time changes nothing either") {
  ReadOnly only;
  only.clock.advance(3600 * ns_per_s);
  only.engine->turns();
  CHECK(field(only.engine->call(look("alice")), "held") == 60);
  CHECK(only.log.last() == Lsn{3});
  CHECK(only.engine->wheel().next_due_ms() == 1000);
}

}  // namespace
}  // namespace tote
