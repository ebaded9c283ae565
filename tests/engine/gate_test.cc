// Nothing leaves before it is durable: no reply, no read, no refusal, no repeat (DESIGN §2.1, §2.2).
#include "tests/engine/harness.h"

namespace tote {
namespace {

TEST_CASE("gate: a reply waits for its record") {
  Fresh fresh;
  const auto ticket = fresh.engine.submit(ask("alice", open()));
  fresh.engine.turns();
  CHECK(fresh.log.last() == Lsn{1});
  CHECK_FALSE(fresh.engine.is_answered(ticket));
  fresh.engine.sync();
  CHECK(fresh.engine.outcome(ticket).code == Code::created);
  CHECK(fresh.engine.outcome(ticket).lsn == Lsn{1});
  CHECK(fresh.engine.outcome(ticket).version == Version{1});
}

TEST_CASE("gate: a read waits for the record of the state that it saw") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  fresh.engine.submit(ask("alice", credit(5)));
  fresh.engine.turns();
  const auto read = fresh.engine.submit(look("alice"));
  fresh.engine.turns();
  CHECK_FALSE(fresh.engine.is_answered(read));
  fresh.engine.sync();
  CHECK(field(fresh.engine.outcome(read), "balance") == 5);
  CHECK(fresh.engine.outcome(read).lsn == Lsn{2});
}

TEST_CASE("gate: a refusal waits for the record of the state that it was made from") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  fresh.engine.call(ask("alice", credit(5)));
  fresh.engine.submit(ask("alice", debit(5)));
  const auto refused = fresh.engine.submit(ask("alice", debit(1)));
  fresh.engine.turns();
  CHECK(fresh.log.last() == Lsn{3});  // without a key the refusal needs no record of its own
  CHECK_FALSE(fresh.engine.is_answered(refused));
  fresh.engine.sync();
  CHECK(fresh.engine.outcome(refused).code == Code::insufficient_funds);
}

TEST_CASE("gate: a version mismatch waits for the version that it names") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  fresh.engine.submit(ask("alice", credit(5)));
  Request conditional = ask("alice", credit(5));
  conditional.expected_version = Version{1};
  const auto refused = fresh.engine.submit(std::move(conditional));
  fresh.engine.turns();
  CHECK_FALSE(fresh.engine.is_answered(refused));
  fresh.engine.sync();
  CHECK(fresh.engine.outcome(refused).facts.find(FactName::current_version) == 2);
}

TEST_CASE("gate: an already_exists waits for the record that made it exist") {
  Fresh fresh;
  fresh.engine.submit(ask("alice", open()));
  const auto same = fresh.engine.submit(ask("alice", open()));
  const auto other = fresh.engine.submit(ask("alice", open(7)));
  fresh.engine.turns();
  CHECK_FALSE(fresh.engine.is_answered(same));
  CHECK_FALSE(fresh.engine.is_answered(other));
  fresh.engine.sync();
  CHECK(fresh.engine.outcome(same).code == Code::ok);
  CHECK(fresh.engine.outcome(other).code == Code::already_exists);
}

TEST_CASE("gate: a refusal with a key is a record, and waits for it") {
  Fresh fresh;
  const auto refused = fresh.engine.submit(ask("nobody", debit(1), "k1"));
  fresh.engine.turns();
  CHECK(fresh.log.last() == Lsn{1});
  CHECK_FALSE(fresh.engine.is_answered(refused));
  fresh.engine.sync();
  CHECK(fresh.engine.outcome(refused).code == Code::not_found);
  CHECK(fresh.engine.outcome(refused).lsn == Lsn{1});
}

TEST_CASE("gate: a repeat and a question about the key wait like the first") {
  Fresh fresh;
  const auto first = fresh.engine.submit(ask("alice", open(), "k1"));
  fresh.engine.turns();
  const auto repeat = fresh.engine.submit(ask("alice", open(), "k1"));
  const auto question = fresh.engine.find_outcome("k1");
  fresh.engine.turns();
  CHECK(fresh.engine.unanswered() == 3);
  fresh.engine.sync();
  CHECK(told(fresh.engine.outcome(repeat)) == told(fresh.engine.outcome(first)));
  CHECK(told(fresh.engine.outcome(question)) == told(fresh.engine.outcome(first)));
}

TEST_CASE("gate: opens as far as the disk is, not further") {
  Fresh fresh;
  const auto one = fresh.engine.submit(ask("a", open()));
  const auto two = fresh.engine.submit(ask("b", open()));
  const auto three = fresh.engine.submit(ask("c", open()));
  fresh.engine.turns();
  fresh.log.sync_to({2});
  fresh.engine.turns();
  CHECK(fresh.engine.is_answered(one));
  CHECK(fresh.engine.is_answered(two));
  CHECK_FALSE(fresh.engine.is_answered(three));
}

TEST_CASE("gate: an expiry that a read brought about is durable before the read leaves") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  fresh.engine.call(ask("alice", credit(5)));
  fresh.engine.call(ask("alice", hold("h1", 5, 10)));
  fresh.clock.advance(10 * ns_per_s + ns_per_ms);
  const auto read = fresh.engine.submit(look("alice"));
  fresh.engine.turns();
  CHECK(fresh.log.last() == Lsn{4});
  CHECK_FALSE(fresh.engine.is_answered(read));
  fresh.engine.sync();
  CHECK(field(fresh.engine.outcome(read), "available") == 5);
}

}  // namespace
}  // namespace tote
