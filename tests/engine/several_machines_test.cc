// A log that other machines have, too: what this one decides without a record of its own may be old, because another
// one may own the log by now. It leaves only when that was asked about afterwards (DESIGN §2.1, D15).
#include "tests/engine/harness.h"

namespace tote {
namespace {

struct Shared {
  MemoryLog log;
  TestClock clock;
  std::optional<Harness> engine;

  Shared() {
    log.shared = true;
    engine.emplace(log, clock);
    write(ask("alice", open()));
    write(ask("alice", credit(100), "k1"));
  }
  // What has a record of its own needs no question.
  const Outcome& write(Request request) {
    const auto ticket = engine->submit(std::move(request));
    engine->turns();
    engine->sync();
    return engine->outcome(ticket);
  }
  void confirm() {
    log.confirmed_to = log.asked;
    engine->turns();
  }
};

TEST_CASE("several machines: a write leaves when it is durable, without a question") {
  Shared shared;
  CHECK(shared.log.asked == 0);
  CHECK(shared.write(ask("alice", credit(5))).code == Code::ok);
  CHECK(shared.log.asked == 0);
}

TEST_CASE("several machines: a read of what is durable waits until it is confirmed that nobody else owns the log") {
  Shared shared;
  const auto read = shared.engine->submit(look("alice"));
  shared.engine->turns();
  CHECK(shared.log.asked == 1);
  CHECK_FALSE(shared.engine->is_answered(read));
  shared.confirm();
  CHECK(field(shared.engine->outcome(read), "balance") == 100);
}

TEST_CASE("several machines: the first read after a start is asked about, too") {
  Shared shared;
  shared.engine.emplace(shared.log, shared.clock);
  const auto read = shared.engine->submit(look("alice"));
  shared.engine->turns();
  CHECK_FALSE(shared.engine->is_answered(read));
  shared.confirm();
  CHECK(shared.engine->is_answered(read));
}

TEST_CASE("several machines: an answer to an earlier question confirms nothing") {
  Shared shared;
  shared.engine->submit(look("alice"));
  shared.engine->turns();
  const std::uint64_t first = shared.log.asked;
  const auto second = shared.engine->submit(look("alice"));
  shared.engine->turns();
  shared.log.confirmed_to = first;
  shared.engine->turns();
  CHECK_FALSE(shared.engine->is_answered(second));
  shared.confirm();
  CHECK(shared.engine->is_answered(second));
}

// Others may have its frame already: that they took it says nothing of what they have promised since.
TEST_CASE("several machines: a read that waits for a record which was on its way before is asked about, too") {
  Shared shared;
  shared.engine->submit(ask("alice", credit(5)));
  shared.engine->turns();
  const auto read = shared.engine->submit(look("alice"));
  shared.engine->turns();
  shared.engine->sync();
  CHECK_FALSE(shared.engine->is_answered(read));
  shared.confirm();
  CHECK(field(shared.engine->outcome(read), "balance") == 105);
}

TEST_CASE("several machines: repeats, refusals and unknown keys are told when they are confirmed") {
  Shared shared;
  const auto repeat = shared.engine->submit(ask("alice", credit(100), "k1"));
  const auto refused = shared.engine->submit(ask("alice", debit(1'000)));
  const auto unknown = shared.engine->find_outcome("never");
  shared.engine->turns();
  for (const auto ticket : {repeat, refused, unknown}) CHECK_FALSE(shared.engine->is_answered(ticket));
  CHECK(shared.log.asked == 1);
  shared.confirm();
  CHECK(shared.engine->outcome(repeat).replayed);
  CHECK(shared.engine->outcome(refused).code == Code::insufficient_funds);
  CHECK(shared.engine->outcome(unknown).code == Code::outcome_unknown);
}

TEST_CASE("several machines: too few of them refuse changes, which aren't stored; reads go on") {
  Shared shared;
  shared.log.enough = false;
  const auto refused = shared.engine->submit(ask("alice", credit(5), "k2"));
  const auto read = shared.engine->submit(look("alice"));
  shared.engine->turns();
  CHECK(shared.engine->outcome(refused).code == Code::not_enough_replicas);  // without a question: nobody may be there
  CHECK_FALSE(shared.engine->is_answered(read));
  shared.confirm();
  CHECK(field(shared.engine->outcome(read), "balance") == 100);
  shared.log.enough = true;
  CHECK(shared.write(ask("alice", credit(5), "k2")).code == Code::ok);
}

TEST_CASE("several machines: a log that is lost answers what waits for it, by saying that nobody can say") {
  Shared shared;
  const auto write = shared.engine->submit(ask("alice", credit(5), "k2"));
  const auto again = shared.engine->submit(ask("alice", credit(5), "k2"));
  const auto read = shared.engine->submit(look("alice"));
  const auto repeat = shared.engine->submit(ask("alice", credit(100), "k1"));  // whose key is settled
  shared.engine->turns();
  for (int i = 0; i < 3 && shared.engine->unanswered() > 0; ++i) {
    shared.engine->abandon();
    shared.engine->turns();
  }
  for (const auto ticket : {write, again, read, repeat})
    CHECK(shared.engine->outcome(ticket).code == Code::owner_changed);
}

TEST_CASE("several machines: a record that says nothing has its LSN, and every start passes over it") {
  Shared shared;
  const Lsn before = shared.log.last();
  shared.log.record_is_wanted = true;
  shared.engine->turn();
  CHECK(shared.log.last() == before.next());
  shared.log.for_each([&](Lsn lsn, const wal::Record& record) { CHECK(wal::says_nothing(record) == (lsn > before)); });
  shared.write(ask("alice", credit(5)));
  const auto states = shared.engine->states();
  shared.engine.emplace(shared.log, shared.clock);
  CHECK(shared.engine->states() == states);
}

}  // namespace
}  // namespace tote
