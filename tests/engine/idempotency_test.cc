// Exactly one effect per key, and one answer to all who ask (DESIGN §2.3, D5).
#include "tests/engine/harness.h"

namespace tote {
namespace {

struct Keys : Fresh {
  Keys() {
    engine.call(ask("alice", open()));
    engine.call(ask("alice", credit(100)));
  }
  std::int64_t balance() { return field(engine.call(look("alice")), "balance"); }
};

TEST_CASE("key: duplicates in flight get the first's answer, and exactly one of all isn't a replay") {
  Keys keys;
  std::vector<Harness::Ticket> tickets;
  for (int turn = 0; turn < 3; ++turn) {
    for (int i = 0; i < 3; ++i) tickets.push_back(keys.engine.submit(ask("alice", debit(30), "k1")));
    keys.engine.turns();
  }
  keys.engine.sync();
  int firsts = 0;
  for (const auto ticket : tickets) {
    CHECK(told(keys.engine.outcome(ticket)) == told(keys.engine.outcome(tickets[0])));
    if (!keys.engine.outcome(ticket).replayed) ++firsts;
  }
  CHECK(firsts == 1);
  CHECK(keys.balance() == 70);
}

TEST_CASE("key: a repeat after the answer is the answer") {
  Keys keys;
  const Outcome first = keys.engine.call(ask("alice", debit(30), "k1"));
  const Outcome again = keys.engine.call(ask("alice", debit(30), "k1"));
  CHECK_FALSE(first.replayed);
  CHECK(again.replayed);
  CHECK(told(again) == told(first));
  CHECK(keys.balance() == 70);
}

TEST_CASE("key: the answer is the one of then, whatever happened since") {
  Keys keys;
  const Outcome first = keys.engine.call(ask("alice", credit(1), "k1"));
  keys.engine.call(ask("alice", debit(50)));
  CHECK(told(keys.engine.call(ask("alice", credit(1), "k1"))) == told(first));
}

TEST_CASE("key: a no stays a no after the money has come") {
  Keys keys;
  const Outcome refused = keys.engine.call(ask("alice", debit(500), "k1"));
  CHECK(refused.code == Code::insufficient_funds);
  keys.engine.call(ask("alice", credit(1000)));
  const Outcome again = keys.engine.call(ask("alice", debit(500), "k1"));
  CHECK(told(again) == told(refused));
  CHECK(again.replayed);
  CHECK(again.facts.find(FactName::available) == 100);
  CHECK(keys.balance() == 1100);
}

TEST_CASE("key: a no that is still in flight stays a no, too") {
  Keys keys;
  const auto refused = keys.engine.submit(ask("alice", debit(500), "k1"));
  keys.engine.turns();
  keys.engine.submit(ask("alice", credit(1000)));
  const auto again = keys.engine.submit(ask("alice", debit(500), "k1"));
  keys.engine.turns();
  keys.engine.sync();
  CHECK(told(keys.engine.outcome(again)) == told(keys.engine.outcome(refused)));
  CHECK(keys.balance() == 1100);
}

TEST_CASE("key: of a wallet that didn't exist stays not_found after it was opened") {
  Fresh fresh;
  const Outcome refused = fresh.engine.call(ask("bob", credit(1), "k1"));
  fresh.engine.call(ask("bob", open()));
  CHECK(told(fresh.engine.call(ask("bob", credit(1), "k1"))) == told(refused));
}

TEST_CASE("key: asking something else under it is refused, in flight and finished, and changes nothing") {
  Keys keys;
  const auto first = keys.engine.submit(ask("alice", debit(30), "k1"));
  const auto amount = keys.engine.submit(ask("alice", debit(31), "k1"));
  const auto entity = keys.engine.submit(ask("bob", debit(30), "k1"));
  Request conditional = ask("alice", debit(30), "k1");
  conditional.expected_version = Version{2};
  const auto version = keys.engine.submit(std::move(conditional));
  keys.engine.turns();
  for (const auto ticket : {amount, entity, version}) {
    CHECK(keys.engine.outcome(ticket).code == Code::idempotency_key_reused);
    CHECK_FALSE(keys.engine.outcome(ticket).replayed);
  }
  CHECK_FALSE(keys.engine.is_answered(first));
  keys.engine.sync();
  CHECK(keys.engine.call(ask("alice", debit(31), "k1")).code == Code::idempotency_key_reused);
  CHECK(keys.engine.call(ask("alice", credit(30), "k1")).code == Code::idempotency_key_reused);
  CHECK(keys.engine.call(ask("alice", debit(30), "k1")).replayed);
  CHECK(keys.balance() == 70);
}

TEST_CASE("key: a fingerprint that is given decides, not the command") {
  Keys keys;
  Request first = ask("alice", debit(30), "k1");
  first.fingerprint = {1, 2};
  Request reformatted = ask("alice", debit(30), "k1");
  reformatted.fingerprint = {1, 3};
  keys.engine.call(std::move(first));
  CHECK(keys.engine.call(std::move(reformatted)).code == Code::idempotency_key_reused);
}

TEST_CASE("key: without one nothing is remembered") {
  Keys keys;
  keys.engine.call(ask("alice", debit(30)));
  CHECK_FALSE(keys.engine.call(ask("alice", debit(30))).replayed);
  CHECK(keys.balance() == 40);
}

TEST_CASE("key: two tenants' don't meet, nor do their wallets") {
  Fresh fresh;
  const Tenant shop = fresh.engine.tenant("shop");
  CHECK(fresh.engine.call(ask("alice", open(1), "k1")).code == Code::created);
  const Outcome other = fresh.engine.call(ask("alice", open(2), "k1", shop));
  CHECK(other.code == Code::created);
  CHECK_FALSE(other.replayed);
  CHECK(other.version == Version{1});
  CHECK(field(fresh.engine.call(look("alice")), "overdraft_limit") == 1);
  CHECK(field(fresh.engine.call(look("alice", shop)), "overdraft_limit") == 2);
  const Tenant stranger = fresh.engine.tenant("stranger");
  const auto question = fresh.engine.find_outcome("k1", stranger);
  fresh.engine.turns();
  CHECK(fresh.engine.outcome(question).code == Code::outcome_unknown);
  CHECK(fresh.engine.call(look("alice", stranger)).code == Code::not_found);
}

// An outcome's fields are recycled: what the engine says of itself must not carry another request's names along.
TEST_CASE("key: an answer without a decision says nothing about anyone else") {
  Fresh fresh;
  const Tenant shop = fresh.engine.tenant("shop");
  fresh.engine.call(ask("a-secret-customer-of-the-shop", open(), "k1", shop));
  const auto unknown = fresh.engine.find_outcome("k2");
  fresh.engine.turns();
  CHECK(fresh.engine.outcome(unknown).code == Code::outcome_unknown);
  CHECK(fresh.engine.outcome(unknown).entity == "");
  const Outcome invalid = fresh.engine.call(ask("bob", open(), "k 3"));
  CHECK(invalid.code == Code::idempotency_key_invalid);
  CHECK((invalid.entity == "bob" || invalid.entity.empty()));
  fresh.engine.call(ask("bob", open(), "k4"));
  fresh.engine.call(ask("a-secret-customer-of-the-shop", credit(1), "k5", shop));
  const Outcome reused = fresh.engine.call(ask("bob", open(9), "k4"));
  CHECK(reused.code == Code::idempotency_key_reused);
  CHECK((reused.entity == "bob" || reused.entity.empty()));
}

TEST_CASE("key: find_outcome tells what was answered, or that nothing was") {
  Keys keys;
  const Outcome first = keys.engine.call(ask("alice", debit(30), "k1"));
  const auto known = keys.engine.find_outcome("k1");
  const auto unknown = keys.engine.find_outcome("k2");
  const auto invalid = keys.engine.find_outcome("");
  keys.engine.turns();
  CHECK(told(keys.engine.outcome(known)) == told(first));
  CHECK(keys.engine.outcome(known).replayed);
  CHECK(keys.engine.outcome(unknown).code == Code::outcome_unknown);
  CHECK(keys.engine.outcome(invalid).code == Code::idempotency_key_invalid);
}

TEST_CASE("key: one on a read is ignored") {
  Keys keys;
  Request read = look("alice");
  read.key = "k1";
  keys.engine.call(std::move(read));
  CHECK_FALSE(keys.engine.call(ask("alice", debit(30), "k1")).replayed);
}

}  // namespace
}  // namespace tote
