// What was not executed is not stored: its key is free again, and one of those that waited takes its place (DESIGN D5).
#include "tests/engine/box.h"
#include "tests/engine/harness.h"

namespace tote {
namespace {

struct Alice : Fresh {
  Alice() {
    engine.call(ask("alice", open()));
    engine.call(ask("alice", credit(100)));
  }
  std::int64_t balance() { return field(engine.call(look("alice")), "balance"); }
};

Request hurried(Request request, std::int64_t deadline_ms = 10) {
  request.deadline_ms = deadline_ms;
  return request;
}

TEST_CASE("not stored: a full log refuses, and the same key is executed when there is space") {
  Alice alice;
  alice.log.full = true;
  const Outcome refused = alice.engine.call(ask("alice", debit(30), "k1"));
  CHECK(refused.code == Code::log_full);
  CHECK(alice.log.last() == Lsn{2});
  alice.log.full = false;
  const Outcome paid = alice.engine.call(ask("alice", debit(30), "k1"));
  CHECK(paid.code == Code::ok);
  CHECK_FALSE(paid.replayed);
  CHECK(alice.balance() == 70);
}

TEST_CASE("not stored: a full log still answers reads and repeats") {
  Alice alice;
  const Outcome first = alice.engine.call(ask("alice", debit(30), "k1"));
  alice.log.full = true;
  CHECK(told(alice.engine.call(ask("alice", debit(30), "k1"))) == told(first));
  CHECK(alice.balance() == 70);
}

TEST_CASE("not stored: no room in the log is overloaded, the same key is executed later") {
  Alice alice;
  alice.log.room = false;
  CHECK(alice.engine.call(ask("alice", debit(30), "k1")).code == Code::overloaded);
  CHECK(alice.engine.call(ask("alice", debit(30))).code == Code::overloaded);
  alice.log.room = true;
  CHECK(alice.engine.call(ask("alice", debit(30), "k1")).code == Code::ok);
  CHECK(alice.balance() == 70);
}

TEST_CASE("not stored: an invalid command may be repeated corrected, under the same key") {
  Alice alice;
  CHECK(alice.engine.call(ask("alice", debit(0), "k1")).code == Code::invalid_request);
  CHECK(alice.log.last() == Lsn{2});
  CHECK(alice.engine.call(ask("alice", debit(30), "k1")).code == Code::ok);
}

TEST_CASE("not stored: a command of another kind, a kind that isn't known, an id that isn't one") {
  Alice alice;
  Request other = ask("alice", debit(1), "k1");
  other.command = Command(std::string("debit"));
  CHECK(alice.engine.call(std::move(other)).code == Code::invalid_request);
  Request unknown = ask("alice", debit(1), "k1");
  unknown.kind = 99;
  CHECK(alice.engine.call(std::move(unknown)).code == Code::invalid_request);
  CHECK(alice.engine.call(ask("al/ice", debit(1), "k1")).code == Code::invalid_id);
  CHECK(alice.engine.call(ask(std::string(129, 'a'), debit(1), "k1")).code == Code::invalid_id);
  CHECK(alice.engine.call(ask("", debit(1), "k1")).code == Code::invalid_id);
  CHECK(alice.log.last() == Lsn{2});
  CHECK(alice.engine.call(ask("alice", debit(1), "k1")).code == Code::ok);
}

TEST_CASE("deadline: past means refused, no record, and the key is free") {
  Alice alice;
  const auto late = alice.engine.submit(hurried(ask("alice", debit(30), "k1")));
  const auto late_without_key = alice.engine.submit(hurried(ask("alice", debit(30))));
  const auto late_read = alice.engine.submit(hurried(look("alice")));
  alice.clock.advance(10 * ns_per_ms);
  alice.engine.turns();
  for (const auto ticket : {late, late_without_key, late_read})
    CHECK(alice.engine.outcome(ticket).code == Code::deadline_exceeded);
  CHECK(alice.log.last() == Lsn{2});
  CHECK(alice.engine.call(ask("alice", debit(30), "k1")).code == Code::ok);
  CHECK(alice.balance() == 70);
}

TEST_CASE("deadline: decided in time is answered, however long the disk takes") {
  Alice alice;
  const auto paid = alice.engine.submit(hurried(ask("alice", debit(30), "k1")));
  alice.clock.advance(10 * ns_per_ms - 1);
  alice.engine.turns();
  alice.clock.advance(1'000 * ns_per_s);
  alice.engine.sync();
  CHECK(alice.engine.outcome(paid).code == Code::ok);
}

TEST_CASE("duplicates: when the first isn't executed one of those that wait is, the others get its answer") {
  Alice alice;
  const auto late = alice.engine.submit(hurried(ask("alice", debit(30), "k1")));
  std::vector<Harness::Ticket> waiting;
  for (int i = 0; i < 5; ++i) waiting.push_back(alice.engine.submit(ask("alice", debit(30), "k1")));
  alice.clock.advance(ns_per_s);
  alice.engine.turns();
  CHECK(alice.engine.outcome(late).code == Code::deadline_exceeded);
  CHECK(alice.engine.unanswered() == 5);
  alice.engine.sync();
  int firsts = 0;
  for (const auto ticket : waiting) {
    CHECK(told(alice.engine.outcome(ticket)) == told(alice.engine.outcome(waiting[0])));
    CHECK(alice.engine.outcome(ticket).code == Code::ok);
    if (!alice.engine.outcome(ticket).replayed) ++firsts;
  }
  CHECK(firsts == 1);
  CHECK(alice.balance() == 70);
}

TEST_CASE("duplicates: none waits for ever when none can be executed") {
  Alice alice;
  alice.log.full = true;
  std::vector<Harness::Ticket> all;
  for (int i = 0; i < 5; ++i) all.push_back(alice.engine.submit(ask("alice", debit(30), "k1")));
  all.push_back(alice.engine.find_outcome("k1"));
  alice.engine.turns();
  CHECK(alice.engine.unanswered() == 0);
  for (std::size_t i = 0; i < 5; ++i) CHECK(alice.engine.outcome(all[i]).code == Code::log_full);
  CHECK(alice.engine.outcome(all[5]).code == Code::outcome_unknown);
}

TEST_CASE("duplicates: all of them late, all of them refused, and the key is free") {
  Alice alice;
  std::vector<Harness::Ticket> all;
  for (int i = 0; i < 5; ++i) all.push_back(alice.engine.submit(hurried(ask("alice", debit(30), "k1"))));
  alice.clock.advance(ns_per_s);
  alice.engine.turns();
  for (const auto ticket : all) CHECK(alice.engine.outcome(ticket).code == Code::deadline_exceeded);
  CHECK(alice.engine.call(ask("alice", debit(30), "k1")).code == Code::ok);
}

// A debit, and a refusal that isn't stored as long as `refuses`; then what it names goes into the box all the same.
struct Attempt final : Script {
  const bool& refuses;

  explicit Attempt(const bool& does_refuse) : refuses(does_refuse) {}
  void entities(std::vector<EntityRef>& out) const override { out.push_back({Wallet::kind_id, "alice"}); }
  Verdict run(Transaction& on) const override {
    if (const Step paid = tote::run<Wallet>(on, "alice", Wallet::Debit{{30}}); paid.refused()) return paid.verdict();
    if_refused<Box>(on, "attempts", Box::Put{1});
    return refuses ? Verdict{Code::too_many_attempts, {{FactName::retry_after_s, 7}}} : Verdict{};
  }
  void answer(Transaction& on, std::string& out) const override {
    on.look({Wallet::kind_id, "alice"})->answer({}, out);
  }
  void digest(std::string& out) const override { out.append("attempt"); }
};

struct Attempts : Fresh {
  bool refuses = true;

  Attempts() : Fresh(options()) {
    engine.call(ask("alice", open()));
    engine.call(ask("alice", credit(100)));
  }
  static CoreOptions options() {
    CoreOptions options;
    options.kinds = {kind_of<Wallet>(), kind_of<Box>()};
    return options;
  }
  Request attempt(std::string key = {}) const {
    Request request{.kind = Wallet::kind_id, .entity = "alice", .key = std::move(key)};
    request.command = Command(ScriptPtr(std::make_unique<Attempt>(refuses)));
    return request;
  }
};

TEST_CASE("not stored: what a refused script leaves is on record before it is told, and its key is free") {
  Attempts all;
  const auto ticket = all.engine.submit(all.attempt("k1"));
  all.engine.turns();
  CHECK_FALSE(all.engine.is_answered(ticket));
  all.engine.sync();
  const Outcome refused = all.engine.outcome(ticket);
  CHECK(refused.code == Code::too_many_attempts);
  CHECK(refused.facts.find(FactName::retry_after_s) == 7);
  CHECK_FALSE(refused.replayed);
  all.log.for_each([](Lsn lsn, const wal::Record& record) {
    if (lsn < Lsn{3}) return;
    CHECK(record.code == Code::ok);
    CHECK(record.key.empty());
    REQUIRE(record.changes.size() == 1);
    CHECK(record.changes[0].entity == "attempts");
  });
  CHECK(all.log.last() == Lsn{3});
  CHECK(all.engine.call(all.attempt("k1")).code == Code::too_many_attempts);
  CHECK(all.engine.call(all.attempt()).code == Code::too_many_attempts);
  CHECK(all.engine.call(request<Box>("attempts")).answer == "3");
  CHECK(field(all.engine.call(look("alice")), "balance") == 100);

  Harness again(all.log, all.clock, Attempts::options());
  CHECK(again.call(request<Box>("attempts")).answer == "3");
  all.refuses = false;
  const Outcome executed = again.call(all.attempt("k1"));
  CHECK(executed.code == Code::ok);
  CHECK_FALSE(executed.replayed);
  CHECK(field(executed, "balance") == 70);
  CHECK(again.call(request<Box>("attempts")).answer == "3");
}

TEST_CASE("not stored: those who wait behind such a refusal are each asked for themselves") {
  Attempts all;
  std::vector<Harness::Ticket> tickets;
  for (int i = 0; i < 3; ++i) tickets.push_back(all.engine.submit(all.attempt("k1")));
  for (int i = 0; i < 4; ++i) all.engine.turns(), all.engine.sync();
  for (const auto ticket : tickets) CHECK(all.engine.outcome(ticket).code == Code::too_many_attempts);
  CHECK(all.engine.call(request<Box>("attempts")).answer == "3");
}

// "Never executed" must not be said of a key while one who asked for it before is about to be executed.
TEST_CASE("duplicates: a question that came after them waits for the one that takes the first's place") {
  Alice alice;
  alice.engine.submit(hurried(ask("alice", debit(30), "k1")));
  const auto waiting = alice.engine.submit(ask("alice", debit(30), "k1"));
  const auto question = alice.engine.find_outcome("k1");
  alice.clock.advance(ns_per_s);
  alice.engine.turns();
  alice.engine.sync();
  CHECK(alice.engine.outcome(waiting).code == Code::ok);
  CHECK(told(alice.engine.outcome(question)) == told(alice.engine.outcome(waiting)));
}

TEST_CASE("duplicates: the one that waited longest takes the first's place") {
  Alice alice;
  alice.engine.submit(hurried(ask("alice", debit(30), "k1")));
  const auto older = alice.engine.submit(ask("alice", debit(30), "k1"));
  const auto newer = alice.engine.submit(ask("alice", debit(30), "k1"));
  alice.clock.advance(ns_per_s);
  alice.engine.turns();
  alice.engine.sync();
  CHECK_FALSE(alice.engine.outcome(older).replayed);
  CHECK(alice.engine.outcome(newer).replayed);
}

}  // namespace
}  // namespace tote
