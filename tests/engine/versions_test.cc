// Versions and the order of what one batch asks: gap-free, in the order given (API.md, Versions; engine/tote.h).
#include "tests/engine/harness.h"

namespace tote {
namespace {

Request if_match(Request request, std::uint64_t version) {
  request.expected_version = Version{version};
  return request;
}

TEST_CASE("version: 1 at creation, one more with every change, the same with everything else") {
  Fresh fresh;
  CHECK(fresh.engine.call(look("alice")).version == Version{0});
  CHECK(fresh.engine.call(ask("alice", debit(1), "k0")).version == Version{0});
  CHECK(fresh.engine.call(ask("alice", open())).version == Version{1});
  CHECK(fresh.engine.call(ask("alice", open(), "k1")).version == Version{1});
  CHECK(fresh.engine.call(ask("alice", credit(5))).version == Version{2});
  CHECK(fresh.engine.call(ask("alice", debit(6))).version == Version{2});
  CHECK(fresh.engine.call(ask("alice", debit(6), "k2")).version == Version{2});
  CHECK(fresh.engine.call(look("alice")).version == Version{2});
  CHECK(fresh.engine.call(ask("alice", debit(5), "k3")).version == Version{3});
}

TEST_CASE("version: a read's LSN is that of the entity's last change, refusals recorded since don't count") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  fresh.engine.call(ask("alice", debit(1), "k1"));
  CHECK(fresh.log.last() == Lsn{2});
  CHECK(fresh.engine.call(look("alice")).lsn == Lsn{1});
}

TEST_CASE("if-match: the version that is there goes on, another is refused with the one that is there") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  CHECK(fresh.engine.call(if_match(ask("alice", credit(5)), 1)).code == Code::ok);
  const Outcome stale = fresh.engine.call(if_match(ask("alice", credit(5)), 1));
  CHECK(stale.code == Code::version_mismatch);
  CHECK(stale.facts.find(FactName::current_version) == 2);
  CHECK(fresh.engine.call(if_match(ask("alice", credit(5)), 3)).code == Code::version_mismatch);
  CHECK(field(fresh.engine.call(look("alice")), "balance") == 5);
}

TEST_CASE("if-match: one of two that saw the same version wins") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  const auto one = fresh.engine.submit(if_match(ask("alice", credit(5), "k1"), 1));
  const auto two = fresh.engine.submit(if_match(ask("alice", credit(5), "k2"), 1));
  fresh.engine.turns();
  fresh.engine.sync();
  CHECK(fresh.engine.outcome(one).code == Code::ok);
  CHECK(fresh.engine.outcome(two).code == Code::version_mismatch);
}

TEST_CASE("if-match: a mismatch is frozen under its key") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  const Outcome stale = fresh.engine.call(if_match(ask("alice", credit(5), "k1"), 2));
  fresh.engine.call(ask("alice", credit(1)));
  CHECK(told(fresh.engine.call(if_match(ask("alice", credit(5), "k1"), 2))) == told(stale));
}

TEST_CASE("if-match: a version that no entity can have is one that another request can't be taken for") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  CHECK(fresh.engine.call(ask("alice", credit(5), "k1")).code == Code::ok);
  CHECK(fresh.engine.call(if_match(ask("alice", credit(5), "k1"), UINT64_MAX)).code == Code::idempotency_key_reused);
}

TEST_CASE("order: what one batch asks of one entity is done in the order given") {
  Fresh fresh;
  std::vector<Harness::Ticket> tickets;
  tickets.push_back(fresh.engine.submit(ask("alice", open())));
  for (std::int64_t i = 1; i <= 20; ++i) tickets.push_back(fresh.engine.submit(ask("alice", credit(i))));
  fresh.engine.turns();
  fresh.engine.sync();
  for (std::size_t i = 0; i < tickets.size(); ++i) CHECK(fresh.engine.outcome(tickets[i]).version == Version{i + 1});
}

// The promise doesn't ask whether a request has a key.
TEST_CASE("order: requests with a key and without one keep it among each other") {
  Fresh fresh;
  const auto opened = fresh.engine.submit(ask("alice", open(), "k1"));
  const auto credited = fresh.engine.submit(ask("alice", credit(10)));
  const auto debited = fresh.engine.submit(ask("alice", debit(10), "k2"));
  const auto read = fresh.engine.submit(look("alice"));
  fresh.engine.turns();
  fresh.engine.sync();
  CHECK(fresh.engine.outcome(opened).code == Code::created);
  CHECK(fresh.engine.outcome(credited).code == Code::ok);
  CHECK(fresh.engine.outcome(debited).code == Code::ok);
  CHECK(fresh.engine.outcome(read).code == Code::ok);
  CHECK(fresh.engine.outcome(read).version == Version{3});
}

TEST_CASE("order: a batch's keys come in the order given, the same one twice included") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  const auto one = fresh.engine.submit(ask("alice", credit(1), "a"));
  const auto two = fresh.engine.submit(ask("alice", credit(2), "b"));
  const auto again = fresh.engine.submit(ask("alice", credit(1), "a"));
  fresh.engine.turns();
  fresh.engine.sync();
  CHECK(fresh.engine.outcome(one).version == Version{2});
  CHECK(fresh.engine.outcome(two).version == Version{3});
  CHECK(told(fresh.engine.outcome(again)) == told(fresh.engine.outcome(one)));
  CHECK(fresh.engine.outcome(again).replayed);
}

}  // namespace
}  // namespace tote
